"""Months as people write them: 201610, 201610.0, 2016-10, a Chinese date, an Excel serial number, 'Jan-97'.

A period is the integer yyyymm; 0 is for data without a month. The only definition of what a month or a date may
look like; words come from `core/definitions/intake.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from core.amount import ERROR_MARK, Unreadable
from core.lexicon import even, lexicon, squeeze

YEARS = range(1990, 2100)
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIAL = range((date(YEARS[0], 1, 1) - _EXCEL_EPOCH).days, (date(YEARS[-1], 12, 31) - _EXCEL_EPOCH).days + 1)
MONTH, YEAR, QUARTER, MONTH_ONLY, SPAN = "month", "year", "quarter", "month_only", "span"
# The clock behind a date, apart by a blank or a T: without it, "3/1 12:31" would run into one word.
_CLOCK = re.compile(r"(?:\s+|(?<=\d)T)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*([ap]m)?$", re.IGNORECASE)
_REFUSALS = {
    YEAR: "period_year",
    QUARTER: "period_quarter",
    SPAN: "period_quarter",
    MONTH_ONLY: "period_no_year",
}


@dataclass(frozen=True, slots=True)
class When:
    """What a text says about time. `kind`: month, year, quarter, month_only (no year) or span (several months)."""

    kind: str
    year: int = 0
    month: int = 0

    @property
    def period(self) -> int:
        """yyyymm; yyyy00 for a year."""
        return self.year * 100 + self.month


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = lexicon().period
    year, month, day = (_any(group) for group in (words.year[:2], words.month, words.day))
    numerals = _any(words.numerals)
    to = _any(words.to)
    number = rf"(?:1[0-2]|0?[1-9]|{numerals})"
    months_en = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in words.months_en)
    yyyy = r"(?:19|20)\d\d"
    clock = r"(?:t?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
    quarter = _any(words.quarter)
    ordinal = _any(words.ordinal)
    raw = {
        "digits6": r"(\d{4})(\d\d)(?:\.0+)?",
        "digits8": r"(\d{4})(\d\d)(\d\d)(?:\.0+)?",
        "serial": r"(\d{5})(?:\.\d+)?",
        "date": rf"({yyyy})(?:[-/.]|{year})(\d{{1,2}})(?:[-/.]|{month})(\d{{1,2}})(?:{day})?{clock}",
        "month": rf"({yyyy})(?:[-/]|{year})({number})(?:{month})?",
        "dotted": rf"({yyyy})\.(\d\d)",
        "short": rf"(\d\d){year}({number}){month}",
        "english": rf"({months_en})[-./,']*({yyyy}|\d\d)|({yyyy})[-./,']*({months_en})",
        "alone": rf"({number}){month}",
        "alone_en": rf"({months_en})",
        "year": rf"({yyyy})(?:{year})?(?:\.0+)?",
        "quarter": rf"(?:({yyyy})(?:{year})?[-/]?)?(?:q[1-4]|(?:{ordinal})?(?:[1-4]|{numerals}){quarter}|{_any(words.halves)})",
        "span": rf"(?:({yyyy})(?:[-/.]|{year}))?({number})(?:{month})?(?:{to})(?:({yyyy})(?:[-/.]|{year}))?({number}){month}",
        "span_date": rf"({yyyy})[-/.]?(\d\d)[-/.]?\d\d(?:{to})({yyyy})[-/.]?(\d\d)[-/.]?\d\d",
    }
    return {name: re.compile(pattern) for name, pattern in raw.items()}


@lru_cache(maxsize=1)
def _finders() -> dict[str, re.Pattern[str]]:
    words = lexicon().period
    whole = {name: pattern.pattern for name, pattern in _patterns().items()}
    inside = ("span", "date", "short", "english", "quarter", "alone")
    finders = {name: re.compile(rf"(?<![\d.]){whole[name]}(?!\d)") for name in inside}
    year, month = _any(words.year[:2]), _any(words.month)
    number = rf"(?:1[0-2]|0?[1-9]|{_any(words.numerals)})"
    # Inside a longer text a month needs its mark or a separator that no amount has.
    finders["month"] = re.compile(
        rf"(?<!\d)((?:19|20)\d\d)(?:[-/.](0[1-9]|1[0-2])(?!\d|\.\d)|{year}({number}){month}|[-/]({number}){month})"
    )
    finders["digits6"] = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)")
    finders["year"] = re.compile(rf"(?<!\d)((?:19|20)\d\d)(?:{year})")
    finders["bare_year"] = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?![\d.])")
    return finders


def read_when(text: str) -> When | None:
    """What a whole cell says, or None if it is not about time."""
    plain = squeeze(text).rstrip(",")
    if not plain or len(plain) > 40:
        return None
    patterns = _patterns()
    for name in ("digits6", "digits8", "date", "month", "dotted", "short"):
        found = patterns[name].fullmatch(plain)
        if found:
            return _when(found[1], found[2])
    found = patterns["serial"].fullmatch(plain)
    if found:
        day = _from_serial(int(found[1]))
        return When(MONTH, day.year, day.month) if day else None
    return _words(plain)


def _words(plain: str) -> When | None:
    patterns = _patterns()
    found = patterns["english"].fullmatch(plain)
    if found:
        return _first_when(found.groups())
    if found := patterns["alone"].fullmatch(plain) or patterns["alone_en"].fullmatch(plain):
        return When(MONTH_ONLY, 0, _month(found[1]))
    if found := patterns["quarter"].fullmatch(plain):
        return When(QUARTER, int(found[1] or 0))
    if found := patterns["year"].fullmatch(plain):
        return When(YEAR, int(found[1])) if int(found[1]) in YEARS else None
    if found := patterns["span_date"].fullmatch(plain):
        return _span(found[1], found[2], found[3], found[4])
    if found := patterns["span"].fullmatch(plain):
        return _span(found[1], found[2], found[3], found[4])
    return None


def find_when(text: str) -> When | None:
    """What a title, a sheet name or a file name says about time; a date of printing says nothing."""
    plain = squeeze(text)
    whole = read_when(plain)
    if whole is not None and (whole.kind != MONTH or not plain.isdigit() or len(plain) == 6):
        return whole
    if any(word in plain for word in lexicon().period.made):
        return None
    finders = _finders()
    if found := finders["span"].search(plain):
        return _span(found[1], found[2], found[3], found[4])
    dates = {(found[1], found[2]) for found in finders["date"].finditer(plain)}
    if dates:
        return _when(*dates.pop()) if len(dates) == 1 else When(SPAN)
    months: set[When | None] = set()
    for name in ("month", "digits6", "short", "english"):
        months = months or {_first_when(found.groups()) for found in finders[name].finditer(plain)}
    known = {when for when in months if when is not None}
    if known:
        return known.pop() if len(known) == 1 else When(SPAN)
    if found := finders["quarter"].search(plain):
        return When(QUARTER, int(found[1] or 0))
    year = finders["year"].search(plain) or finders["bare_year"].search(plain)
    alone = finders["alone"].search(plain)
    if alone:
        return When(MONTH if year else MONTH_ONLY, int(year[1]) if year else 0, _month(alone[1]))
    return When(YEAR, int(year[1])) if year else None


def parse_period(text: str, *, year: int | None = None, whole_year: bool = False) -> int:
    """yyyymm of a cell. `year` completes a bare month; with `whole_year` a bare year is yyyy00 (budgets by year).

    Raises:
        Unreadable: period_text, period_quarter, period_year, period_no_year, cell_error.
    """
    if even(text).startswith(ERROR_MARK):
        raise Unreadable("cell_error")
    when = read_when(text)
    if when is None:
        raise Unreadable("period_text")
    if when.kind == MONTH_ONLY and year:
        return year * 100 + when.month
    if when.kind == MONTH or (when.kind == YEAR and whole_year):
        return when.period
    raise Unreadable(_REFUSALS[when.kind])


def parse_month(text: str) -> int:
    """1..12 of a month column beside a year column: '3', '03', '3.0' or a month word.

    Raises:
        Unreadable: period_text.
    """
    plain = squeeze(text)
    plain = re.sub(r"\.0+$", "", plain)
    if plain.isdigit() and 1 <= int(plain) <= 12:
        return int(plain)
    when = read_when(text)
    if when is None or not when.month:
        raise Unreadable("period_text")
    return when.month


def parse_date(text: str) -> date:
    """The day of a cell: ISO and slashed forms with or without a time, Chinese forms, yyyymmdd, Excel serials.

    Raises:
        Unreadable: date_text, date_error.
    """
    if even(text).startswith(ERROR_MARK):
        raise Unreadable("date_error")
    plain = squeeze(_CLOCK.sub("", even(text)))
    patterns = _patterns()
    try:
        for name in ("date", "digits8"):
            found = patterns[name].fullmatch(plain)
            if found:
                return _in_range(date(int(found[1]), int(found[2]), int(found[3])))
        found = re.fullmatch(r"(\d{8})(?:\d{4}(?:\d\d)?)", plain)
        if found:
            return parse_date(found[1])
        found = patterns["serial"].fullmatch(plain)
        day = _from_serial(int(found[1])) if found else None
    except ValueError:
        raise Unreadable("date_text") from None
    if day is None:
        raise Unreadable("date_text")
    return day


def parse_moment(text: str) -> datetime:
    """Day and clock of a cell, to the second; midnight where it has no clock.

    Forms: what `parse_date` reads, with hh:mm or hh:mm:ss behind it; yyyymmddhhmm(ss); Excel serials with a fraction.

    Raises:
        Unreadable: date_text, date_error.
    """
    plain = even(text)
    day = parse_date(plain)
    if found := _CLOCK.search(plain):
        hour, half = int(found[1]), (found[4] or "").lower()
        hour = hour % 12 + 12 * (half == "pm") if half else hour
        clock = (hour, int(found[2]), int(found[3] or 0))
    elif found := re.fullmatch(r"\d{8}(\d\d)(\d\d)(\d\d)?", plain):
        clock = (int(found[1]), int(found[2]), int(found[3] or 0))
    elif re.fullmatch(r"\d{5}\.\d+", plain):
        return datetime.combine(day, time()) + timedelta(seconds=round(float(plain) % 1 * 86_400))
    else:
        clock = (0, 0, 0)
    try:
        return datetime.combine(day, time(*clock))
    except ValueError:
        raise Unreadable("date_text") from None


def _in_range(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(day.year)
    return day


def _from_serial(number: int) -> date | None:
    return _EXCEL_EPOCH + timedelta(days=number) if number in _SERIAL else None


def _when(year: str, month: str) -> When | None:
    number = int(year) + (2000 if int(year) < 70 else 1900) if len(year) == 2 else int(year)
    if number not in YEARS:
        return None
    if month == "00":
        return When(YEAR, number)
    position = _month(month)
    return When(MONTH, number, position) if 1 <= position <= 12 else None


def _first_when(groups: tuple[str | None, ...]) -> When | None:
    """Year and month of a match, whichever comes first in it; the year is the group of digits that is no month."""
    first, second = [group for group in groups if group]
    return _when(second, first) if first[0].isalpha() and first.isascii() else _when(first, second)


def _span(year: str | None, first: str, year2: str | None, last: str) -> When | None:
    if (year2 or year) == year and _month(first) == _month(last):
        return _when(year, first) if year else When(MONTH_ONLY, 0, _month(first))
    return When(SPAN, int(year or 0))


def _month(text: str) -> int:
    words = lexicon().period
    if text.isdigit():
        return int(text)
    if text in words.numerals:
        return words.numerals.index(text) + 1
    return next(i for i, name in enumerate(words.months_en, 1) if name.startswith(text[:3]))


def _any(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"
