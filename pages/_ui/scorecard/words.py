"""Words and units of indicators on screen: value with its unit, light with its shape, why a figure is missing."""

from __future__ import annotations

from decimal import Decimal

from core.catalog import catalog
from core.indicators.card import Line
from core.indicators.define import MAIN, Caliber, Indicator, indicators
from core.indicators.targets import Target
from core.people import roles
from pages._ui import format
from pages._ui.format import Unit
from pages._ui.text import label, lang, t

TONE = {"green": "good", "yellow": "actual", "red": "bad", "none": "muted"}
_DECIMALS = {"count": 0, "people": 0, "kwh": 0, "flag": 0, "level": 0, "money": 0, "yuan": 2}


def unit_of(indicator: Indicator, caliber: Caliber | None = None) -> Unit:
    """The unit a value is shown in."""
    name = (caliber or indicator.calibers[0]).unit
    if name == "percent":
        return format.percent(2)
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
    extract = catalog().extracts[line.reason_of].label.of(lang()) if line.reason_of else ""
    return t(f"scorecard.reason_{line.reason}", extract=extract)


def name(meant: Indicator, caliber: str = MAIN) -> str:
    """The name of an indicator, with its caliber where it is not the main one."""
    own = label(meant.label)
    return (
        own
        if caliber == MAIN
        else t("scorecard.with_caliber", name=own, caliber=label(meant.caliber(caliber).label))
    )


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
