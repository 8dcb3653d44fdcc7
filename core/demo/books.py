"""Which workbook holds what: file names by extract or source, and the manifest of the whole set."""

from __future__ import annotations

from functools import lru_cache

from core.demo.words import book_words, spec


def file_of(part: str, period: int) -> str:
    """The workbook of an extract, ledger source or budget version for a month (0 for a dictionary)."""
    held = book_words()["files"][part]
    year = period // 100
    quarter = year * 10 + (period % 100 + 2) // 3
    return str(held[quarter] if quarter in held else held[year])


# A workbook whose sheets are of several extracts: each is told by its headings.
SEVERAL = ""


@lru_cache(maxsize=1)
def manifest() -> tuple[dict[str, str], ...]:
    """File, extract and source of every workbook, in the order they are imported."""
    sources = spec()["sources"]
    parts = {"budget": "budget", "operation": "operation_value", "payslip": "payroll"}
    found: dict[str, dict[str, str]] = {}
    for part, by_year in book_words()["files"].items():
        extract = "ledger_cost" if part in sources else parts.get(part.split("_")[0], part)
        source = str(sources.get(part, spec()["income_source"] if part == "income" else ""))
        for name in by_year.values():
            entry = {"file": str(name), "extract": extract}
            if found.get(str(name), entry)["extract"] != extract:
                entry["extract"] = SEVERAL
            found[str(name)] = {**entry, "source": source} if source else entry
    return tuple(found[name] for name in sorted(found))
