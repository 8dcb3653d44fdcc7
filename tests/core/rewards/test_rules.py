"""Rules as declared: what the file says, what is refused, and formulas made from the entries."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.catalog import DefinitionError, Label
from core.parameters import parameters
from core.rewards import rules as declared
from core.rewards.rules import red_lines, rules

D = Decimal


def test_twelve_rules_in_their_order() -> None:
    assert [rule.number for rule in rules().values()] == [f"W{n}" for n in range(1, 13)]


def test_every_parameter_a_rule_names_is_declared() -> None:
    known = parameters()
    assert {name for rule in rules().values() for name in rule.parameters} - set(known) == set()


def shipped(name: str, period: int = 202512) -> Decimal | None:
    return [one.value for one in parameters()[name].values if one.since <= period][-1]


def test_the_printed_ratios_are_what_ships() -> None:
    assert (shipped("saving_reward_low"), shipped("saving_reward_high")) == (D("0.10"), D("0.20"))
    assert shipped("drg_reward_ratio") == D("0.30")
    assert shipped("it_fund_ratio") == D("0.30")
    assert shipped("project_saving_rate") == D("0.10")
    assert (shipped("lump_head_low"), shipped("lump_head_high")) == (D("0.05"), D("0.10"))
    assert (shipped("insurer_retention", 202312), shipped("insurer_retention")) == (D("0.30"), D("0.50"))
    assert shipped("insurer_bonus") == D("0.03")
    assert shipped("alert_case_growth") == D("0.05")
    assert shipped("theatre_dept_ratio") is None  # the source names no ratio, so nobody decided it


def values() -> dict[str, tuple[Label, Decimal | None, str]]:
    return {name: (one.label, shipped(name), one.unit) for name, one in parameters().items()}


def test_a_formula_is_made_from_the_entry() -> None:
    w1 = rules()["w1"]
    assert w1.formula("zh", values()) == (
        "奖励 = max(0, 累计预算 − 累计实际) × 节约奖励比例 15%（10%–20%） × "
        "Π红线（并发症率 患者满意度 医保违规（已核实）；达标 1，未达标 0，缺数待定）"
    )
    assert w1.formula("en", values()).startswith(
        "reward = max(0, cumulative budget − cumulative actual) × Share of the saving 15% (10%–20%) × red lines"
    )
    tried = {**values(), "saving_reward_ratio": (Label("节约奖励比例", "Share"), D("0.125"), "percent")}
    assert "12.5%" in w1.formula("zh", tried)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [f"w{n}" for n in range(1, 13)])
def test_every_rule_has_a_formula_without_gaps(name: str, lang: str) -> None:
    said = rules()[name].formula(lang, values())
    assert said and "{" not in said and "_" not in said


def test_an_undecided_ratio_is_said() -> None:
    assert "未定" in rules()["w6"].formula("zh", values())


def test_a_wrong_entry_is_refused_with_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (declared.DEFINITIONS / "rewards.yaml").read_text(encoding="utf-8")
    broken = text.replace("red_lines: [complication, satisfaction", "red_lines: [complaint, satisfaction")
    (tmp_path / "rewards.yaml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(declared, "DEFINITIONS", tmp_path)
    declared.definition.cache_clear()
    try:
        with pytest.raises(
            DefinitionError, match=r"rewards.yaml, w1: 'complaint'; allowed are \['complication'"
        ):
            declared.definition()
    finally:
        declared.definition.cache_clear()


def test_red_lines_name_a_metric_or_are_counted() -> None:
    assert {name: line.metric for name, line in red_lines().items()} == {
        "complication": "complications", "satisfaction": "satisfaction", "compliance": "",
    }  # fmt: skip
