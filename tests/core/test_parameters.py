"""Parameters: dated, the hospital's word over the shipped one, every change with a reason."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest

from core.batch import history, undo
from core.catalog import DefinitionError
from core.parameters import (
    ParameterError,
    held,
    load_parameters,
    parameters,
    set_parameter,
    timeline,
    value,
)
from core.settings import Settings, get_settings
from core.store import Store
from tests.readings import H, clock

LIMIT = "alert_static"
ENTRY = """parameters:
  - {name: a, unit: percent, status: sourced, source: x, label: {zh: 甲, en: A}, about: {zh: 甲, en: a},
     values: [{from: 202001, value: '0.10'}, {from: 202201, value: '0.15'}, {from: 202301, value: null}]}
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def settings(store: Store) -> Settings:
    return get_settings(store, store.snapshot(), H)


def test_a_value_holds_from_its_month_until_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.yaml").write_text(ENTRY, encoding="utf-8")
    made = load_parameters(tmp_path)
    monkeypatch.setattr("core.parameters.parameters", lambda: made)
    none = Settings(H)
    assert [value(none, "a", p) for p in (201912, 202001, 202112, 202201, 202212, 202301)] == [
        None, D("0.10"), D("0.10"), D("0.15"), D("0.15"), None,
    ]  # fmt: skip
    assert made["a"].group == "x" and made["a"].label.of("zh") == "甲"


def test_printed_limits_are_shipped() -> None:
    printed = {
        "alert_project_over": "0.10", "alert_static": "0.15", "alert_dynamic": "0.20", "alert_streak": "3",
        "alert_serious": "0.50", "alert_serious_initial": "0.60", "alert_case_growth_surgical": "0.08",
        "alert_case_growth": "0.05", "alert_drug_share_medicine": "0.40", "alert_drug_share": "0.30",
        "alert_refused": "0.02", "alert_readmission": "0.05", "alert_materials_sigma": "2",
        "alert_materials_peer": "1.3", "alert_group_cost": "0.20", "alert_price": "0.50", "alert_device": "60",
        "alert_response": "1", "alert_response_late": "24",
    }  # fmt: skip
    assert {name: value(Settings(H), name, 202501) for name in printed} == {
        name: D(text) for name, text in printed.items()
    }
    assert all(one.values[0].since <= 201801 for one in parameters().values() if one.group == "alerts")


def test_the_hospital_overrules_from_a_month_on_and_can_be_undone(store: Store) -> None:
    set_parameter(store, H, LIMIT, "0.12", 202503, why="委员会决定", actor="wang", at=clock(1))
    assert [value(settings(store), LIMIT, p) for p in (202502, 202503, 209912)] == [
        D("0.15"),
        D("0.12"),
        D("0.12"),
    ]
    set_parameter(store, H, LIMIT, D("0.1"), 202503, why="更正", actor="li", at=clock(2))
    set_parameter(store, H, LIMIT, None, 202601, why="重新讨论", actor="li", at=clock(3))
    now = settings(store)
    assert [(one.since, one.value, one.by, one.why) for one in timeline(now, LIMIT)] == [
        (201801, D("0.15"), "", ""), (202503, D("0.1"), "li", "更正"), (202601, None, "li", "重新讨论"),
    ]  # fmt: skip
    assert held(now, LIMIT, 202601).own and value(now, LIMIT, 202601) is None, "not decided is a word too"
    assert held(now, LIMIT, 201712) is None
    undo(store, history(store)[0].id, actor="li", at=clock(4))
    assert value(settings(store), LIMIT, 202601) == D("0.1")
    assert value(get_settings(store, store.snapshot(), "H2"), LIMIT, 202601) == D("0.15"), (
        "its own hospital only"
    )


@pytest.mark.parametrize(
    ("given", "since", "why", "reason"),
    [("a lot", 202501, "x", "number"), ("nan", 202501, "x", "number"), ("-0.1", 202501, "x", "bounds"),
     ("15", 202501, "x", "bounds"), ("0.1", 202513, "x", "month"), ("0.1", 2025, "x", "month"),
     ("0.1", 202501, "  ", "why")],
)  # fmt: skip
def test_what_cannot_be_set_says_why(store: Store, given: str, since: int, why: str, reason: str) -> None:
    with pytest.raises(ParameterError) as told:
        set_parameter(store, H, LIMIT, given, since, why=why, actor="a", at=clock(1))
    assert told.value.reason == reason
    assert told.value.text("zh") != told.value.text("en") and "{" not in told.value.text("zh")
    assert store.snapshot().id == "empty"


def test_a_choice_takes_only_its_choices(store: Store) -> None:
    with pytest.raises(ParameterError, match="from 0 to 1"):
        set_parameter(store, H, "alert_dynamic_way", "2", 202501, why="x", actor="a", at=clock(1))
    set_parameter(store, H, "alert_dynamic_way", "1", 202501, why="x", actor="a", at=clock(1))
    assert value(settings(store), "alert_dynamic_way", 202501) == 1
    with pytest.raises(KeyError):
        value(settings(store), "nobody_defined_this", 202501)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("unit: percent", "unit: barn", "barn"), ("status: sourced", "status: perhaps", "perhaps"),
     ("'0.10'", "lots", "no number"), ("from: 202001", "from: 202401", "in order"),
     ("source: x", "source: x, sauce: y", "sauce")],
)  # fmt: skip
def test_a_wrong_definition_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "x.yaml").write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError, match=said):
        load_parameters(tmp_path)
