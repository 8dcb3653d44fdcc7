"""The target page as people use it: draft, grid, helper, limits, saving, comparing, putting in force, empty."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st

from core.budget.targets import in_force, save, versions
from core.budget.tree import Tree
from core.catalog import catalog
from core.derived import refresh
from core.store import Store
from pages._ui.targets.breakdown import edited
from tests.pages.reading import opened, sound
from tests.pages.small import DEPARTMENTS, HOSPITAL, allocated, copied, small_store
from tests.pages.test_execution import bring

PAGE = "budget/targets"
AT = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
DEPTS = [(code, kind) for code, _, kind, _ in DEPARTMENTS]
ITEMS = catalog().names("cost_items")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return copied(whole_year, tmp_path / "data")


def whole_year(root: Path, work: Path) -> Store:
    """All of 2025: small_store's February and March, and ten more months of one department."""
    made = small_store(root)
    line = {
        "dept_code": "0402",
        "dept_name": "骨科病区",
        "item_name": "药品费",
        "fund_source": "own",
        "amount": Decimal(200000),
    }
    months = {202500 + m: [line] for m in range(1, 13) if m not in (2, 3)}
    bring(made, work, "ledger_cost", "rest", months, 7)
    refresh(made, made.snapshot(), workers=0)
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("step", ["breakdown", "helper", "limits", "versions"])
def test_every_step_opens(step: str, lang: str, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    words = sound(opened(PAGE, lang, step=step), caplog)
    assert {"zh": "2026 年成本目标", "en": "Cost target for 2026"}[lang] in words
    assert {"zh": "由编制助手按默认参数生成", "en": "made by the helper"}[lang] in words


@pytest.mark.parametrize("query", [{"branch": "clinical"}, {"branch": "clinical", "unit": "0402"},
                                   {"branch": "clinical", "unit": "0402", "line": "drugs"}])  # fmt: skip
def test_each_level_adds_up_to_the_fen(
    query: dict[str, str], store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert "，差 0.00 元" in sound(opened(PAGE, **query), caplog)


def test_saving_keeps_a_version_and_a_name_is_used_once(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    at = opened(PAGE, step="versions")
    at.text_input[0].set_value("目标一")
    next(one for one in at.button if one.label == "保存").click()
    at = at.run()
    sound(at, caplog)
    (held,) = versions(store, HOSPITAL, 2026, DEPTS, ITEMS)
    assert (held.number, held.name) == (1, "目标一") and held.tree.fen() > 0
    at.text_input[0].set_value("目标一")
    next(one for one in at.button if one.label == "保存").click()
    assert "已经有名为“目标一”的版本" in sound(at.run(), caplog)


def test_a_saved_version_is_the_draft_of_the_next_visit(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    tree = Tree.of(2026, DEPTS, ITEMS, {"0402": {"drugs": [10_000_00] * 12}})
    save(store, HOSPITAL, tree, "手工", by="a", at=AT)
    words = sound(opened(PAGE), caplog)
    assert "2026 年成本目标 12.0 万元" in words and "草稿取自最近保存的版本" in words
    assert in_force(store, store.snapshot(), HOSPITAL) == {}


def test_a_year_that_is_not_complete_cannot_be_planned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    allocated(tmp_path / "data")
    assert "2025 年的十二个月还不全" in sound(opened(PAGE), caplog)


def test_an_empty_warehouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "none"))
    assert "No data yet" in sound(opened(PAGE, "en"), caplog)


def edit(monkeypatch: pytest.MonkeyPatch, **cells: float | bool | None) -> None:
    """The grid as a person leaves it: the first row with these cells."""

    def editor(frame: pd.DataFrame, **_: object) -> pd.DataFrame:
        made = frame.copy()
        for column, value in cells.items():
            made.loc[made.index[0], column] = value
        return made

    monkeypatch.setattr(st, "data_editor", editor)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_emptied_target_is_told_and_changes_nothing(
    lang: str, store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(monkeypatch, target=float("nan"), locked=True)
    words = sound(opened(PAGE, lang), caplog)
    assert {"zh": "的目标是空的，草稿没有改动", "en": "is empty; the draft was not changed"}[lang] in words


def test_half_a_fen_of_a_target_is_rounded_away_from_zero() -> None:
    tree = Tree.of(2026, DEPTS, ITEMS, {"0402": {"drugs": [10_000_00] * 12}})
    (node,) = [one for one in tree.children(()) if one.fen]
    was = {"target": 12.0, "locked": False}
    for typed, fen in ((12.3456665, 12_345_667), (12.3456675, 12_345_668)):
        found = edited(tree, [node], [was], [{"target": typed, "locked": False}], False)
        assert found.fen(node.path) == fen
