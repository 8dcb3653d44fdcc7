"""Months and dates in every form real exports use; quarters and bare years are refused with a reason."""

from datetime import date, datetime

import pytest

from core.amount import Unreadable
from core.period import When, find_when, parse_date, parse_moment, parse_month, parse_period, read_when

MONTHS = {
    "201610": 201610,
    "201610.0": 201610,
    "２０１６１０": 201610,
    "2016-10": 201610,
    "2016/10": 201610,
    "2016-1": 201601,
    "2016.01": 201601,
    "2016年10月": 201610,
    "2016年 1 月份": 201601,
    "2016年十月": 201610,
    "16年10月": 201610,
    "2016/10/31": 201610,
    "2016-10-31": 201610,
    "2016-10-31 00:00:00": 201610,
    "2016-10-31T12:30:00": 201610,
    "2016年10月31日": 201610,
    "20161031": 201610,
    "42005": 201501,
    "42005.0": 201501,
    "42034.5": 201501,
    "Jan-97": 199701,
    "June, 1997": 199706,
    "2025 Mar": 202503,
    " 201610\t": 201610,
}
REFUSED = {
    "2016年第3季度": "period_quarter",
    "2016Q3": "period_quarter",
    "三季度": "period_quarter",
    "2016年上半年": "period_quarter",
    "2016年1-3月": "period_quarter",
    "2016": "period_year",
    "2016年度": "period_year",
    "10月": "period_no_year",
    "十月": "period_no_year",
    "2016.1": "period_text",  # October that lost its zero, or January: nobody can tell
    "201613": "period_text",
    "合计": "period_text",
    "12345.6元": "period_text",
    "#REF!": "cell_error",
    "188810": "period_text",
}


@pytest.mark.parametrize(("text", "period"), MONTHS.items())
def test_months_are_read(text: str, period: int) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_what_is_not_one_month_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_period(text)
    assert caught.value.code == code


def test_a_bare_month_takes_the_year_of_its_title_and_a_budget_may_be_for_a_year() -> None:
    assert parse_period("10月", year=2016) == 201610
    assert parse_period("十二月", year=2016) == 201612
    assert parse_period("2016年度", whole_year=True) == 201600
    assert parse_period("2016", whole_year=True) == 201600
    assert [parse_month(text) for text in ("3", "03", "3.0", "3月", "三月")] == [3, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("XX医院2025年3月科室成本明细表", When("month", 2025, 3)),
        ("202503科室成本.xlsx", When("month", 2025, 3)),
        ("科室成本_2025-03.xlsx", When("month", 2025, 3)),
        ("科室成本2025-03(更正).xls", When("month", 2025, 3)),
        ("会计期间：2025-03-01 至 2025-03-31", When("month", 2025, 3)),
        ("3月", When("month_only", 0, 3)),
        ("2025年度科室成本（3月）", When("month", 2025, 3)),
        ("2025年1-3月累计", When("span", 2025)),
        ("2025年3-3月", When("month", 2025, 3)),
        ("2025年科室预算", When("year", 2025)),
        ("2025年第一季度", When("quarter", 2025)),
        ("科室成本 2024", When("year", 2024)),
        ("打印日期：2025-04-02", None),
        ("科室成本", None),
        ("Sheet1", None),
        ("电话 20250331123", None),
    ],
)
def test_titles_and_names_may_carry_the_month(text: str, when: When | None) -> None:
    assert find_when(text) == when


def test_the_clock_does_not_run_into_the_day() -> None:
    assert parse_date("2025/3/1 12:31") == parse_date("2025-3-1T12:31:05") == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("2025/3/1 12:31", (12, 31, 0)), ("2025-03-01 08:30:15", (8, 30, 15)), ("2025-03-01T08:30:15.250", (8, 30, 15)),
     ("20250301083015", (8, 30, 15)), ("202503010830", (8, 30, 0)), ("45717.75", (18, 0, 0)), ("2025-03-01", (0, 0, 0)),
     ("2025/3/1 1:05:33 PM", (13, 5, 33)), ("2025年3月1日 8:05", (8, 5, 0))],
)  # fmt: skip
def test_moments_are_read_to_the_second(text: str, clock: tuple[int, int, int]) -> None:
    assert parse_moment(text) == datetime(2025, 3, 1, *clock)


@pytest.mark.parametrize("text", ["2025-03-01 25:00", "2025/2/30 8:00", "8:30", "#VALUE!"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_moment(text)


def test_dates_are_read_whatever_their_clothes() -> None:
    wanted = date(2025, 3, 31)
    texts = ("2025-03-31", "2025/3/31", "2025.03.31", "2025年3月31日", "20250331", "20250331102233", "45747",
             "2025-03-31 10:22:33", "2025/3/31 8:05", "２０２５－０３－３１")  # fmt: skip
    assert [parse_date(text) for text in texts] == [wanted] * len(texts)
    for text, code in {
        "2025-02-30": "date_text",
        "昨天": "date_text",
        "#VALUE!": "date_error",
        "5": "date_text",
    }.items():
        with pytest.raises(Unreadable) as caught:
            parse_date(text)
        assert caught.value.code == code


def test_a_serial_number_is_a_day_only_within_a_century() -> None:
    assert read_when("42005") == When("month", 2015, 1)
    assert read_when("12345") is None
    assert read_when("99999") is None
