"""People of the demo hospital one by one: the roster, a month's payroll and a quarter's training.

What is counted of them agrees with what the hospital reports by hand for the same month: senior titles, cost officers,
people trained, hours; and payroll adds up to what the ledger books for each department.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, load_yaml
from core.demo.numbers import split
from core.demo.operations import Reported, reported
from core.demo.organisation import departments, names, periods
from core.demo.people import headcount, payroll, staff_mix


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Any]:
    """The whole definition (core/definitions/demo_systems.yaml)."""
    loaded: Mapping[str, Any] = load_yaml(DEFINITIONS / "demo_systems.yaml")
    return loaded


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff; `kind` is the profession of the headcount."""

    code: str
    dept: str
    kind: str
    place: int  # among those of the same profession, over the whole hospital


@lru_cache(maxsize=64)
def stated(metric: str, period: int) -> tuple[Reported, ...]:
    """What is reported by hand for a metric and month."""
    return tuple(one for one in reported() if one.metric == metric and one.period == period)


def people(period: int) -> Iterator[Person]:
    """Everybody on the books of a month, numbered through the hospital."""
    m, seen, number = periods().index(period), dict.fromkeys(rules()["roster"]["categories"], 0), 0
    for i, dept in enumerate(departments()):
        for kind, count in staff_mix(dept, int(headcount()[i, m])).items():
            for _ in range(count):
                number += 1
                yield Person(f"{number:05d}", dept.code, kind, seen[kind])
                seen[kind] += 1


def roster_rows() -> Iterator[tuple[Any, ...]]:
    """period, emp_code, dept_code, dept_name, category, title, degree, nurse_level, post, is_cross_trained, state."""
    said = rules()["roster"]
    period = int(said["period"])
    (senior,), (officers,), (broad,) = (
        stated(metric, period) for metric in ("senior_titles", "cost_officers", "cross_trained")
    )
    led = {dept.code for dept in departments()[: officers.top]}
    health = 0
    every = 2000 // max(1, broad.top)
    for at, one in enumerate(people(period)):
        step = health * senior.top // int(senior.bottom or 1)
        health += one.kind in said["health"]
        high = one.kind in said["health"] and health * senior.top // int(senior.bottom or 1) > step
        titles = said["senior" if high else "junior"][one.kind]
        degrees = said["degrees"][one.kind]
        first = one.dept in led
        led.discard(one.dept)
        yield (
            period, one.code, one.dept, names()[one.dept], said["categories"][one.kind], titles[one.place % len(titles)],
            degrees[one.place % len(degrees)],
            said["levels"][one.place % len(said["levels"])] if one.kind == "nurses" else None,
            said["officer"] if first else None, at % every == 0 and at // every < broad.top, said["state"],
        )  # fmt: skip


def payroll_rows() -> Iterator[tuple[Any, ...]]:
    """period, emp_code, dept_code, dept_name, category, wage_item, fen: each ledger item split over its people."""
    said = rules()["payroll"]
    period = int(said["period"])
    staff: dict[str, list[Person]] = defaultdict(list)
    for one in people(period):
        staff[one.dept].append(one)
    shares: dict[tuple[str, str], Iterator[int]] = {}
    for entry in payroll():
        if entry.period == period and entry.item in said["items"]:
            held = staff[entry.dept]
            weights = [said["weights"][one.kind] * (97 + one.place * 7 % 13) for one in held]
            shares[entry.dept, entry.item] = iter(split(entry.fen, weights).tolist())
    for dept, held in staff.items():
        for one in held:
            for item, wage in said["items"].items():
                fen = next(shares[dept, item])
                category = rules()["roster"]["categories"][one.kind]
                yield period, one.code, dept, names()[dept], category, wage, int(fen)


def training_rows() -> Iterator[tuple[Any, ...]]:
    """period, emp_code, dept_code, dept_name, course, topic, held_on, hours: as many people and hours as reported."""
    said = rules()["training"]
    trained = {one.dept: one.top for one in stated("training", int(said["period"]))}
    (hours,) = stated("training_hours", int(said["period"]))
    staff = list(people(int(said["period"])))
    left = int(hours.top)
    for at, one in enumerate(staff):
        if trained.get(one.dept, 0) > 0:
            trained[one.dept] -= 1
            left -= int(said["cost_hours"])
            yield _session(one, said["cost"][at % len(said["cost"])], int(said["cost_hours"]))
    at = 0
    while left > 0:
        length = min(left, int(said["other_hours"]))
        left -= length
        one = staff[at * 5 % len(staff)]
        yield _session(one, said["others"][at % len(said["others"])], length)
        at += 1


def _session(one: Person, course: list[Any], hours: int) -> tuple[Any, ...]:
    held = course[0] if isinstance(course[0], date) else date.fromisoformat(str(course[0]))
    return (
        held.year * 100 + held.month,
        one.code,
        one.dept,
        names()[one.dept],
        course[1],
        course[2],
        held,
        hours,
    )
