"""The forecast page as people read it: the sentence, the models beside naive, decisions with reasons, what is lacking."""

from __future__ import annotations

import logging
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from core.forecasting import Target, answer
from core.store import Store
from core.warehouse import open_warehouse
from pages._ui import format
from pages._ui.board import Board, Dept
from pages._ui.forecast.book import picture, workbook
from pages._ui.forecast.choose import Choice
from pages._ui.forecast.picture import rows
from pages._ui.frame import Page
from tests.fixtures.forecast_store import long_store
from tests.pages.small import small_store

PAGE = Path(__file__).parents[2] / "pages" / "budget" / "forecast.py"
KEY = re.compile(r"\b(?:forecast|compare|filter|rule|unit|role)\.[a-z_]+")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forecast_page")
    long_store(folder / "data")
    return folder / "data"


@pytest.fixture
def store(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COSTWARD_DATA", str(data))
    return data


def opened(lang: str = "zh", **query: str) -> AppTest:
    at = AppTest.from_file(str(PAGE), default_timeout=120)
    at.query_params["lang"] = lang
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


def read(at: AppTest, caplog: pytest.LogCaptureFixture) -> str:
    """No trace, no error state, no key without words; what can be read."""
    assert not at.exception
    problems = [
        one for one in caplog.records if one.levelno >= logging.ERROR and one.name.startswith("costward")
    ]
    assert not problems, [one.getMessage() for one in problems]
    found = [
        one.value for kind in ("markdown", "caption", "warning", "error", "info") for one in at.get(kind)
    ]
    found += [one.label for kind in ("button", "selectbox", "text_input") for one in at.get(kind)]
    found += [f"{one.label} {one.value}" for one in at.metric]
    words = "\n".join(map(str, found))
    assert not KEY.search(words), KEY.search(words)
    return words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_warehouse_says_what_to_bring(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    assert {"zh": "还没有数据", "en": "No data yet"}[lang] in read(opened(lang), caplog)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("look", ["models", "why", "decide", "departments", "months"])
def test_every_view_opens_with_words(
    lang: str, look: str, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = read(opened(lang, look=look, measure="cost_drugs"), caplog)
    assert {"zh": "全院药品费未来 12 个月预计", "en": "Whole hospital, Drugs"}[lang] in words
    assert {"zh": "沿用去年同月", "en": "repeating last year's months"}[lang] in words
    expected = {
        "models": {"zh": "共 2 个起点", "en": "2 starting points"},
        "why": {"zh": "每月", "en": "a month"},
        "decide": {"zh": "系统只提示", "en": "never removed by the program"},
        "departments": {
            "zh": "2 个科室与全院一起预测并调平",
            "en": "2 departments and the hospital are forecast together",
        },
        "months": {"zh": "逐月明细", "en": "Month by month"},
    }[look][lang]
    assert expected in words


def test_worse_than_naive_and_too_little_data_are_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Two months of history: the last value, and why no more."""
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    small: Store = small_store(tmp_path / "data")
    from core.derived import refresh

    refresh(small, small.snapshot(), workers=0)
    words = read(opened(), caplog)
    assert (
        "数据不足：只有 2 个月历史" in words
        and "没有做过回测" in words
        and "各方法无从比较" in words
        and "沿用最近一个月" in words
    )
    assert "没有诊次" not in words
    nothing = read(opened(measure="visits"), caplog)
    assert "没有门急诊人次的历史数据，无法预测。" in nothing


def test_a_ratio_has_no_departments_and_no_what_if(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = read(opened(measure="drug_share", dept="0402", look="departments"), caplog)
    assert "骨科病区药占比2025年7月预计为 44.4%" in words
    assert "不按科室相加" in words
    assert "情景：业务量" not in words


def test_a_what_if_is_labelled(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = read(opened(volume="10", price="-5"), caplog)
    assert "情景：业务量 +10%" in words and "价格 -5%" in words and "清除情景" in words


def test_excluding_a_month_needs_a_reason_and_changes_the_forecast(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    at = opened(measure="cost_drugs", dept="0402", look="decide")
    before = next(one.value for one in at.metric)
    button = next(one for one in at.button if one.label == "剔除这个月")
    button.click().run()
    assert "请写明原因。" in [one.value for one in at.warning]
    next(one for one in at.text_input if one.label == "原因（必填）").set_value("多写一个零")
    next(one for one in at.button if one.label == "剔除这个月").click().run()
    words = read(at, caplog)
    assert next(one.value for one in at.metric) != before
    assert "已剔除" in words or "撤回" in words


def test_a_ratio_shows_its_own_tries_and_has_no_regression(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = read(opened(measure="drug_share"), caplog)
    assert "共 2 个起点" in words and "不够做一次回测" not in words and "按提前期看回测" in words
    words = read(opened(measure="drug_share", look="why"), caplog)
    assert "没有单独的回归" in words and "历史少于 6 个月" not in words


def test_a_figure_that_never_changes_is_no_short_history(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = read(opened(measure="drug_share", dept="0402"), caplog)
    assert "预测与沿用去年同月都几乎没有误差" in words
    assert "没有做过回测" not in words and "更差" not in words


def test_only_what_means_something_is_asked_and_why(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    for measure, said, asked in (
        ("it_spend", "只设价格情景", {"情景：价格"}),
        ("visits", "是数量，不随价格变动", {"情景：业务量"}),
        ("headcount", "人数不随业务量或价格自动变动", set()),
        ("drg_balance", "结余是收入与成本之差", set()),
        ("cost_depreciation", "不随业务量与价格变动", set()),
        ("drug_share", "请在药品收入、医疗收入上设", set()),
        ("cost", "", {"情景：业务量", "情景：价格"}),
    ):
        at = opened(measure=measure, volume="10", price="10")
        assert said in read(at, caplog)
        assert {one.label for one in at.selectbox if one.label.startswith("情景")} == asked


def test_a_department_that_closed_says_so(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = read(opened(measure="cost", dept="0301", look="months"), caplog)
    assert "检验科成本的数据止于2024年8月，此后没有发生，按停用处理" in words
    assert "历次回测" not in words.split("###")[1].split("\n")[1]


def test_parts_are_shown_beside_the_whole(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    words = read(opened(measure="cost", look="parts"), caplog)
    assert "7 个分项各自预测" in words and "没有强制一致" in words
    assert "分项合计" not in str(opened(measure="visits", look="parts").get("button_group"))


def test_nothing_is_kept_while_a_what_if_is_on(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    at = opened(measure="cost_materials", look="decide")
    at = opened(measure="cost", look="decide", price="30")
    assert "情景打开时不能留存" in read(at, caplog)
    assert not [one for one in at.button if one.label == "留存当前预测"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("9e999999", "请输入数字。"), ("1e20", "金额太大"), ("nan", "请输入数字。"), ("", "请输入数字。")],
)
def test_an_amount_that_cannot_be_is_refused(
    typed: str, said: str, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    at = opened(measure="cost_staff", dept="0401", look="decide")
    next(one for one in at.text_input if one.label.startswith("调整为")).set_value(typed)
    [one for one in at.text_input if one.label == "原因（必填）"][-1].set_value("试")
    next(one for one in at.button if one.label == "保存调整").click().run()
    assert said in read(at, caplog)
    assert "1 个科室" not in read(at, caplog)


def test_a_broken_adjustment_does_not_stop_the_page_and_finals_that_differ_are_said(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from datetime import UTC, datetime

    from core.forecasting import decisions
    from core.journal import journal

    book, target, at = (
        journal(Store(store)),
        Target("cost_staff", "0401"),
        datetime(2025, 7, 1, tzinfo=UTC),
    )
    key = f"{target.key}|202508"
    broken = {"period": 202508, "value": "1E+40", "reason": "试", "off": False}
    book.add("H1", [(decisions.ADJUSTMENT, key, broken)], by="王会计", at=at)
    for dept in ("", "0401"):
        read(opened(measure="cost_staff", dept=dept), caplog)
    words = read(opened(measure="cost_staff", dept="0401", look="decide"), caplog)
    assert "金额无法读取，未生效" in words
    decisions.decide(book, "H1", target, decisions.ADJUSTMENT, 202508, reason="新增两名医师", by="王会计", at=at,
                     value=Decimal("90000.004"))  # fmt: skip
    assert decisions.decisions(book, "H1", target).adjusted[202508].value == Decimal("90000.00")
    words = read(opened(measure="cost_staff", look="departments"), caplog)
    assert "骨科门诊调整后" in words and "科室最终之和" in words
    decisions.decide(
        book, "H1", target, decisions.ADJUSTMENT, 202508, reason="撤", by="王会计", at=at, off=True
    )


def test_a_forecast_is_kept(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    at = opened(measure="cost_staff", look="decide")
    assert "还没有留存的预测。" in read(at, caplog)
    next(one for one in at.button if one.label == "留存当前预测").click().run()
    assert "还没有留存的预测。" not in read(at, caplog)


def test_what_to_order_is_said_from_the_stock(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    at = opened(measure="cost_drugs", dept="0403", look="months")
    assert "采购建议" in read(at, caplog)
    next(one for one in at.text_input if one.label.startswith("现有库存")).set_value("10").run()
    read(at, caplog)
    told = {one.label: one.value for one in at.metric}
    assert {"3 个月需用", "安全库存", "现有库存", "现有可用", "建议采购"} <= set(told)
    need, safe, hand, order = (
        float(re.sub(r"[^0-9.]", "", told[name]))
        for name in ("3 个月需用", "安全库存", "现有库存", "建议采购")
    )
    assert hand == 10 and abs(need + safe - hand - order) < 0.21 and safe > 0
    assert "采购建议" not in read(opened(measure="income", look="months"), caplog)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_loaded_yet_is_named_with_its_template(
    lang: str, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = read(at := opened(lang, measure="energy_cost"), caplog)
    assert {"zh": "缺少数据：能耗 或 运营指标填报", "en": "Not loaded yet: Energy or"}[lang] in words
    assert {"zh": "指标名写作「总能耗支出」", "en": "“Energy expense”"}[lang] in words
    labels = [one.label for one in at.get("download_button")]
    assert len(labels) == 2 and all({"zh": "下载模板", "en": "Template"}[lang] in one for one in labels)


def test_it_is_forecast_for_three_years_and_said_by_year(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    words = read(opened(measure="it_spend"), caplog)
    assert "全院信息化投入未来 36 个月预计" in words and "2026 年 " in words and "2027 年 " in words
    assert "2028 年 " not in words.split("回测")[0]  # only its first half is forecast


def test_the_stock_that_was_reported_is_offered(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    at = opened(measure="stock_issued", look="months")
    words = read(at, caplog)
    assert "库存取自运营指标填报2025年6月" in words
    assert next(one.value for one in at.text_input if one.label.startswith("现有库存")) == "4.0029"
    assert next(one.value for one in at.metric if one.label == "现有库存").startswith("4.0")


def test_the_workbook_holds_what_the_page_shows_and_departments_add_up_in_it(store: Path) -> None:
    made = Store(store)
    found = answer(open_warehouse(made), "H1", Target("cost_drugs"), 12)
    depts = [Dept("0402", "骨科病区", "clinical"), Dept("0403", "肿瘤内科病区", "clinical")]
    board = Board("H1", "省肿瘤医院", snapshot="abc", departments=depts)
    page = Page("forecast", board, 202506, "medical", None, None, "last_year", "zh")
    book = openpyxl.load_workbook(BytesIO(workbook(page, found)()))
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    names = ["Forecast", "Actual", "Models", "Regression and drivers", "Departments"]
    assert list(sheets) == names  # nobody is signed in here, so the words are English
    ahead = [row for row in sheets["Forecast"] if str(row[0]).isdigit()]
    assert [row[0] for row in ahead] == [str(point.period) for point in found.points]
    assert [row[1] for row in ahead] == [float(point.mean) for point in found.points]
    assert all(row[4] <= row[2] <= row[1] <= row[3] <= row[5] for row in ahead)
    parts = sheets["Departments"][1:-1]
    for at, row in enumerate(ahead):
        assert sum(part[at + 1] for part in parts) == pytest.approx(row[1], abs=0.001)
        assert sheets["Departments"][-1][at + 1] == row[1]
    for row in sheets["Regression and drivers"][1:]:
        assert sum(row[1:-1]) == pytest.approx(row[-1])
    choice = Choice(found.target, 12, ("calendar",), Decimal(0), Decimal(0))
    shown = picture(page, found, rows(found, choice), format.yuan())()
    assert shown.startswith(b"\x89PNG") and len(shown) > 20_000
