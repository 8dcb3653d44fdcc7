"""Names, units and reasons in the session's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.catalog import catalog
from core.figures.changes import REST
from core.figures.common import UNMAPPED, Against, Dept
from core.measures import Measure, Reason, measure
from pages._ui import format
from pages._ui.format import Unit
from pages._ui.text import lang, t


def item(name: str) -> str:
    """A statutory cost item."""
    return catalog().term("cost_items", name).label.of(lang())


def dept_class(name: str) -> str:
    """Short name of a class; cost without a department has one of its own."""
    return (
        t("cockpit.unmapped_class")
        if name == UNMAPPED
        else catalog().term("dept_classes", name).brief(lang())
    )


def dept(one: Dept, count: int = 1) -> str:
    """A department, the gathered rest, or cost that met no department."""
    if one.code == REST:
        return t("cockpit.rest", count=count)
    return one.name or t("cockpit.unmapped")


def unit(one: Measure, value: Decimal | None = None) -> Unit:
    """How a measure is written. Unit costs from a thousand upwards need no decimals."""
    if one.unit == "money":
        return format.yuan()
    if one.unit == "yuan":
        large = value is not None and abs(value) >= 1000
        return format.number(t("unit.yuan"), 0 if large else 1)
    if one.unit == "percent":
        return format.percent()
    if one.unit == "days":
        return format.number(t("unit.days"), 1)
    if one.unit == "area":
        return format.number(t("cockpit.unit_area"))
    return format.count(one.unit)


def brief(one: Unit) -> Unit:
    """A money unit with its short name, for narrow columns and cards."""
    for key in ("yuan", "wan", "yi", "thousand", "million"):
        if one.label == t(f"unit.{key}"):
            return replace(one, label=t("unit.currency") + t(f"unit.short_{key}"))
    return one


def unbroken(series: Sequence[Decimal | None]) -> list[Decimal]:
    """The months since the last gap: a small line cannot show a gap, and bridging one would be untrue."""
    kept: list[Decimal] = []
    for value in series:
        kept = [] if value is None else [*kept, value]
    return kept if len(kept) > 1 else []


def scope(name: str) -> str:
    """A cost scope."""
    return catalog().term("scopes", name).label.of(lang())


def reason(why: Reason | None) -> str:
    """Why a figure is missing."""
    if why is None:
        return ""
    if why.code in ("missing", "not_here"):
        return t(f"cockpit.reason_{why.code}", what=catalog().extracts[why.name].label.of(lang()))
    return t(f"cockpit.reason_{why.code}", what=measure(why.name).label.of(lang()))


def why_no_base(side: Against) -> str:
    """Why there is nothing to compare with; '' where there is."""
    return t(f"cockpit.base_{side.why}") if side.why else ""


def base(compare: str) -> str:
    """What a comparison looks at: last month, the same month last year, the budget."""
    return t(f"cockpit.base.{compare}")


def base_title(compare: str) -> str:
    """The same as the name of a bar."""
    said = base(compare)
    return said[:1].upper() + said[1:]


def listed(names: Sequence[str]) -> str:
    """Two or three names in a sentence."""
    return t("cockpit.and").join(names)
