"""Departments and months of the demo hospital.

Codes are four digits with a leading zero: 01 administration, 02 auxiliary, 03 technical, 04 outpatient units,
05 wards. The outpatient unit and the ward of one specialty share their last two digits.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import lru_cache

from core.demo.words import spec


@dataclass(frozen=True, slots=True)
class Department:
    """One department: people and square metres at the start, `volume` its share of visits (outpatient units),
    `beds` approved beds and `stay` tenths of a day (wards), `equipment` yuan of depreciation a month."""

    code: str
    name: str
    dept_class: str
    care: str
    people: int
    area: int
    kind: str = ""
    parent: str = ""
    volume: int = 0
    beds: int = 0
    stay: int = 0
    equipment: int = 0


@lru_cache(maxsize=1)
def departments() -> tuple[Department, ...]:
    """All departments by code."""
    raw = spec()["departments"]
    made = [Department(c, n, cls, "none", p, a) for cls in ("admin", "auxiliary") for c, n, p, a in raw[cls]]
    made += [Department(c, n, "technical", "none", p, a, equipment=e) for c, n, p, a, e in raw["technical"]]
    for number, name, kind, outpatient, ward in raw["clinical"]:
        both = outpatient is not None and ward is not None
        if outpatient is not None:
            weight, people, area = outpatient
            made.append(
                Department(
                    f"04{number}",
                    name + (spec()["outpatient_suffix"] if both else ""),
                    "clinical",
                    "outpatient",
                    people,
                    area,
                    kind,
                    parent=f"05{number}" if both else "",
                    volume=weight,
                )
            )
        if ward is not None:
            beds, people, area, stay = ward
            made.append(
                Department(
                    f"05{number}",
                    name + (spec()["ward_suffix"] if both else ""),
                    "clinical",
                    "inpatient",
                    people,
                    area,
                    kind,
                    beds=beds,
                    stay=stay,
                )
            )
    return tuple(sorted(made, key=lambda dept: dept.code))


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Department code -> name in the dictionary."""
    return {dept.code: dept.name for dept in departments()}


def of_class(*classes: str) -> tuple[Department, ...]:
    """Departments of the given classes, by code."""
    return tuple(dept for dept in departments() if dept.dept_class in classes)


def units(care: str) -> tuple[Department, ...]:
    """Clinical departments that are 'outpatient' or 'inpatient' units, by code."""
    return tuple(dept for dept in departments() if dept.care == care)


@lru_cache(maxsize=1)
def periods() -> tuple[int, ...]:
    """All months as yyyymm."""
    first, count = int(spec()["first_period"]), int(spec()["months"])
    start = first // 100 * 12 + first % 100 - 1
    return tuple((month // 12) * 100 + month % 12 + 1 for month in range(start, start + count))


def days(period: int) -> int:
    """Calendar days of a month yyyymm."""
    return calendar.monthrange(period // 100, period % 100)[1]
