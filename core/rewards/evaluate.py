"""Every rule over the figures of a span: `simulate(figures, rates, choice) -> {rule: Outcome}`.

Which kernel a rule uses follows from its kind in rewards.yaml; see the head of that file for the kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from core.money import half_up, scale_to_integers, yuan_to_fen
from core.rewards import flags, kernels
from core.rewards.awards import CANCELLED, CHARGE, NONE, PAYABLE, PENDING, Award, Outcome
from core.rewards.choice import Choice, Rates
from core.rewards.figures import Figures, Value
from core.rewards.rules import Rule, red_lines, rules

ONE = Decimal(1)


def metrics() -> tuple[str, ...]:
    """Operation metrics the rules and red lines draw on."""
    own = [rule.base for rule in rules().values() if rule.base not in ("saving", "none")]
    lines = [line.metric for line in red_lines().values() if line.metric]
    return tuple(dict.fromkeys((*own, *lines, *EXTRA)))


EXTRA = ("project_delivery", "project_quality", "case_cost_growth", "model_workers")


def simulate(found: Figures, in_force: Rates, choice: Choice) -> Mapping[str, Outcome]:
    """All rules with the choice laid over the parameters in force. Pure: the same figures give the same outcome."""
    rates = choice.rates(in_force)
    return {name: _KINDS[rule.kind](rule, found, rates, choice) for name, rule in rules().items()}


def measured(found: Figures) -> dict[str, dict[str, Decimal | None]]:
    """red line -> department -> value. Violations are counted, so a department without one has 0, not a gap."""
    values: dict[str, dict[str, Decimal | None]] = {}
    for name, line in red_lines().items():
        if line.metric:
            full = 100 if line.unit == "points" else 1
            values[name] = {
                code: None if (value := _value(one)) is None else value * full
                for code, one in found.by_dept(line.metric).items()
            }
        else:
            values[name] = {code: Decimal(found.violations.get(code, 0)) for code in found.depts}
    return values


def _value(one: Value) -> Decimal | None:
    """A ratio from its sums; what has no denominator is its own value."""
    return one.ratio if one.denominator is not None else one.numerator


def _share(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    rate, lines = rates(rule.rate), measured(found)
    kinds = (choice.classes or rule.classes) if rule.classes else ()
    bases = {
        code: base
        for code, base in _bases(rule, found).items()
        if not kinds or found.dept(code).dept_class in kinds
    }
    full = kernels.shares(list(bases.values()), [rate or Decimal(0)] * len(bases))
    awards = []
    for (code, base), share in zip(bases.items(), full, strict=True):
        seen = {name: lines[name].get(code) for name in rule.red_lines}
        states = {
            name: _judged(name, seen[name], found.dept(code).care_setting, rates) for name in rule.red_lines
        }
        state, why = _state(base, rate, states)
        spent = found.spent.get(code) if rule.base == "saving" else None
        if spent is not None and spent.missing and state in (PAYABLE, PENDING):
            state, why = PENDING, ("no_cost", *why)
        amount = share if state == PAYABLE else None if state == PENDING else 0
        awards.append(
            Award(rule.name, code, found.dept(code).name, code, base, rate, share if rate is not None else None,
                  amount, state, why, states, seen)
        )  # fmt: skip
    return Outcome(rule.name, tuple(awards), () if rate is not None else (rule.rate,))


def _judged(name: str, value: Decimal | None, care: str, rates: Rates) -> str:
    line = red_lines()[name]
    if care in line.not_for:
        return kernels.NOT_ASKED
    return kernels.judge(value, rates(line.limit), line.better)


def _state(base: int, rate: Decimal | None, lines: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A failed line cancels even while another is missing: nothing that may still come can make it payable."""
    if base <= 0:
        return NONE, ("no_saving",)
    failed = tuple(f"red_failed:{name}" for name, state in lines.items() if state == kernels.FAIL)
    if failed:
        return CANCELLED, failed
    missing = tuple(f"red_missing:{name}" for name, state in lines.items() if state == kernels.MISSING)
    if rate is None:
        missing = ("undecided", *missing)
    return (PENDING, missing) if missing else (PAYABLE, ())


def _bases(rule: Rule, found: Figures) -> dict[str, int]:
    """Department -> fen the share is taken of."""
    if rule.base == "saving":
        return {code: spent.saved for code, spent in found.spent.items()}
    values = found.by_dept(rule.base).items()
    return {
        code: yuan_to_fen(_fen(one.numerator)) for code, one in values if code and one.numerator is not None
    }


def _fen(value: Decimal) -> Decimal:
    """Reported amounts may carry more than two places."""
    return half_up(value)


def _money(value: Decimal | None) -> int | None:
    return None if value is None else yuan_to_fen(_fen(value))


