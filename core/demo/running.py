"""What the asset register and the general ledger book: depreciation, amortisation, risk fund, running cost, grants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.demo.entries import Entry
from core.demo.income import by_unit
from core.demo.numbers import Ints, noise, split
from core.demo.organisation import Department, departments, periods
from core.demo.people import headcount
from core.demo.words import generator, item_names, spec

BUILDING, SPECIAL, GENERAL, FURNITURE = "50101", "50102", "50103", "50104"
SOFTWARE, LAND, RISK = "50201", "50202", "50301"


def assets() -> Iterator[Entry]:
    """Depreciation and amortisation in whole yuan; new machines are steps, written-off ones steps down."""
    rule = spec()["assets"]
    for m, period in enumerate(periods()):
        for i, dept in enumerate(departments()):
            special = dept.equipment + dept.beds * int(rule["bed_equipment"])
            software = int(rule["software"].get(dept.code, 0))
            special += sum(y for code, start, y in rule["steps"] if code == dept.code and period >= start)
            software += sum(
                y for code, start, y in rule["software_steps"] if code == dept.code and period >= start
            )
            yuan = {
                BUILDING: dept.area * int(rule["building_per_m2"]),
                SPECIAL: special,
                GENERAL: int(headcount()[i, m]) * int(rule["general_per_head"]),
                FURNITURE: int(headcount()[i, m]) * int(rule["furniture_per_head"]),
                SOFTWARE: software,
                LAND: int(rule["land"].get(dept.code, 0)),
            }
            for item, amount in yuan.items():
                if amount:
                    yield Entry("assets", period, dept.code, item, amount * 100)


def general() -> Iterator[Entry]:
    """Running cost and risk fund by department and month with voucher and memo, and corrections in red."""
    draw, words = generator("general"), spec()["memo"]
    ordered = by_unit(executing=False)
    for m, period in enumerate(periods()):
        number = 0
        month: list[Entry] = []
        for item, rule in spec()["running"].items():
            number += 1
            voucher = spec()["voucher"].format(number=number)
            for code, fen in _shares(item, rule, m, period, draw):
                month.append(Entry("general", period, code, item, fen, voucher=voucher, memo=words[item]))
        for dept in departments():
            fen = ordered.get((period, dept.code), 0) * int(spec()["risk_fund"]) // 10_000
            if fen:
                voucher = spec()["voucher"].format(number=number + 1)
                month.append(
                    Entry("general", period, dept.code, RISK, fen, voucher=voucher, memo=words[RISK])
                )
        new = spec()["planted"]["unmapped"]
        if period in new["periods"]:
            fen = int(new["other"]) * 100
            month.append(Entry("general", period, new["dept"], "30299", fen, voucher="", memo=words["30299"]))
        yield from month
        yield from _reversals(month, period, number + 2, draw)


def _shares(
    item: str, rule: dict, m: int, period: int, draw: np.random.Generator
) -> Iterator[tuple[str, int]]:
    months = rule["months"]
    grown = int(rule["total"]) * (100 + int(rule["growth"])) ** (period // 100 - 2023)
    year = grown // 100 ** (period // 100 - 2023) * 100
    total = int(split(year, months)[period % 100 - 1])
    weights = _bearers(str(rule["by"]), m) * noise(draw, 60, len(departments()))
    present = draw.integers(0, 100, size=len(departments())) < int(rule["lines"])
    weights = np.where(present, weights, 0)
    if total and weights.sum():
        for dept, fen in zip(departments(), split(total, weights), strict=True):
            if fen:
                yield dept.code, int(fen)


def _bearers(by: str, m: int) -> Ints:
    """Weights over all departments of one running cost."""

    def weight(i: int, dept: Department) -> int:
        people = int(headcount()[i, m])
        if by == "area":
            return dept.area
        if by == "people":
            return people * (2 if dept.dept_class == "admin" else 1)
        if by == "equipment":
            return dept.area * 12 + dept.equipment // 25 + dept.beds * 40
        if by == "staffed":
            return people if dept.dept_class in ("admin", "auxiliary") else people // 8
        return int(spec()["outside"].get(dept.code, 0))

    return np.array([weight(i, dept) for i, dept in enumerate(departments())], dtype=np.int64)


def _reversals(month: list[Entry], period: int, number: int, draw: np.random.Generator) -> Iterator[Entry]:
    """Corrections of earlier bookings: negative lines whose memo names the voucher they take back."""
    small = [entry for entry in month if entry.voucher and entry.item not in (RISK, "30206")]
    picked = draw.choice(len(small), size=int(spec()["reversals"]), replace=False)
    before = period % 100 - 1 or 12
    for offset, index in enumerate(sorted(int(i) for i in picked)):
        entry = small[index]
        memo = spec()["memo"]["reversal"].format(month=before, voucher=entry.voucher)
        voucher = spec()["voucher"].format(number=number + offset)
        fen = -(entry.fen * 3 // 20)
        if fen:
            yield Entry("general", period, entry.dept, entry.item, fen, voucher=voucher, memo=memo)


def grants() -> Iterator[Entry]:
    """Fiscal projects, science projects and asset disposal; every amount is a multiple of 10 yuan."""
    rules = spec()["grants"]
    draw = generator("grants")
    assert all(item in item_names() for _, item, *_ in rules["lines"])
    for code, item, fund, first, growth, pattern in rules["lines"]:
        for year in spec()["years"]:
            total = int(first) * (100 + int(growth) * (year - 2023)) // 1000
            weights = np.array(rules[pattern], dtype=np.int64)
            spread = noise(draw, 0 if pattern == "even" else 120, 12)
            for month, tens in enumerate(split(total, weights * spread), start=1):
                if tens:
                    yield Entry("grants", year * 100 + month, code, item, int(tens) * 1000, fund=fund)
