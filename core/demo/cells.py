"""How a true value is put into a cell: the ways in which hospital exports garble periods, codes and amounts.

A format is a word after `|` in a layout (core/definitions/demo_books.yaml). Every format is lossless: what stands in
the cell still says exactly what was meant.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from core.demo.organisation import days
from core.demo.words import book_words

NBSP = chr(0xA0)
_FULL = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789.-"}
_EPOCH = datetime.date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula cell with the value that the spreadsheet program had calculated."""

    text: str
    value: Decimal


Cell = str | int | Decimal | datetime.date | Formula | None


def shown(field: str, value: object, style: str, place: int) -> Cell:
    """The cell for `value` of `field` in the given style; `place` is the row, for styles that vary by row.

    Raises:
        KeyError: if the style is unknown, or the word list lacks the value.
    """
    if style == "word":
        return str(book_words()["values"][field][value])
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(book_words()["values"]["flag"][value])
    if field == "period":
        return _period(int(str(value)), style)
    if isinstance(value, datetime.datetime):
        day = {"clock": value.strftime("%Y-%m-%d"), "slashclock": f"{value.year}/{value.month}/{value.day}"}[
            style
        ]
        return f"{day} {value.hour}:{value.minute:02}" if style == "slashclock" else f"{day} {value:%H:%M:%S}"
    if isinstance(value, datetime.date):
        return {"dash": value.isoformat(), "slash": f"{value.year}/{value.month}/{value.day}"}.get(
            style, value
        )
    if isinstance(value, Decimal):
        return amount(value, style, place)
    if isinstance(value, int):
        return value
    return _text(str(value), style, place)


def _text(text: str, style: str, place: int) -> Cell:
    variants = book_words()["variants"]
    if style == "number":  # a code that Excel took for a number: leading zeros are gone
        return int(text)
    if style == "tab":
        return text + "\t"
    if style == "variant":
        for suffix, others in variants.items():
            if text.endswith(suffix) and len(text) > len(suffix):
                return text[: -len(suffix)] + str(others[place % len(others)])
        return text
    if style == "padded":
        return ("  " + text, text + " ", text + NBSP, text)[place % 4]
    if style == "":
        return text
    raise KeyError(style)


def _period(period: int, style: str) -> Cell:
    year, month = divmod(period, 100)
    last = datetime.date(year, month, days(period))
    forms: dict[str, Cell] = {
        "": period,
        "float": f"{period}.0",
        "dash": f"{year}-{month:02d}",
        "slash": f"{year}/{month}/{last.day}",
        "serial": (last - _EPOCH).days,
        "date": last,
        "long": str(book_words()["period_long"]).format(year=year, month=month),
        "month": str(book_words()["period_month"]).format(month=month),
    }
    return forms[style]


def amount(value: Decimal, style: str, place: int) -> Cell:
    """An amount or quantity. Units: `wan` ten-thousands of yuan with 4 decimals, `qian` thousands with 2."""
    if style == "":
        return value
    if style == "count":
        return int(value)
    if style == "wan":
        return (value / 10_000).quantize(Decimal("0.0001"))
    if style == "qian":
        return (value / 1_000).quantize(Decimal("0.01"))
    text = f"{value:,.2f}"
    if style == "comma":
        return text
    if style == "paren":
        return f"({abs(value):,.2f})" if value < 0 else text
    if style == "yen":
        return f"{chr(0xA5)}{text}"
    if style == "mixed":  # mostly numbers, with the odd cell that somebody typed or pasted
        if value < 0:
            return f"({abs(value):,.2f})"
        odd = {0: f"{value:.2f}".translate(_FULL), 1: text + NBSP, 2: f" {text} ", 3: f"{chr(0xFFE5)}{text}"}
        return odd.get(place % 97, value)
    raise KeyError(style)
