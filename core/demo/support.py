"""Floor area, internal services and yearly allocation parameters of the demo hospital."""

from __future__ import annotations

from dataclasses import dataclass

from core.demo.numbers import noise
from core.demo.organisation import departments, periods, units
from core.demo.volumes import volumes
from core.demo.words import generator, spec


@dataclass(frozen=True, slots=True)
class Service:
    """Quantity of one internal service that `source` did for `target` in a month."""

    period: int
    source: str
    target: str
    code: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of an allocation parameter, valid from `period` on."""

    period: int
    source: str
    target: str
    code: str
    name: str
    value: int


def areas() -> dict[tuple[int, str], int]:
    """(period, department) -> square metres, at the two dates floor area was measured."""
    held: dict[tuple[int, str], int] = {}
    for period in spec()["area_periods"]:
        grown = spec()["area_growth"].get(period, {})
        for dept in departments():
            held[period, dept.code] = dept.area + int(grown.get(dept.code, 0))
    return held


def services() -> list[Service]:
    """Internal services by volume; one month the oxygen meter reports nothing (planted: a driver of zero)."""
    draw, made, dead = generator("services"), volumes(), spec()["planted"]["zero_driver"]
    lines: list[Service] = []
    for m, period in enumerate(periods()):
        for source, rule in spec()["services"].items():
            counted: dict[str, int] = {}
            for i, ward in enumerate(units("inpatient")):
                thousandths = int(made.bed_days[i, m]) * int(rule["bed_day"])
                thousandths += int(made.discharges[i, m]) * int(rule["discharge"])
                counted[ward.code] = thousandths // 1000
            for i, clinic in enumerate(units("outpatient")):
                counted[clinic.code] = int(made.visits[i, m]) * int(rule["visit"]) // 1000
            for code, fixed in rule["fixed"].items():
                counted[code] = counted.get(code, 0) + int(fixed)
            factors = noise(draw, 30, len(counted))
            for (target, quantity), factor in zip(sorted(counted.items()), factors, strict=True):
                zero = (source, period) == (dead["dept"], dead["period"])
                if quantity:
                    lines.append(
                        Service(
                            period,
                            source,
                            target,
                            rule["code"],
                            rule["name"],
                            0 if zero else quantity * int(factor) // 1000,
                        )
                    )
    return lines


def parameters() -> list[Parameter]:
    """Yearly parameters from the volumes of the year before (the first year from its own)."""
    made = volumes()
    lines: list[Parameter] = []
    for y, year in enumerate(spec()["years"]):
        counted = slice(12 * max(0, y - 1), 12 * max(0, y - 1) + 12)
        for source, code, name, by in spec()["parameters"]:
            clinics = units("outpatient" if by == "visits" else "inpatient")
            values = (made.visits if by == "visits" else made.discharges)[:, counted].sum(axis=1)
            lines += [
                Parameter(year * 100 + 1, source, clinic.code, code, name, int(value))
                for clinic, value in zip(clinics, values, strict=True)
            ]
    return lines
