"""The budget execution page as people read it: sentence, cards, views, three-way review, empty and partial."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.batch import Decisions, accept
from core.derived import refresh
from core.store import Store
from tests.pages.reading import opened, sound
from tests.pages.small import HOSPITAL, allocated, copied, read, small_store

PAGE = "budget/execution"
D = Decimal


def bring(
    store: Store, folder: Path, extract: str, name: str, rows: dict[int, list[dict[str, Any]]], n: int
) -> None:
    reading = read(folder, name, extract, rows)
    accept(
        store, reading, Decisions(sources={extract: name}), hospital=HOSPITAL, actor="t",
        at=datetime(2026, 1, 9, 9, n, tzinfo=UTC), original=None,
    )  # fmt: skip


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """February and March 2025 without a budget."""
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return allocated(tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return copied(budgeted, tmp_path / "data")


def budgeted(root: Path, work: Path) -> Store:
    """A budget for the year, its adjustment, an income budget, three contracts; January 2025 brought in too."""
    bare = small_store(root)
    cost = [("0401", "人员经费", "700000"), ("0402", "药品费", "2600000"), ("0403", "药品费", "1700000")]
    for n, (version, factor) in enumerate((("年初预算", "1"), ("年中调整", "0.9")), 1):
        rows = [
            {
                "dept_code": d,
                "item_name": i,
                "direction": "cost",
                "version": version,
                "amount": D(a) * D(factor),
            }
            for d, i, a in cost
        ]
        bring(bare, work, "budget", f"cost{n}", {202500: rows}, n)
    income = [
        {
            "dept_code": "0402",
            "item_name": "医疗收入",
            "direction": "income",
            "version": "年初预算",
            "amount": D(9000000),
        }
    ]
    bring(bare, work, "budget", "income", {202500: income}, 4)
    line = {
        "vendor": "甲公司",
        "project": "设备维保",
        "dept_code": "0402",
        "item_name": "药品费",
        "budget_year": 2025,
    }
    contracts = [
        {
            **line,
            "contract_no": "HT-1",
            "amount": D(100000),
            "signed": date(2025, 1, 5),
            "paid": D(120000),
            "paid_on": date(2025, 2, 1),
        },
        {**line, "contract_no": "HT-2", "amount": D(50000), "signed": date(2025, 2, 5)},
    ]
    bring(bare, work, "commit", "register", {0: contracts}, 5)
    january = [
        {
            "dept_code": "0402",
            "dept_name": "骨科病区",
            "item_name": "药品费",
            "fund_source": "own",
            "amount": D(200000),
        }
    ]
    bring(bare, work, "ledger_cost", "january", {202501: january}, 6)
    refresh(bare, bare.snapshot(), workers=0)
    return bare


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_how_far_the_budget_is_and_what_hurts(
    lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    at = opened(PAGE, lang, period="202503")
    words = sound(at, caplog)
    # 4,500,000 in force; 632,345.61 in February and in March, 200,000 in January; 26 % of 0402's 2,340,000 went in Q1
    wanted = {
        "zh": "截至3月，成本累计执行 146.5 万元，执行率 32.5%",
        "en": "By the end of Mar, cost stands at 1.5 million yuan, 32.5% of the year's budget",
    }
    assert wanted[lang] in words
    assert {
        "zh": "比时间进度（按月份）快 7.5 个百分点",
        "en": "7.5 percentage points ahead of time (by months)",
    }[lang].lower() in words.lower()
    assert {"zh": "没有对应预算", "en": "without a budget"}[lang] in words
    labels = {one.label: str(one.value) for one in at.metric}
    assert labels[{"zh": "累计执行率", "en": "Execution rate"}[lang]].startswith("32.5%")
    assert len(labels) == 5


@pytest.mark.parametrize("query", [
    {"direction": "income"}, {"basis": "days"}, {"basis": "season"}, {"by": "cell"}, {"by": "item"}, {"item": "drugs"},
    {"dept": "0402"}, {"class": "clinical"}, {"period": "202501"}, {"direction": "income", "item": "drugs"},
])  # fmt: skip
def test_every_choice_opens(query: dict[str, str], store: Store, caplog: pytest.LogCaptureFixture) -> None:
    sound(opened(PAGE, **{"period": "202503", **query}), caplog)


def test_the_three_way_review_lists_the_breach(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    words = sound(opened(PAGE, period="202503", tab="review"), caplog)
    assert "2025 年 2 份合同，签约 15.0 万元，已付 12.0 万元；**1 处不合规**，1 份合规。" in words


def test_versions_and_the_adjustment_rate(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert "**调整率 10.0%**" in sound(opened(PAGE, period="202503", tab="versions"), caplog)
    assert "只有一个版本" in sound(opened(PAGE, period="202503", tab="versions", direction="income"), caplog)


@pytest.mark.parametrize(("lang", "first"), [("zh", 1), ("en", 1), ("zh", 2)])
def test_a_budget_of_some_months_is_not_held_against_the_year(
    lang: str, first: int, bare: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = {"dept_code": "0402", "item_name": "药品费", "direction": "cost", "amount": D(200000)}
    bring(bare, tmp_path, "budget", "months", {202500 + m: [line] for m in range(first, 4)}, 1)
    cost = {"dept_code": "0402", "item_name": "药品费", "fund_source": "own", "amount": D(200000)}
    bring(bare, tmp_path, "ledger_cost", "january", {202501: [cost]}, 2)
    refresh(bare, bare.snapshot(), workers=0)
    words = sound(opened(PAGE, lang, period="202503"), caplog)
    months = 4 - first
    assert {
        "zh": f"2025 年成本预算只覆盖 12 个月中的 {months} 个月",
        "en": f"cost budget of 2025 covers {months} of 12 months",
    }[lang] in words
    assert {"zh": "执行率 None", "en": "None of the year"}[lang] not in words
    # with January not budgeted, nothing can be said to date either
    assert ("同期预算 60.0 万元" in words or "budgeted to date are 600.0 thousand yuan" in words) == (
        first == 1
    )


def test_without_a_budget_it_says_what_to_bring(bare: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert "2025 年还没有导入成本预算" in sound(opened(PAGE, period="202503"), caplog)


def test_an_empty_warehouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "none"))
    words = sound(opened(PAGE, "en"), caplog)
    assert "No data yet" in words and "Contracts and payments" in words


@pytest.mark.parametrize(
    "key", ["execution_message_why", "cards_0_why", "cards_2_why", "cards_3_why", "cards_4_why"]
)
def test_a_figure_opens_down_to_its_rows(key: str, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = opened(PAGE, period="202503", dept="0402")
    at.button(key=key).click()
    words = sound(at.run(), caplog)
    assert "预算按直接成本编制，实际取“医疗成本”口径" in words
    drawn = next(one.value for one in at.dataframe if "file" in one.value.columns)
    assert {"预算", "实际"} == set(drawn["part"]) and "cost2" in set(drawn["file"])
