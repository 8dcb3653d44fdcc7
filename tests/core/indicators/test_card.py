"""Targets, weights, the card with its coverage, and the oncology case as data."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.indicators.card import Card, Line, card_of, place
from core.indicators.define import arrows, indicators, objectives, perspectives
from core.indicators.score import light, score, weighted
from core.indicators.targets import Target, TargetError, set_targets, smart, strategies, targets
from core.indicators.weights import WeightError, Weights, set_weights, versions, weights
from core.settings import get_settings
from core.store import Store
from tests.small import D

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def test_136_indicators_in_four_perspectives_with_words_in_both_languages() -> None:
    found = indicators()
    assert [sum(one.perspective == name for one in found.values()) for name in perspectives()] == [
        48,
        24,
        42,
        22,
    ]
    assert sum(one.weight for one in perspectives().values()) == 100
    for one in found.values():
        assert one.formula("zh") and one.formula("en") and one.needs()
        assert not any("一" <= sign <= "鿿" for sign in one.formula("en")), one.code
    assert sorted(code for code, one in found.items() if one.first) == sorted(
        [
            "F01",
            "F03",
            "F07",
            "F08",
            "F09",
            "F18",
            "F33",
            "F34",
            "F39",
            "F42",
            "F43",
            "C01",
            "C05",
            "C07",
            "C08",
            "C13",
            "C14",
            "C15",
            "P01",
            "P02",
            "P05",
            "P15",
            "P16",
            "P19",
            "P23",
            "P25",
            "P29",
            "P31",
            "L03",
            "L04",
            "L11",
            "L12",
            "L17",
        ]
    )
    assert found["F03"].switch == ("F04", "F05") and found["F01"].switch == ("F02",)


def test_formulas_are_made_from_what_computes() -> None:
    assert indicators()["F04"].formula("zh") == (
        "百元医疗收入消耗卫生材料B（不含药品收入） = 卫生材料费 ÷ (医疗收入 − 药品收入) × 100"
    )
    assert indicators()["F15"].formula("en") == (
        "Growth of charge per visit = (outpatient income ÷ visits) ÷ the same months last year − 1"
    )


def test_arrows_lead_upwards_and_every_objective_has_indicators() -> None:
    order = list(perspectives())
    for cause, effect in arrows():
        assert order.index(objectives()[cause].perspective) > order.index(objectives()[effect].perspective)
    used = {one.objective for one in indicators().values()}
    assert used == set(objectives())
    assert all(indicators()[one.lead].perspective == one.perspective for one in objectives().values())


def test_published_linear_scores_and_weights() -> None:
    """NICE inContact: ((worst - actual) / (worst - best)) x weight, clamped (help.incontact.com, Scorecard Calculations);
    BSC Designer: 50 on 0..200 is 25 %, weights 3/3/4 of 0.25, 0.5, 1 give 0.625 (bscdesigner.com manual)."""
    for worst, best, actual, weight, points in ((65, 100, 86, 40, 24), (600, 200, 300, 60, 45)):
        better = "higher" if best > worst else "lower"
        ours = score(better, D(str(actual)), D(str(worst)), D(str(best)))
        assert (
            ours is not None and (ours - 60) / 40 * weight == points
        )  # the part above the baseline is theirs
    held = weighted([(D("3"), D("25")), (D("3"), D("50")), (D("4"), D("100"))])
    assert held == (D("62.5"), 1)


def line(code: str, points: str | None, **more: object) -> Line:
    held = {"value": D("1"), "baseline": D("1"), "target": D("2"), "low": None, "high": None, **more}
    return Line("*", "*", "hospital", code, "main", None, None, None, None, score=points and D(points),
                status="none", reason=None, reason_of=None, **held)  # fmt: skip


def made(*found: Line, own: Weights | None = None) -> Card:
    shipped = Weights({one.name: Decimal(one.weight) for one in perspectives().values()})
    return card_of(found, own or shipped, "H1", 202501, "month", "*")


def test_total_by_weights_over_what_has_data_with_its_coverage() -> None:
    card = made(
        line("F01", "90"), line("F07", "60"), line("C01", "100"), line("P01", None), line("L03", "50")
    )
    assert [side.score for side in card.sides] == [75, 100, None, 50]
    assert [side.coverage for side in card.sides] == [1, 1, 0, 1]
    assert card.total == (30 * D("75") + 25 * 100 + 15 * 50) / 70
    assert card.coverage == D("0.70")
    own = Weights(
        {"financial": D("40"), "customer": D("60"), "process": D("0"), "learning": D("0")}, {"F01": D("3")}
    )
    card = made(line("F01", "90"), line("F07", "60"), line("C01", "100"), own=own)
    assert card.sides[0].score == D("82.5") and card.total == D("93")


def test_lights_have_their_bounds() -> None:
    assert [light(D(one)) for one in ("90", "89.99", "60", "59.99")] == ["green", "yellow", "yellow", "red"]
    assert light(None) == "none"


def test_targets_and_weights_are_settings_with_their_versions(tmp_path: Path) -> None:
    store = Store(tmp_path)
    oncology = strategies()[0]
    set_targets(store, "H1", oncology.targets, actor="finance", at=AT)
    held = get_settings(store, store.snapshot(), "H1")
    assert sorted(targets(held), key=lambda one: one.key) == sorted(oncology.targets, key=lambda one: one.key)
    assert all(smart(one) == () for one in oncology.targets)
    assert weights(held).perspectives["financial"] == 30
    for financial in ("35", "25"):
        own = {
            "financial": D(financial),
            "customer": D("25"),
            "process": D("60") - D(financial),
            "learning": D("15"),
        }
        set_weights(store, "H1", Weights(own), actor="finance", at=AT)
    kept = versions(get_settings(store, store.snapshot(), "H1"))
    assert [one.weights.perspectives["financial"] for one in kept] == [35, 25]
    with pytest.raises(WeightError, match="add up to 101"):
        set_weights(store, "H1", Weights({**own, "learning": D("16")}), actor="finance", at=AT)


def test_what_a_target_lacks_is_named() -> None:
    assert smart(Target("C01", 202501, target=D("90"))) == ("baseline", "date", "owner")
    assert smart(Target("P03", 202501, due=202512, owner="nursing")) == ("number",)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (Target("X99", 202501), "no indicator"),
        (Target("C01", 202513), "no month"),
        (Target("P03", 202501, low=D("0.9"), high=D("0.8")), "range"),
    ],
)
def test_targets_that_cannot_be_kept_are_refused(tmp_path: Path, wrong: Target, says: str) -> None:
    with pytest.raises(TargetError, match=says):
        set_targets(Store(tmp_path), "H1", [wrong], actor="finance", at=AT)


def test_a_department_has_its_place_among_its_class() -> None:
    def dept(code: str, points: str | None, kind: str = "clinical") -> Card:
        found = replace(line("C01", points), dept_code=code, dept_name=code, dept_class=kind)
        shipped = Weights({one.name: Decimal(one.weight) for one in perspectives().values()})
        return card_of([found], shipped, "H1", 202501, "month", code)

    listed = [
        dept("0402", "95"),
        dept("0301", "90", "technical"),
        dept("0401", "80"),
        dept("0404", "80"),
        dept("0403", "60"),
    ]
    found = place(listed, "0404")
    assert found is not None and (found.rank, found.peers, found.median) == (2, 4, 80)
    assert [one.dept_code for one in found.cards] == ["0402", "0401", "0404", "0403"]
    assert place(listed, "0999") is None and place([dept("0402", None)], "0402") is None


def test_every_shipped_set_has_targets_of_departments_and_years_of_its_own() -> None:
    for one in strategies():
        assert {aim.dept for aim in one.targets} == {"*", "*clinical", "*technical"}, one.name
        assert all(not smart(aim) and not aim.unscored for aim in one.over(202401, 202612))
        assert {(aim.since, aim.due) for aim in one.over(202401, 202612)} == {(202401, 202612)}
