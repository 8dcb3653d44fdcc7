"""Medical income by ordering department x executing department x patient type x charge class.

Month totals, drug share and class shares come from the definition; each (month, patient type, class) total is then
split over units and executing departments in proportion to volume x intensity x route, to the fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.demo.numbers import Ints, corner_path, even_path, noise, split
from core.demo.organisation import Department, periods, units
from core.demo.volumes import monthly, volumes
from core.demo.words import generator, spec

CARE = ("outpatient", "inpatient")


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One income cell; `fen` may be negative where refunds exceed charges."""

    period: int
    order: str
    execute: str
    care: str
    charge_class: str
    fen: int


@dataclass(frozen=True)
class Route:
    """All (ordering, executing) pairs of one patient type and class, with integer weights before volume."""

    unit: Ints
    order: tuple[str, ...]
    execute: tuple[str, ...]
    weight: Ints


def class_totals() -> dict[tuple[str, str], Ints]:
    """(patient type, charge class) -> fen by month. Sums to the month's income exactly."""
    months = periods()
    income = monthly("income", unit=100)
    drug_share = corner_path(spec()["drug_share"], months)
    op_share = even_path(
        int(spec()["outpatient_share"]["first"]), int(spec()["outpatient_share"]["last"]), len(months)
    )
    drug_split = spec()["drug_split"]
    drugs = income * drug_share // 10_000
    ip_drugs = drugs * int(drug_split["inpatient"]) // 10_000
    totals: dict[tuple[str, str], Ints] = {}
    for care, whole, pharmacy in (
        ("outpatient", income * op_share // 10_000, drugs - ip_drugs),
        ("inpatient", income - income * op_share // 10_000, ip_drugs),
    ):
        herbs = pharmacy * int(drug_split["herbs"]) // 10_000
        totals[care, "drugs"], totals[care, "herbs"] = pharmacy - herbs, herbs
        classes = spec()["class_weights"][care]
        paths = np.stack([even_path(first, last, len(months)) for first, last in classes.values()])
        rest = whole - pharmacy
        shares = np.stack([split(int(rest[m]), paths[:, m]) for m in range(len(months))], axis=1)
        totals |= {(care, name): shares[i] for i, name in enumerate(classes)}
    return totals


def _route(care: str, charge_class: str) -> Route:
    clinics: tuple[Department, ...] = units(care)
    found: list[tuple[int, str, str, int]] = []
    for index, clinic in enumerate(clinics):
        intensity = int(spec()["profiles"][care].get(clinic.kind, {}).get(charge_class, 0))
        by_kind = spec()["routes"][charge_class][care]
        for target, share in by_kind.get(clinic.kind, by_kind["default"]) if intensity else ():
            executing = clinic.code if target == "self" else target
            found.append((index, clinic.code, executing, intensity * int(share)))
    return Route(
        np.array([entry[0] for entry in found], dtype=np.int64),
        tuple(entry[1] for entry in found),
        tuple(entry[2] for entry in found),
        np.array([entry[3] for entry in found], dtype=np.int64),
    )


@lru_cache(maxsize=1)
def income_lines() -> tuple[IncomeLine, ...]:
    """Every income cell of 36 months, by period; zero cells are left out."""
    made = volumes()
    quiet = spec()["planted"]["no_income"]
    draw = generator("income")
    lines: list[list[IncomeLine]] = [[] for _ in periods()]
    for (care, charge_class), totals in class_totals().items():
        route = _route(care, charge_class)
        volume = (made.visits if care == "outpatient" else made.bed_days + 6 * made.discharges)[route.unit]
        wobble = noise(draw, 55, volume.shape)
        refunds = draw.integers(0, 260, size=volume.shape)
        for m, period in enumerate(periods()):
            weights = route.weight * volume[:, m] * wobble[:, m] // 1000
            if period == quiet["period"]:
                weights[np.array([code == quiet["dept"] for code in route.execute])] = 0
            amounts = split(int(totals[m]), weights)
            if charge_class == "other":
                amounts = _refund(amounts, refunds[:, m])
            lines[m] += [
                IncomeLine(period, order, execute, care, charge_class, int(fen))
                for order, execute, fen in zip(route.order, route.execute, amounts, strict=True)
                if fen
            ]
    return tuple(line for month in lines for line in month)


def _refund(amounts: Ints, draw: Ints) -> Ints:
    """Where the draw is 0, last month's refunds exceed this month's charges; the largest cell keeps the sum."""
    turned = np.where(draw == 0, -(amounts // 7), amounts)
    turned[int(np.argmax(amounts))] += int(amounts.sum() - turned.sum())
    return turned


@lru_cache(maxsize=4)
def by_unit(*, executing: bool, classes: tuple[str, ...] = ()) -> dict[tuple[int, str], int]:
    """(period, executing or ordering department) -> fen, of the given classes (all when empty)."""
    totals: dict[tuple[int, str], int] = {}
    for line in income_lines():
        if classes and line.charge_class not in classes:
            continue
        key = (line.period, line.execute if executing else line.order)
        totals[key] = totals.get(key, 0) + line.fen
    return totals
