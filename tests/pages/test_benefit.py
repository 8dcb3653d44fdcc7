"""Improvements as people write and read them: cases, calculator, price of an hour, revision, withdrawal, both languages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.benefit.book import kept
from core.export import Sheet
from core.journal import journal
from core.store import Store
from pages._ui import format
from pages._ui.benefit import panels
from pages._ui.charts import base
from pages._ui.charts.quadrants import _span, quadrants
from tests.pages.small import HOSPITAL
from tests.pages.test_scorecard import page, said, store

__all__ = ["store"]
KEY = re.compile(r"\b(?:benefit|rollout|scorecard|appraisal)\.[a-z_]+")


def examples(store: Store) -> AppTest:
    test = page("benefit")
    test.button(key="examples").click().run()
    assert not test.exception, test.exception
    return test


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["overview", "write"])
def test_every_word_is_found(lang: str, view: str, store: Store) -> None:
    empty = page("benefit", lang, view=view)
    assert not KEY.search(said(empty)), KEY.findall(said(empty))
    examples(store)
    full = said(page("benefit", lang, view=view))
    assert not KEY.search(full), KEY.findall(full)


def test_the_cases_are_reckoned_and_marked_as_cases(store: Store) -> None:
    """1.5 + 0.5 + 5 million of benefit; 0.51 + 0.25 + 0.82 of cost a year: 1.8 m / 5 + 0.15; 1.25 m / 5; 2.6 m / 5 + 0.3."""
    test = examples(store)
    text = said(test)
    assert "3 项改进每年效益 700.0 万元" in text and "年成本 158.0 万元" in text and "净得 542.0 万元" in text
    table = next(one.value for one in test.dataframe if "payback" in one.value)
    assert list(table["payback"])[1] == "2.5 年" and table["name"].str.endswith("（例）").all()
    assert "没有前后满意度数据，图上不画" in text


def test_the_calculator_shows_the_price_of_an_hour_at_once(store: Store) -> None:
    test = page("benefit", view="write")
    for name, value in (("volume", 100000.0), ("minutes", 3.0), ("hour", 300.0), ("once", 1250000.0)):
        next(one for one in test.number_input if str(one.key).startswith(f"{name}_0")).set_value(value)
    test.run()
    text = said(test)
    assert "100,000 次 × 3 分钟 ÷ 60 = 5,000.0 小时" in text and "每小时人工填 300.00 元" in text
    assert "等于每小时 **300.00 元**" in text and "等于一次性投入 **125.0 万元**" in text
    next(one for one in test.button if one.key == "benefit_save").click().run()
    assert any("请写项目名称" in one.value for one in test.warning)
    next(one for one in test.text_input if str(one.key).startswith("name_0")).set_value("检验提速").run()
    test.button(key="benefit_save").click().run()
    assert [one.what.name for one in kept(journal(store), HOSPITAL)] == ["检验提速"]


def test_a_revision_needs_a_reason_and_takes_the_mark_of_a_case_away(store: Store) -> None:
    examples(store)
    test = page("benefit", view="write")
    test.selectbox(key="which").set_value(2).run()
    test.button(key="benefit_save").click().run()
    assert any("请写明原因" in one.value for one in test.warning)
    next(one for one in test.text_input if str(one.key).startswith("why_2")).set_value("换成本院数字").run()
    test.button(key="benefit_save").click().run()
    assert not test.exception and [one.what.example for one in kept(journal(store), HOSPITAL)] == [
        True,
        False,
        True,
    ]


def test_the_workbook_holds_every_input(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made as the click makes it: the cases with their inputs, and a sheet of indicators before and after."""
    made: list[list[Sheet]] = []
    monkeypatch.setattr(panels, "table_workbook", lambda sheets: made.append(sheets) or b"")
    monkeypatch.setattr(panels.tables, "table", lambda *_, workbook=None, **__: workbook() and None)
    examples(store)
    first, second = made[0]
    row = dict(zip(first.headings, first.rows[0], strict=True))
    assert (row["每小时人工（元）"], row["年节省工时"], row["工时折价"]) == (300, 5000, 1500000)
    assert first.notes[1].startswith("效益与成本都是填报人写的数")
    assert [one[1] for one in second.rows] == ["C01", "L05", "P29", "C01", "L05", "C05", "C01", "L05", "P27"]


def test_the_picture_has_room_around_zero_and_the_area_is_the_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two improvements, one four times as costly: four times the area beyond the least one; zero lines within the frame."""
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(base, "draw", lambda spec, **_: drawn.append(spec) or base.Picks())
    rows = [
        {"label": name, "x": Decimal(x), "y": Decimal(y), "size": Decimal(size), "tone": "good", "text": ""}
        for name, x, y, size in (("a", 1000000, "3.5", 100000), ("b", 200000, "-1", 400000))
    ]
    corners = {"right top": "A", "right bottom": "B", "left top": "C", "left bottom": "D"}
    quadrants(
        rows, corners=corners, x_unit=format.money_unit([Decimal(1000000)]), x_title="x", y_title="y", alt="q"
    )
    assert drawn[0]["layer"] and '"title": "x"' in json.dumps({**drawn[0], "datasets": None})
    low, high = _span([100.0, 20.0], 0.2)
    assert low < 0 < 100 < high
    assert _span([-5.0], 0.2)[1] > 0
