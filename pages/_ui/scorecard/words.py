"""Words and units of indicators on screen: value with its unit, light with its shape, why a figure is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from core.catalog import catalog
from core.indicators.card import HOSPITAL, Line
from core.indicators.define import MAIN, Caliber, Indicator, indicators
from core.indicators.facts import OPERATION, Fact
from core.indicators.rows import Put
from core.indicators.strategy import LEAST, Link
from core.indicators.targets import Target
from core.people import roles
from pages._ui import format
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import has, label, lang, t

TONE = {"green": "good", "yellow": "s4", "red": "bad", "none": "muted"}
MONEY = ("income", "ledger_cost", "budget")  # extracts whose facts are yuan
TERMS = (
    "charge_classes",
    "cost_items",
    "event_kinds",
    "follow_up_windows",
    "patient_types",
    "budget_versions",
)
_DECIMALS = {"count": 0, "people": 0, "kwh": 0, "flag": 0, "level": 0, "money": 0, "yuan": 2}


def unit_of(indicator: Indicator, caliber: Caliber | None = None) -> Unit:
    """The unit a value is shown in."""
    return unit_named((caliber or indicator.calibers[0]).unit)


def unit_named(name: str) -> Unit:
    """The unit of this name."""
    if name == "percent":
        return format.percent(2)
    if name == "pp":
        return format.points(2)
    if name in ("money", "yuan"):
        return format.number(t("unit.yuan"), _DECIMALS[name])
    return format.number(t(f"scorecard.unit_{name}"), _DECIMALS.get(name, 2))


def value(line: Line) -> str:
    """The value of a line with its unit, or a dash."""
    meant = line.definition
    return unit_of(meant, meant.caliber(line.caliber)).text(line.value, unit=True)


def points(score: Decimal | None) -> str:
    """A score with one decimal."""
    return format.number("", 1).text(score)


def light(status: str) -> str:
    """Shape and word of a light."""
    return t(f"scorecard.light_{status}")


def reason(line: Line) -> str:
    """Why a line has no value, and what to do; '' where it has one."""
    if line.reason is None:
        return ""
    return t(f"scorecard.reason_{line.reason}", extract=needed(line))


def frozen_reason(text: str | None) -> str:
    """Why a signed-off line has no score, from what was kept: a reason and, where one is missing, its extract."""
    if not text:
        return ""
    code, _, extract = text.partition(" ")
    named = catalog().extracts[extract].label.of(lang()) if extract in catalog().extracts else ""
    return (
        t(f"scorecard.reason_{code}", extract=named)
        if has(f"scorecard.reason_{code}")
        else t("scorecard.no_score")
    )


def why(line: Line) -> str:
    """What to know of a line beside its figures: why it has none, or from which month its result stands."""
    if line.as_of:
        return t("scorecard.as_of", month=format.period(line.as_of, "axis"))
    return reason(line)


def coverage(share: Decimal, thin: bool) -> str:
    """How much has figures, with a mark where that is too little."""
    said = format.percent(0).text(share, unit=True)
    return t("scorecard.thin", share=said) if thin else said


def needed(line: Line) -> str:
    """What is missing: an extract, or the workbook of operation values or the system that states the same."""
    if not line.reason_of:
        return ""
    systems = line.definition.caliber(line.caliber).systems() if line.reason_of == OPERATION else ()
    names = [catalog().extracts[name].label.of(lang()) for name in (line.reason_of, *systems)]
    return t("scorecard.or_extract").join(names)


def name(meant: Indicator, caliber: str = MAIN) -> str:
    """The name of an indicator, with its caliber where it is not the main one."""
    own = label(meant.label)
    return (
        own
        if caliber == MAIN
        else t("scorecard.with_caliber", name=own, caliber=label(meant.caliber(caliber).label))
    )


def caliber(meant: Indicator, one: Caliber) -> str:
    """A caliber on a switch: the main one has no name of its own."""
    return t("scorecard.main_caliber") if one.name == MAIN else label(one.label)


def whose(page: Page, dept: str) -> str:
    """The hospital, a class or a department in words."""
    if dept == HOSPITAL:
        return t("scorecard.whole")
    if dept.startswith(HOSPITAL):
        return t("scorecard.all_of", kind=page.board.classes()[dept.removeprefix(HOSPITAL)])
    return next((one.name for one in page.board.departments if one.code == dept), dept)


def fact_units(found: Sequence[Put]) -> Callable[[Fact], Unit]:
    """The units of the facts of one formula: one for its money, plain numbers for what is counted."""
    amounts: list[Any] = [put.amount for put in found if put.fact.needs in MONEY]
    money = format.money_unit(amounts) if amounts else format.count()

    def unit(fact: Fact) -> Unit:
        if fact.needs in MONEY:
            return money
        held = next((put.amount for put in found if put.fact.name == fact.name), None)
        return format.number("", 0 if held is None or held == held.to_integral_value() else 2)

    return unit


def term(name: str) -> str:
    """A word of the catalog (kind of event, charge class, cost item, extract), a counted quantity, or the text itself."""
    for kind in TERMS:
        if name in catalog().names(kind):
            return catalog().term(kind, name).label.of(lang())
    if name in catalog().extracts:
        return catalog().extracts[name].label.of(lang())
    return t(f"cockpit.what_{name}") if has(f"cockpit.what_{name}") else name


def owner(name: str) -> str:
    """A role in words, or a person's name."""
    return label(roles()[name].label) if name in roles() else name


def aim(one: Target) -> str:
    """What a target aims at, as text."""
    meant = indicators()[one.indicator]
    unit = unit_of(meant, meant.caliber(one.caliber))
    if meant.better == "range":
        return f"{unit.text(one.low)} ~ {unit.text(one.high, unit=True)}"
    return unit.text(one.target, unit=True)


def target(line: Line) -> str:
    """What is aimed at, as text."""
    unit = unit_of(line.definition, line.definition.caliber(line.caliber))
    if line.definition.better == "range":
        return f"{unit.text(line.low)} ~ {unit.text(line.high, unit=True)}"
    return unit.text(line.target, unit=True)


def correlation(link: Link) -> str:
    """What the months say about an arrow, or why they say nothing: too few of them, or nothing that moved."""
    if link.r is None:
        return t("scorecard.link_few" if link.months < LEAST else "scorecard.link_flat", months=link.months)
    return t("scorecard.link", r=f"{link.r:+.2f}", lag=link.lag or 0, months=link.months)
