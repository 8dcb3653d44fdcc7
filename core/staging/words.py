"""How departments and cost items are written in the files of a snapshot: distinct (code, name) pairs.

Resolving each pair once, instead of each row, keeps staging views down to one join per department column. A data file
never changes, so its pairs are read once per process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from core import engine
from core.catalog import Extract
from core.staging.raw import OPTIONAL, columns_of
from core.store.types import DataFile

# Too large to list when a snapshot opens; their views look departments up line by line.
LINE_BY_LINE = ("income_detail", "charge_line")
Pair = tuple[str, str]
Words = dict[str, frozenset[Pair]]
_known: dict[Path, Words] = {}


def columns(extract: Extract) -> dict[str, tuple[Pair, ...]]:
    """'dept' and 'item' -> pairs of column names (code, name) of `extract` that name one; '' for no column."""
    if extract.name in (*LINE_BY_LINE, "dept", "cost_item"):
        return {}
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(lambda: ["", ""]))
    for column in extract.columns:
        if column.role in ("dept", "item"):
            stem, _, part = column.name.rpartition("_")
            found[column.role][stem][0 if part == "code" else 1] = column.name
    for optional in OPTIONAL.get(extract.name, ()):
        found["item"][optional][0] = optional
    return {role: tuple((code, name) for code, name in pairs.values()) for role, pairs in found.items()}


def read_words(
    connection: engine.Connection, extracts: Mapping[str, Extract], files: Mapping[str, Sequence[DataFile]]
) -> dict[str, pa.Table]:
    """'dept' and 'item' -> table (hospital, raw_code, raw_name) of every pair in `files`, NULL read as ''."""
    rows: dict[str, set[tuple[str, str, str]]] = {"dept": set(), "item": set()}
    for name, extract in extracts.items():
        wanted = columns(extract)
        if not wanted:
            continue
        _read(connection, wanted, [file.path for file in files.get(name, ()) if file.path not in _known])
        for file in files.get(name, ()):
            for role, pairs in _known[file.path].items():
                rows[role].update((file.hospital, *pair) for pair in pairs)
    return {
        role: pa.table(
            dict(zip(("hospital", "raw_code", "raw_name"), zip(*sorted(found), strict=True), strict=True))
            if found
            else {name: pa.array([], pa.string()) for name in ("hospital", "raw_code", "raw_name")}
        )
        for role, found in rows.items()
    }


def _read(connection: engine.Connection, wanted: Mapping[str, Sequence[Pair]], paths: Sequence[Path]) -> None:
    if not paths:
        return
    made: dict[Path, dict[str, set[Pair]]] = {path: {role: set() for role in wanted} for path in paths}
    present = frozenset().union(*(columns_of(path) for path in paths))
    source = f"read_parquet([{', '.join(engine.quoted(path) for path in paths)}], filename=true, union_by_name=true)"
    for role, pairs in wanted.items():
        for pair in pairs:
            if not any(column in present for column in pair):
                continue
            code, name = (f"coalesce({column}, '')" if column in present else "''" for column in pair)
            query = f"select distinct filename, {code}, {name} from {source}"
            for path, raw_code, raw_name in engine.query(connection, query):
                made[Path(path)][role].add((raw_code, raw_name))
    for path, roles in made.items():
        _known[path] = {role: frozenset(pairs) for role, pairs in roles.items()}
