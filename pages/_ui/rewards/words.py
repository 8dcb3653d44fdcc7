"""Spans, states, red lines and reasons in the session's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.catalog import catalog
from core.rewards.awards import CANCELLED, CHARGE, FLAG, PAYABLE, PENDING, Award
from core.rewards.figures import QUARTER, Span
from core.rewards.kernels import FAIL, MISSING, PASS
from core.rewards.rules import red_lines, words_of
from pages._ui import format
from pages._ui.format import Unit
from pages._ui.text import lang, t

# A shape and a word besides the colour, the same for lines and awards.
SHAPES = {
    PASS: ("●", "green"), FAIL: ("▲", "red"), MISSING: ("○", "orange"), "not_asked": ("–", "gray"),
    PAYABLE: ("●", "green"), PENDING: ("○", "orange"), CANCELLED: ("▲", "red"), CHARGE: ("▼", "red"),
    FLAG: ("▲", "red"), "none": ("–", "gray"),
}  # fmt: skip


def span(one: Span) -> str:
    """'Jan to Dec 2025', or the quarter with the month it reaches."""
    year, month = divmod(one.period, 100)
    last = format.period(one.period, "month")
    if one.kind == QUARTER:
        key = "rewards.quarter" if one.whole else "rewards.quarter_part"
        return t(key, year=year, quarter=(month + 2) // 3, last=last)
    first = format.period(one.months[0], "month")
    return t("rewards.year" if one.whole else "rewards.year_part", year=year, first=first, last=last)


def filed(code: str) -> str:
    """The span a record is filed under: '2025' or '2025Q3'."""
    year, _, quarter = code.partition("Q")
    return (
        t("rewards.filed_quarter", year=year, quarter=quarter)
        if quarter
        else t("rewards.filed_year", year=year)
    )


def state(name: str) -> str:
    """Shape and word, for a table."""
    return f"{SHAPES[name][0]} {words_of('states')[name].of(lang())}"


def line_value(name: str, value: Decimal | None) -> str:
    """A red line's figure in its unit; '' when there is none."""
    if value is None:
        return ""
    return format.show(value, line_unit(name))


def line_unit(name: str) -> Unit:
    """How a red line's figure is written."""
    unit = red_lines()[name].unit
    if unit == "percent":
        return format.percent(2)
    return format.number(
        t("rewards.points") if unit == "points" else t("rewards.cases"), 1 if unit == "points" else 0
    )


def line_cell(award: Award, name: str) -> str:
    """Shape, word and figure of one red line of one award."""
    judged = award.lines.get(name, "not_asked")
    figure = line_value(name, award.measured.get(name)) if judged != "not_asked" else ""
    return f"{SHAPES[judged][0]} {t(f'rewards.line_{judged}')} {figure}".strip()


def coloured(judged: str, words: str) -> str:
    """Words in the colour of a state, for Markdown."""
    return f":{SHAPES[judged][1]}[{words}]"


def why(codes: Sequence[str]) -> str:
    """Reasons behind a state, e.g. which red line failed."""
    said = []
    for code in codes:
        head, _, line = code.partition(":")
        words = words_of("reasons")[head].of(lang())
        said.append(
            t("rewards.why_line", what=words, line=red_lines()[line].label.of(lang())) if line else words
        )
    return t("rewards.join").join(said)


def ratio(value: Decimal | None) -> str:
    """A ratio in force, or that it is not decided."""
    if value is None:
        return words_of("formulas")["undecided"].of(lang())
    return format.show(value, format.percent(2 if (value * 1000) % 1 else 1))


def source(name: str) -> str:
    """What a source row states: the budget, or an operation metric."""
    if name == "budget":
        return t("rewards.budget")
    return catalog().term("operation_metrics", name).label.of(lang())


def detail(row: Mapping[str, Any]) -> str:
    """The cost item of a budget line, the object of a metric."""
    said = str(row["detail"] or "")
    known = catalog().labels("cost_items", lang())
    return known.get(said, said) if row["what"] == "budget" else said


def spoken(codes: Iterable[str], make: Callable[[str], str]) -> Callable[[str], str]:
    """Words of a widget's codes, made now: the widget may ask again outside the run, where no language is known."""
    said = {code: make(code) for code in codes}
    return said.__getitem__