def _award(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    sum_, limit = _money(rates(rule.rate)), rates(rule.over)
    undecided = tuple(n for n, v in ((rule.rate, sum_), (rule.over, limit)) if v is None)
    days = {one.object: one.ratio for one in found.values.get("project_delivery", ())}
    tests = {one.object: one.ratio for one in found.values.get("project_quality", ())}
    awards = []
    for one in found.values.get(rule.base, ()):
        spent, plan = _money(one.numerator), _money(one.denominator)
        given = (rule.name, one.object, one.name, one.dept)
        # Before its acceptance a project has saved nothing yet: it is only not finished.
        if spent is None or plan is None or undecided or one.object not in tests:
            why = (
                ("undecided",)
                if undecided
                else ("no_figure",)
                if spent is None or plan is None
                else ("not_accepted",)
            )
            awards.append(Award(*given, None, None, sum_, None, PENDING, why))
            continue
        assert limit is not None
        met = kernels.special(plan, spent, limit, days.get(one.object), tests.get(one.object))
        state, why = (PAYABLE, (f"met_{met}",)) if met else (NONE, ("not_met",))
        amount = sum_ if met else 0
        awards.append(Award(*given, plan - spent, None, amount, amount, state, why))
    return Outcome(rule.name, tuple(awards), undecided)


def _lump(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    keep, head = rates(rule.keep), rates(rule.rate)
    undecided = tuple(n for n, v in ((rule.keep, keep), (rule.rate, head)) if v is None)
    awards = []
    for one in found.values.get(rule.base, ()):
        spent, total = _money(one.numerator), _money(one.denominator)
        name = found.dept(one.dept).name
        given = (rule.name, f"{one.dept}/{one.object}", f"{name} {one.name}".strip(), one.dept)
        if spent is None or total is None or keep is None or head is None:
            awards.append(
                Award(*given, None, None, None, None, PENDING, ("undecided" if undecided else "no_figure",))
            )
            continue
        amount = kernels.lump(total, spent, keep, head)
        state = CHARGE if amount < 0 else PAYABLE if amount else NONE
        why = ("overspent",) if amount < 0 else ()
        rate, bears = (head, "head") if amount < 0 else (keep, "")
        awards.append(Award(*given, total - spent, rate, max(0, amount), amount, state, why, bears=bears))
    return Outcome(rule.name, tuple(awards), undecided)


def _split(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    rate = rates(rule.rate)
    awards = []
    for one in found.values.get(rule.base, ()):
        spent, plan = _money(one.numerator), _money(one.denominator)
        code = f"{one.dept}/{one.object}"
        dept = found.dept(one.dept).name
        if spent is None or plan is None:
            awards.append(
                Award(rule.name, code, one.name, one.dept, None, rate, None, None, PENDING, ("no_figure",))
            )
            continue
        over = max(0, spent - plan)
        if not over:
            awards.append(
                Award(rule.name, code, one.name, one.dept, plan - spent, rate, 0, 0, NONE, ("no_saving",))
            )
        elif rate is None:
            awards.append(
                Award(rule.name, code, one.name, one.dept, -over, None, None, None, PENDING, ("undecided",))
            )
        else:
            parts = kernels.split(over, rate)
            for bears, name, part, its in (
                ("dept", dept, parts[0], rate), ("vendor", one.name, parts[1], ONE - rate)
            ):  # fmt: skip
                awards.append(
                    Award(
                        rule.name,
                        code,
                        name,
                        one.dept,
                        -over,
                        its,
                        0,
                        -part,
                        CHARGE,
                        ("overspent",),
                        bears=bears,
                    )
                )
    return Outcome(rule.name, tuple(awards), () if rate is not None else (rule.rate,))


def _insurer(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    rate, limit, bonus = rates(rule.rate), rates(rule.over), rates(rule.keep)
    balance, growth = found.hospital(rule.base), found.hospital("case_cost_growth")
    left = _money(balance.numerator) if balance else None
    total = _money(balance.denominator) if balance else None
    undecided = tuple(n for n, v in ((rule.rate, rate), (rule.over, limit), (rule.keep, bonus)) if v is None)
    given = (rule.name, "", "", "")
    grown = _value(growth) if growth else None
    if left is None or rate is None:
        award = Award(
            *given, left, rate, None, None, PENDING, ("undecided" if rate is None else "no_figure",)
        )
    else:
        kept = kernels.retention(left, rate)
        award = Award(
            *given, left, rate, kept, kept, PAYABLE if kept else NONE, () if kept else ("no_saving",)
        )
    coming = None
    if total is not None and limit is not None and bonus is not None:
        coming = kernels.next_total(total, grown, limit, bonus)
    return Outcome(rule.name, (award,), undecided, {"total": total, "growth": grown, "next_total": coming})


def _fund(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    amount, each = _money(rates(rule.rate)), rates(rule.keep)
    undecided = tuple(n for n, v in ((rule.rate, amount), (rule.keep, each)) if v is None)
    adopted, models = found.by_dept(rule.base), found.by_dept("model_workers")
    points: dict[str, Decimal] = {}
    for code in sorted({*adopted, *models} - {""}):
        first = adopted[code].numerator if code in adopted else None
        second = models[code].numerator if code in models else None
        points[code] = Decimal((first or 0) + (second or 0) * (each or 0))
    weights, _ = scale_to_integers(points.values())
    parts = kernels.fund(amount or 0, weights.tolist())
    awards = []
    for (code, own), part in zip(points.items(), parts, strict=True):
        state, why = (PAYABLE, ()) if part else (NONE, ("not_met",))
        if undecided:
            state, why = PENDING, ("undecided",)
        awards.append(
            Award(rule.name, code, found.dept(code).name, code, None, None, None if undecided else part,
                  None if undecided else part, state, why, measured={"points": own})
        )  # fmt: skip
    return Outcome(rule.name, tuple(awards), undecided, {"fund": amount})


def _record(rule: Rule, found: Figures, rates: Rates, choice: Choice) -> Outcome:
    return Outcome(rule.name)


_KINDS: Mapping[str, Callable[[Rule, Figures, Rates, Choice], Outcome]] = {
    "share": _share,
    "award": _award,
    "lump": _lump,
    "split": _split,
    "flag": flags.flagged,
    "insurer": _insurer,
    "fund": _fund,
    "record": _record,
}
