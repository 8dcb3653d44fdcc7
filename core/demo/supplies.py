"""Drugs and consumables as the stores issue them: charged ones at cost (no mark-up), uncharged ones by use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.demo.entries import Entry
from core.demo.income import by_unit
from core.demo.numbers import noise
from core.demo.organisation import departments, periods, units
from core.demo.volumes import volumes
from core.demo.words import generator, spec

WESTERN, PATENT, HERBS = "3021801", "3021802", "3021803"
HIGH, LOW, REAGENT, IMAGING = "3021811", "3021812", "3021813", "3021814"


def drugs() -> Iterator[Entry]:
    """Drug cost: what a unit's patients used, bought and sold at the same price; anaesthetics and contrast apart."""
    rule, draw = spec()["drug_cost"], generator("drugs")
    sold, herbs = by_unit(executing=False, classes=("drugs",)), by_unit(executing=False, classes=("herbs",))
    clinical = [dept.code for dept in departments() if dept.dept_class == "clinical"]
    for period in periods():
        for code, lag in zip(clinical, noise(draw, 14, len(clinical)), strict=True):
            cost = sold.get((period, code), 0) * int(rule["clinical"]) // 10_000 * int(lag) // 1000
            patent = cost * int(rule["patent"]) // 100
            yield from _issue("drugs", period, code, {WESTERN: cost - patent, PATENT: patent}, draw)
            bought = herbs.get((period, code), 0) * int(rule["herbs"]) // 10_000
            yield from _issue("drugs", period, code, {HERBS: bought}, draw)
        everything = sum(fen for (month, _), fen in sold.items() if month == period)
        for code, share in rule["technical"].items():
            yield from _issue("drugs", period, code, {WESTERN: everything * int(share) // 10_000}, draw)


def materials() -> Iterator[Entry]:
    """Consumables of every department and month, with the planted errors."""
    draw, planted = generator("materials"), spec()["planted"]
    for m, period in enumerate(periods()):
        for (code, item), fen in sorted(_used(m, period, draw).items()):
            wrong, over = planted["mis_keyed"], planted["over_budget"]
            if (code, item, period) == (wrong["dept"], wrong["item"], wrong["period"]):
                fen *= int(wrong["factor"])
            if (code, item) == (over["dept"], over["item"]) and period in over["periods"]:
                fen += int(over["extra"]) * 100
            yield from _issue("materials", period, code, {item: fen}, draw)
        if period in planted["unmapped"]["periods"]:
            new = planted["unmapped"]
            yield from _issue("materials", period, new["dept"], {LOW: int(new["materials"]) * 100}, draw)


def _used(m: int, period: int, draw: np.random.Generator) -> dict[tuple[str, str], int]:
    rule, made = spec()["material_cost"], volumes()
    charged = by_unit(executing=True, classes=("materials",))
    executed = by_unit(executing=True)
    used: dict[tuple[str, str], int] = {}

    def add(code: str, item: str, fen: int) -> None:
        if fen:
            used[code, item] = used.get((code, item), 0) + fen

    for dept, lag in zip(departments(), noise(draw, 25, len(departments())), strict=True):
        fen = charged.get((period, dept.code), 0) * int(lag) // 1000
        high, low = rule["charged"].get(dept.code, rule["charged"]["default"])
        if dept.code in rule["imaging"]:
            add(dept.code, IMAGING, fen)
        else:
            add(dept.code, HIGH, fen * int(high) // (int(high) + int(low)))
            add(dept.code, LOW, fen - fen * int(high) // (int(high) + int(low)))
        item, share = rule["uncharged"].get(dept.code, (LOW, 0))
        add(dept.code, item, executed.get((period, dept.code), 0) * int(share) // 10_000 * int(lag) // 1000)
        add(dept.code, LOW, int(rule["fixed"].get(dept.code, 0)) * int(lag) // 10)
    for i, ward in enumerate(units("inpatient")):
        add(ward.code, LOW, int(made.bed_days[i, m]) * int(rule["per_bed_day"]) * 100)
    for i, clinic in enumerate(units("outpatient")):
        add(clinic.code, LOW, int(made.visits[i, m]) * int(rule["per_visit"]) * 100)
    return used


def _issue(
    source: str, period: int, code: str, items: dict[str, int], draw: np.random.Generator
) -> Iterator[Entry]:
    """Issues of a month; now and then part of an issue goes back to the store as a negative line of its own."""
    words = spec()["memo"]
    for item, fen in items.items():
        if not fen:
            continue
        back = fen // 31 if int(draw.integers(0, 70)) == 0 else 0
        number = f"{source[0].upper()}K{period}{code}{item[-2:]}"
        yield Entry(source, period, code, item, fen + back, voucher=number, memo=words["issue"])
        if back:
            yield Entry(source, period, code, item, -back, voucher=f"{number}T", memo=words["return"])
