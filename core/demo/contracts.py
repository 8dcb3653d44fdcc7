"""The contract register of the last year: contracts out of the budget in force, paid in parts, with planted breaches."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from core.demo.budget import HUNDRED, budget_lines
from core.demo.numbers import split
from core.demo.words import generator, item_classes, spec


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One line: a contract without payment (`paid` None), or one payment on it. `fen` is None where there is no
    contract; `dept` is '' for the whole hospital."""

    contract: str
    vendor: str
    project: str
    dept: str
    item: str
    year: int
    fen: int | None
    signed: date | None
    paid_on: date | None
    paid: int | None
    voucher: str


def _budgets(year: int) -> dict[tuple[str, str], int]:
    """(department or '', item class) -> fen of the adjusted budget of the year."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for line in budget_lines():
        if line.period // 100 == year and line.version == "adjusted":
            found[line.dept, line.item_class] += line.fen
            found["", line.item_class] += line.fen
    return found


@lru_cache(maxsize=1)
def contract_lines() -> tuple[ContractLine, ...]:
    """Every line by contract number and payment date."""
    rule, planted = spec()["contracts"], spec()["planted"]
    year, vendors, held = int(rule["year"]), rule["vendors"], _budgets(int(rule["year"]))
    draw = generator("contracts")
    lines: list[ContractLine] = []
    number = 0
    for dept, item, project, count, share, most in rule["kinds"]:
        whole = held[dept, item_classes()[item]] * int(share) // 1000 // HUNDRED
        for nth, hundreds in enumerate(split(whole, draw.integers(60, 141, int(count))), 1):
            number += 1
            fen = int(hundreds) * HUNDRED
            signed = date(year, 1, 6) + timedelta(int(draw.integers(0, 240)))
            paid, days = _payments(fen, int(draw.integers(0, int(most) + 1)), draw, signed)
            if (project, nth) == (
                planted["contract_paid_over"]["project"],
                planted["contract_paid_over"]["nth"],
            ):
                days, paid = days or [30], paid or [0]
                paid[-1] += fen - sum(paid) + int(planted["contract_paid_over"]["extra"]) * 100
            if (project, nth) == (
                planted["contract_paid_early"]["project"],
                planted["contract_paid_early"]["nth"],
            ):
                days, paid = days or [0], paid or [fen // 2]
                days[0] = -int(planted["contract_paid_early"]["days"])
            base = (str(rule["number"]).format(number), vendors[int(draw.integers(0, len(vendors)))], project,
                    dept, item, year, fen, signed)  # fmt: skip
            lines += [ContractLine(*base, None, None, "")] if not paid else []
            lines += [
                ContractLine(
                    *base, signed + timedelta(day), amount, rule["voucher"].format(f"{number:03d}{i}")
                )
                for i, (day, amount) in enumerate(zip(days, paid, strict=True), 1)
            ]
    return (*lines, *_planted(planted, year, str(vendors[2]), number + 1))


def _payments(fen: int, count: int, draw: Any, signed: date) -> tuple[list[int], list[int]]:
    """Amounts and days after signing: up to `count` instalments, those after the end of the year left out."""
    if not count:
        return [], []
    parts = [int(part) for part in split(fen // HUNDRED, draw.integers(80, 121, count))]
    gap = int(draw.integers(20, 61))
    days = [15 + gap * i for i in range(count)]
    kept = [i for i in range(count) if (signed + timedelta(days[i])).year == signed.year]
    return [parts[i] * HUNDRED for i in kept], [days[i] for i in kept]


def _planted(planted: Any, year: int, vendor: str, number: int) -> list[ContractLine]:
    over, loose = planted["contract_over_budget"], planted["contract_missing"]
    return [
        ContractLine(
            spec()["contracts"]["number"].format(number), vendor, over["project"], over["dept"], over["item"], year,
            int(over["amount"]) * 100, date.fromisoformat(over["signed"]), None, None, "",
        ),
        ContractLine(
            loose["number"], vendor, loose["project"], loose["dept"], loose["item"], year, None, None,
            date.fromisoformat(loose["paid_on"]), int(loose["paid"]) * 100, spec()["contracts"]["voucher"].format("Y07"),
        ),
    ]  # fmt: skip
