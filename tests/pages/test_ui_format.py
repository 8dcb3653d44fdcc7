"""Figures as people read them, in both languages."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from pages._ui import format, text
from pages._ui.format import Unit


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(text, "lang", lambda: request.param)
    monkeypatch.setattr(format, "lang", lambda: request.param)
    return request.param


def test_money_alone_takes_the_unit_that_reads_best(lang: str) -> None:
    said = [format.money(Decimal(x)) for x in ("128000000", "5160000", "999.5", "-42000")]
    if lang == "zh":
        assert said == ["1.28 亿元", "516.0 万元", "999.50 元", "-4.2 万元"]
    else:
        assert said == ["128.0 million yuan", "5.2 million yuan", "999.50 yuan", "-42.0 thousand yuan"]


def test_int_is_fen_and_decimal_is_yuan(lang: str) -> None:
    unit = format.yuan()
    assert unit.text(1234560) == unit.text(Decimal("12345.60")) == "12,345.60"


def test_one_unit_for_a_page_is_chosen_by_its_largest_amount(lang: str) -> None:
    unit = format.money_unit([Decimal("128000000"), Decimal("40000"), None])
    assert [unit.text(Decimal(x)) for x in ("128000000", "40000")] == (
        ["12,800.0", "4.0"] if lang == "zh" else ["128.0", "0.0"]
    )


def test_the_axis_never_shows_ten_digits(lang: str) -> None:
    for whole in ("99999", "12345678", "9876543210", "500000000000"):
        shown = format.money_unit([Decimal(whole)]).text(Decimal(whole)).partition(".")[0]
        assert len(shown.replace(",", "")) <= 6


def test_rounding_is_half_up_and_never_minus_nil() -> None:
    assert format.number(decimals=1).text(Decimal("0.25")) == "0.3"
    assert format.number(decimals=1).text(Decimal("-0.04"), signed=True) == "0.0"


def test_a_browser_rounds_a_table_cell_to_what_the_cards_say() -> None:
    # 12,343,500.00 yuan are 1,234.35 of 10^4, a little less than that as a double
    unit = Unit("", Decimal(10_000), 1, money=True)
    cell = unit.cell(Decimal("12343500.00"))
    assert unit.text(Decimal("12343500.00")) == "1,234.4" and f"{cell:.1f}" == "1234.4"
    assert unit.cell(Decimal("12343600.00")) == 1234.36 and unit.cell(None) is None
    assert unit.shown(Decimal("12.25")) == "12.3"


def test_missing_is_a_dash() -> None:
    assert format.percent().text(None) == format.money(None) == format.change(None, format.percent()) == "—"
    assert format.percent().scale(float("nan")) is None


def test_change_has_arrow_sign_and_unit(lang: str) -> None:
    assert format.change(Decimal("0.042"), format.percent()) == "▲+4.2%"
    assert format.change(Decimal("-0.008"), format.points()) == (
        "▼-0.8百分点" if lang == "zh" else "▼-0.8 pp"
    )
    assert format.change(0, format.percent()) == "0.0%"


def test_tone_follows_better_and_not_the_sign() -> None:
    assert [format.tone(1, b) for b in ("lower", "higher", "none")] == ["bad", "good", "flat"]
    assert [format.tone(-1, b) for b in ("lower", "higher", "target")] == ["good", "bad", "flat"]
    assert format.tone(0, "lower") == format.tone(None, "lower") == "flat"


def test_periods_and_dates(lang: str) -> None:
    assert format.period(202503) == ("2025年3月" if lang == "zh" else "Mar 2025")
    assert format.period(202512, "month") == ("12月" if lang == "zh" else "Dec")
    assert format.period(202503, "axis") == "25-03"
    assert format.day(date(2025, 4, 6)) == "2025-04-06"
    assert format.stamp(datetime(2025, 4, 6, 8, 5)) == "2025-04-06 08:05"
