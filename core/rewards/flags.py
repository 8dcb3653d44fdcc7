"""Rules without money: projects that overran, departments that missed their target or lag for long."""

from __future__ import annotations

from decimal import Decimal

from core.money import half_up, yuan_to_fen
from core.rewards import kernels
from core.rewards.awards import FLAG, PENDING, Award, Outcome
from core.rewards.choice import Choice, Rates
from core.rewards.figures import Figures
from core.rewards.rules import Rule


def flagged(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    """Only those above the limit; a limit that is not decided flags nobody and is said."""
    limit = rates(rule.over)
    if limit is None:
        return Outcome(rule.name, undecided=(rule.over,))
    if rule.object == "project":
        return Outcome(rule.name, _projects(rule, found, limit))
    if rule.over == "lagging_months":
        return Outcome(rule.name, _lagging(rule, found, limit))
    return Outcome(rule.name, _missed(rule, found, limit))


def _flag(rule: Rule, code: str, name: str, dept: str, base: int | None, measured: Decimal) -> Award:
    return Award(
        rule.name, code, name, dept, base, None, 0, 0, FLAG, ("over_limit",), measured={"over": measured}
    )


def _projects(rule: Rule, found: Figures, limit: Decimal) -> tuple[Award, ...]:
    made = []
    for one in found.values.get(rule.base, ()):
        if one.numerator is None or one.denominator is None:
            made.append(
                Award(rule.name, one.object, one.name, one.dept, None, None, 0, None, PENDING, ("no_figure",))
            )
            continue
        actual, plan = (yuan_to_fen(half_up(x)) for x in (one.numerator, one.denominator))
        if kernels.overrun(plan, actual, limit):
            made.append(
                _flag(rule, one.object, one.name, one.dept, plan - actual, Decimal(actual - plan) / plan)
            )
    return tuple(made)


def _missed(rule: Rule, found: Figures, limit: Decimal) -> tuple[Award, ...]:
    return tuple(
        _flag(rule, code, found.dept(code).name, code, spent.saved, Decimal(-spent.saved) / spent.budget)
        for code, spent in found.spent.items()
        if kernels.overrun(spent.budget, spent.actual, limit)
    )


def _lagging(rule: Rule, found: Figures, limit: Decimal) -> tuple[Award, ...]:
    made = []
    for code, months in found.over.items():
        count = kernels.streak(months)
        if count >= limit:
            spent = found.spent.get(code)
            made.append(
                _flag(rule, code, found.dept(code).name, code, spent.saved if spent else None, Decimal(count))
            )
    return tuple(made)
