"""An alert in words: the formula made from its declaration, the arithmetic with the figures put in, one short line.

    formula(case, settings, period, lang)     '(actual - budget) ÷ budget > static line 15%'
    arithmetic(run, lang)                     '(115,000.01 - 100,000.00) ÷ 100,000.00 = 15.00001%, line 15%'
    short(run, lang)   subject(run, lang)     'over by 15.00001%, line 15%', and whom it is about

Numbers here are text for people; nothing is computed from them.
"""

from __future__ import annotations

from decimal import Decimal

from core.alerts.life import Run
from core.alerts.rules import Case, definition
from core.catalog import Label, catalog
from core.measures import measure
from core.money import half_up
from core.parameters import parameter, value
from core.people import roles
from core.settings import Settings

PERCENT = ("percent", "points")
MOST_DECIMALS = 8


def names(case: Case) -> tuple[Label, Label]:
    """What is divided by what, in words."""
    if case.metric:
        return case.top_label, case.bottom_label
    if case.budget:
        words = definition().budget_words["year" if case.kind == "pace" else case.span]
        return Label(**words["top"]), Label(**words["bottom"])
    lead = definition().budget_words["span_ytd"] if case.span == "ytd" else {"zh": "", "en": ""}
    top, bottom = measure(case.top).label, measure(case.bottom).label
    return _joined(lead, top), _joined(lead, bottom)


def _joined(lead: dict[str, str], label: Label) -> Label:
    return Label(lead["zh"] + label.zh, (lead["en"] + label.en.lower()) if lead["en"] else label.en)


def quantity(number: Decimal | None, unit: str, lang: str, decimals: int = 2) -> str:
    """A result or limit with its unit."""
    if number is None:
        return "—"
    scaled = number * 100 if unit in PERCENT else number
    if unit in ("months", "hours", "score") or scaled == scaled.to_integral_value():
        shown = f"{_trim(scaled, max(decimals, 1)):,}"
    else:
        shown = f"{half_up(scaled, decimals):,.{decimals}f}"
    return definition().units[unit].of(lang).format(n=shown.replace("-", "−"))


def _trim(number: Decimal, decimals: int) -> Decimal:
    rounded = half_up(number, decimals)
    whole = rounded.to_integral_value()
    return whole if rounded == whole else rounded.normalize()


def figure(number: Decimal | None, money: bool) -> str:
    """A figure put into a formula: yuan to the fen, counts as they are."""
    if number is None:
        return "—"
    return (f"{half_up(number):,.2f}" if money else f"{_trim(number, 4):,}").replace("-", "−")


def _decimals(run: Run) -> int:
    """As many decimals as it takes to tell the result from the line it crossed."""
    scale = 100 if run.case.shown_in in PERCENT else 1
    for decimals in range(2, MOST_DECIMALS):
        if half_up(run.actual * scale, decimals) != half_up(run.line * scale, decimals):
            return decimals
    return MOST_DECIMALS


def _words_of(run: Run) -> str:
    """Which template: the race has one for points and one for income that does not grow."""
    if run.name not in definition().cases or run.case.kind != "race":
        return run.case.kind
    behind = run.terms[4]
    if behind is not None and run.line != round(behind * (1 + run.limit), 8):
        return "race_falling" if behind <= 0 and run.line == 0 else "race_points"
    return "race"


def formula(case: Case, settings: Settings, period: int, lang: str) -> str:
    """The test in words, with the limit in force in `period`."""
    top, bottom = (label.of(lang) for label in names(case)) if case.kind != "age" else ("", "")
    limits = []
    for name, level in case.limits:
        number = value(settings, name, period)
        said = quantity(number, case.shown_in, lang)
        if len(case.limits) > 1:
            said = (
                definition()
                .words["levelled"]["formula"]
                .of(lang)
                .format(limit=said, level=definition().levels[level].of(lang))
            )
        limits.append(
            said
            if case.kind == "streak" or len(case.limits) > 1
            else f"{parameter(name).label.of(lang)} {said}"
        )
    limit = value(settings, case.limits[0][0], period)
    way = value(settings, case.way, period) if case.way else None
    kind = "race_points" if case.kind == "race" and way == 1 else case.kind
    kind = f"{kind}_reach" if case.reach else kind
    return (
        definition()
        .words[kind]["formula"]
        .of(lang)
        .format(
            top=top,
            bottom=bottom,
            limit=" / ".join(limits),
            times=case.times,
            factor="—" if limit is None else f"{_trim(1 + limit, 4)}",
        )
    )


def arithmetic(run: Run, lang: str) -> str:
    """The figures put in, and what came out."""
    return definition().words[_words_of(run)]["sum"].of(lang).format(**_parts(run, lang))


def short(run: Run, lang: str) -> str:
    """What is the case, in a few words."""
    return definition().words[run.case.kind]["short"].of(lang).format(**_parts(run, lang))


def _parts(run: Run, lang: str) -> dict[str, str]:
    case, decimals = run.case, _decimals(run)
    top, bottom = (label.of(lang) for label in names(case)) if case.kind != "age" else ("", "")
    shown = {
        letter: figure(number, money)
        for letter, number, money in zip("abcde", run.terms, _money(case), strict=True)
    }
    if case.kind == "race":
        shown["e"] = quantity(run.terms[4], "percent", lang, decimals)
    actual = abs(run.actual) if case.kind == "gap" else run.actual
    return {
        **shown,
        "top": top,
        "bottom": bottom,
        "times": str(case.times),
        "factor": f"{_trim(1 + run.limit, 4)}",
        "actual": quantity(actual, case.shown_in, lang, decimals),
        "line": quantity(run.line, case.shown_in, lang, decimals),
        "limit": quantity(run.limit, case.shown_in, lang, decimals),
    }


def _money(case: Case) -> tuple[bool, ...]:
    """Which of the figures a to e are yuan."""
    if case.kind == "age":
        return (False,) * 5
    if case.metric:
        top = bottom = case.unit == "yuan"
        bottom = bottom and case.kind != "price"
    elif case.budget:
        top = bottom = True
    else:
        top, bottom = (measure(name).unit == "money" for name in (case.top, case.bottom))
    if case.kind in ("growth", "price"):
        return (top, bottom, top, bottom, False)
    if case.kind == "race":
        return (top, top, bottom, bottom, False)
    if case.kind == "pace":
        return (top, bottom, False, False, False)
    return (top, bottom, top, top and case.kind in ("streak", "sigma"), False)


def subject(run: Run, lang: str) -> str:
    """Whom or what it is about: the hospital, a department, and the object where there is one."""
    kind = run.case.object_kind
    if kind == "alert":
        name = run.object.removeprefix("role:")
        return roles()[name].label.of(lang) if name in roles() else name
    if kind == "cost_item":
        thing = catalog().labels("cost_items", lang).get(run.object, run.object)
    else:
        thing = run.object_name or run.object
    place = run.dept_name or run.dept or ("" if thing else definition().objects["hospital"].of(lang))
    return " · ".join(part for part in (place, thing) if part)


def owner_words(who: str, lang: str) -> str:
    """A person's name, or the role nobody holds."""
    if not who.startswith("role:"):
        return who
    role = roles()[who.removeprefix("role:")].label.of(lang)
    return definition().objects["nobody"].of(lang).format(role=role)


def scope_word(case: Case, lang: str) -> str:
    """What a case is about: the hospital, departments (of a specialty), items, projects, groups ..."""
    known = definition().objects
    if case.group:
        return next(one.label.of(lang) for one in definition().specialties if one.name == case.group)
    return known[case.object_kind].of(lang)
