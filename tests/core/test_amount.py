"""Amounts as hospital exports write them, read to the fen; text, errors and percentages are refused with a code."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amount import (
    Unreadable,
    find_unit,
    parse_amount,
    parse_integer,
    parse_quantity,
    unit_factor,
    unit_name,
)

READ = {
    "12345.60": "12345.60",
    "12,345.60": "12345.60",
    "12，345．60": "12345.60",
    "１２３４５.６０": "12345.60",
    "¥12,345.60": "12345.60",
    "￥ 12,345.60": "12345.60",
    "$12,345.60": "12345.60",
    "12,345.60元": "12345.60",
    "RMB 12,345.60": "12345.60",
    "(12,345.60)": "-12345.60",
    "（12,345.60）": "-12345.60",
    "-12,345.60": "-12345.60",
    "－12345.60": "-12345.60",
    "−12345.60": "-12345.60",
    "12,345.60-": "-12345.60",
    "¥-12,345.60": "-12345.60",
    "-¥12,345.60": "-12345.60",
    "(¥12,345.60)": "-12345.60",
    "负12345.60": "-12345.60",
    "红字12345.60": "-12345.60",
    "△12345.60": "-12345.60",
    "+5": "5",
    "\u00a012 345.60\u3000\t": "12345.60",
    "1 234 567.89": "1234567.89",
    "1'234'567.89": "1234567.89",
    "1.2E+05": "120000",
    "1.2e5": "120000",
    "-3.5E-2": "-0.035",
    "-": "0",
    "—": "0",
    "－": "0",
    "――": "0",
    "/": "0",
    "0": "0",
    "5.": "5",
    ".5": "0.5",
    "0.30000000000000004": "0.3",
    "41999.166": "41999.166",
}
REFUSED = {
    "约1万": "amount_text",
    "12.5万": "amount_text",
    "1,23": "amount_text",
    "1,2345.00": "amount_text",
    "1.2.3": "amount_text",
    "--5": "amount_text",
    "(5": "amount_text",
    "5)": "amount_text",
    "(-5-)": "amount_text",
    "12 元 34": "amount_text",
    "": "amount_text",
    "#REF!": "amount_error",
    "#DIV/0!": "amount_error",
    "#N/A": "amount_error",
    "#NOT_CALCULATED!": "amount_not_calculated",
    "12.5%": "amount_percent",
    "99999999999999999": "amount_range",
    "1E+300": "amount_range",
    "nan": "amount_text",
    "Infinity": "amount_text",
}


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_amounts_are_read_exactly(text: str, value: str) -> None:
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(("text", "code"), REFUSED.items())
def test_what_is_not_an_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_amount(text)
    assert caught.value.code == code


FORMATS = [
    lambda v: f"{v:.2f}",
    lambda v: f"{v:,.2f}",
    lambda v: f"¥{v:,.2f}" if v >= 0 else f"-¥{-v:,.2f}",
    lambda v: f"{v:,.2f}元",
    lambda v: f"({-v:,.2f})" if v < 0 else f"{v:,.2f}",
    lambda v: f"{-v:,.2f}-" if v < 0 else f" {v:.2f}\u00a0",
    lambda v: f"{v:,.2f}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"}),
    lambda v: f"{v:,.2f}".replace(",", " "),
]


@given(st.integers(-(10**14), 10**14), st.sampled_from(range(len(FORMATS))))
def test_every_way_of_writing_an_amount_comes_back_to_the_fen(fen: int, form: int) -> None:
    value = Decimal(fen) / 100
    assert parse_amount(FORMATS[form](value)) == value


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_refused_never_an_accident(text: str) -> None:
    try:
        assert parse_amount(text).is_finite()
    except Unreadable as refusal:
        assert refusal.code.startswith("amount_")


def test_quantities_may_be_percentages_and_integers_may_not_be_fractions() -> None:
    assert parse_quantity("85.3%") == Decimal("0.853")
    assert parse_quantity("1,024.5") == Decimal("1024.5")
    assert parse_integer("12.0") == 12
    with pytest.raises(Unreadable) as caught:
        parse_integer("12.5")
    assert caught.value.code == "integer_fraction"


def test_units_are_found_where_people_write_them() -> None:
    assert find_unit("金额（万元）") == ("万元", Decimal(10000))
    assert find_unit("单位：千元") == ("千元", Decimal(1000))
    assert find_unit("2025年3月科室成本表  金额单位: 人民币万元") == ("万元", Decimal(10000))
    assert find_unit("01月（元）") == ("元", Decimal(1))
    assert find_unit("支出/亿元") == ("亿元", Decimal(10) ** 8)
    assert find_unit("编制单位：元江县人民医院") is None
    assert find_unit("金额") is None
    assert unit_factor("万元") == unit_factor("10000") == 10000
    assert unit_factor("打") is None
    assert unit_name(Decimal(1000)) == "千元"
