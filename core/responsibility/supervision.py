"""The board of the supervision committee: what is open at which stage, overdue, how old, in which department.

overview(traces, today) -> Overview
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

from core.responsibility.tracing import CLOSED, DISMISSED, OPEN, STAGES, Trace

AGES = (("week", 7), ("month", 30), ("quarter", 90), ("older", None))


@dataclass(frozen=True, slots=True)
class Count:
    """How many matters are open and how many of them overdue."""

    open: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """See overview(). `on_time` and `days` are None while nothing was closed."""

    total: int
    open: int
    overdue: int
    closed: int
    dismissed: int
    returned: int
    on_time: Decimal | None
    days: Decimal | None
    stages: Mapping[str, Count]
    ages: Mapping[str, Count]
    depts: Mapping[str, Count]
    sources: Mapping[str, Count]
    names: Mapping[str, str]


def age_band(days: int) -> str:
    """The band of an age in days: up to 7, 30, 90, older."""
    return next(name for name, most in AGES if most is None or days <= most)


def overview(found: Sequence[Trace], today: date) -> Overview:
    """Counts over all matters.

    on_time = closed without any late step / closed; days = median age of the closed ones; returned = matters whose
    correction was sent back at least once.
    """
    stages, ages = ({name: Count() for name in names} for names in (OPEN, [name for name, _ in AGES]))
    depts: dict[str, Count] = {}
    sources: dict[str, Count] = {}
    for one in found:
        if not one.open:
            continue
        late = one.overdue(today)
        for where, name in (
            (stages, one.stage), (ages, age_band(one.age(today))), (depts, one.dept), (sources, one.source)
        ):  # fmt: skip
            before = where.get(name, Count())
            where[name] = Count(before.open + 1, before.overdue + late)
    closed = [one for one in found if one.stage == CLOSED]
    by_count = {stage: sum(one.stage == stage for one in found) for stage in STAGES}
    return Overview(
        total=len(found),
        open=sum(by_count[stage] for stage in OPEN),
        overdue=sum(count.overdue for count in stages.values()),
        closed=len(closed),
        dismissed=by_count[DISMISSED],
        returned=sum(one.returned > 0 for one in found),
        on_time=Decimal(sum(not one.late for one in closed)) / len(closed) if closed else None,
        days=Decimal(str(median(one.age(today) for one in closed))) if closed else None,
        stages=stages,
        ages=ages,
        depts=dict(sorted(depts.items(), key=lambda item: (-item[1].overdue, -item[1].open, item[0]))),
        sources=sources,
        names={one.dept: one.dept_name for one in found},
    )
