"""How departments and cost items are written in the files of a snapshot: distinct (code, name) pairs.

Resolving each pair once, instead of each row, keeps staging views down to one join per department column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from core.catalog import Extract
from core.staging.raw import OPTIONAL

# Too large to list when a snapshot opens; their views look departments up line by line.
LINE_BY_LINE = ("income_detail", "charge_line", "visit", "order", "lab_exam")
ROLES = ("dept", "item")
Pair = tuple[str, str]


def columns(extract: Extract) -> dict[str, tuple[Pair, ...]]:
    """'dept' and 'item' -> pairs of column names (code, name) of `extract` that name one; '' for no column."""
    if extract.name in (*LINE_BY_LINE, "dept", "cost_item"):
        return {}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(lambda: ["", ""]))
    for column in extract.columns:
        if column.role in ROLES:
            stem, _, part = column.name.rpartition("_")
            found[column.role][stem][0 if part == "code" else 1] = column.name
    for optional in OPTIONAL.get(extract.name, ()):
        found["item"][optional][0] = optional
    return {role: tuple((code, name) for code, name in pairs.values()) for role, pairs in found.items()}


def words_query(role: str, extracts: Mapping[str, Extract]) -> str:
    """Query over raw views: extract, hospital, period, raw_code, raw_name of every way a department or item is
    written, NULL as ''."""
    parts = []
    for extract in extracts.values():
        pairs = columns(extract).get(role, ())
        if pairs:
            # One scan a table, however many departments a line names.
            listed = ", ".join(f"({_text(code)}, {_text(name)})" for code, name in pairs)
            parts.append(
                f"select distinct '{extract.name}' as extract, hospital, period, unnest([{listed}]) as pair"
                f" from raw_{extract.name}"
            )
    together = " union all ".join(parts)
    return f"select distinct extract, hospital, period, pair[1] as raw_code, pair[2] as raw_name from ({together})"


def _text(column: str) -> str:
    return f"coalesce({column}, '')" if column else "''"
