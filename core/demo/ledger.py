"""The cost ledger of 36 months: every source's entries in one order."""

from __future__ import annotations

from functools import lru_cache

from core.demo import people, running, supplies
from core.demo.entries import Entry
from core.demo.words import spec


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All entries by source, then period, department, item, voucher."""
    made = [
        *people.payroll(),
        *supplies.materials(),
        *supplies.drugs(),
        *running.assets(),
        *running.general(),
        *running.grants(),
    ]
    order = {source: i for i, source in enumerate(spec()["sources"])}
    return tuple(
        sorted(made, key=lambda e: (order[e.source], e.period, e.dept, e.fund, e.item, e.voucher, -e.fen))
    )


def without_planted() -> list[Entry]:
    """Entries as they would be without the planted errors: what a budget may be based on."""
    planted = spec()["planted"]
    wrong, over, new = planted["mis_keyed"], planted["over_budget"], planted["unmapped"]
    clean: list[Entry] = []
    for entry in entries():
        if entry.dept == new["dept"]:
            continue
        fen = entry.fen
        if entry.source == "materials" and (entry.dept, entry.item, entry.period) == (
            wrong["dept"],
            wrong["item"],
            wrong["period"],
        ):
            fen //= int(wrong["factor"])
        if entry.source == "materials" and (entry.dept, entry.item) == (over["dept"], over["item"]):
            extra = int(over["extra"]) * 100 if entry.period in over["periods"] and fen > 0 else 0
            fen -= extra
        clean.append(
            Entry(
                entry.source, entry.period, entry.dept, entry.item, fen, entry.fund, entry.voucher, entry.memo
            )
        )
    return clean
