"""Which source a file belongs to: the rule that tells a correction (replaces) from a second system (adds).

Order of evidence, per extract of the file:

1. given    the person says so
2. same_file  the very same file is stored already
3. same_keys  its rows share at least 30 % of their keys with what a source holds for the same months
4. remembered  a file of this heading shape belonged to that source, and the months hold nothing that speaks against it
5. new      below 5 % shared with everything stored: a source of its own, named after the file and, for
            extracts with versions, the version of its rows

Anything between needs a decision: replacing what should be added loses money, adding what should replace counts it
twice. So does a new source whose name is taken by rows it does not share.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path, PurePath

import pyarrow.parquet as pq

from core import engine
from core.batch.slots import ask, standing
from core.batch.types import CORRECTS_FROM, NEW_BELOW, SourceChoice
from core.batch.words import wording
from core.catalog import catalog
from core.intake.reading import Reading
from core.store import Snapshot, Store

# Key columns that a correction may well change; they say nothing about where rows come from.
_FLEETING = ("period", "voucher")
_PLAIN = re.compile(r"[^\W\d_]+", re.UNICODE)
_BRACKETS = re.compile(r"[(\[{<][^)\]}>]*[)\]}>]")
DEFAULT = "main"


def stem(file: str) -> str:
    """A source name from a file name: without folders, dates, digits, brackets and words such as "corrected".

    >>> stem("2025-03 wages (corrected).xlsx")
    'wages'
    """
    text = unicodedata.normalize("NFKC", PurePath(file.replace("\\", "/")).stem).casefold()
    text = _BRACKETS.sub(" ", "".join(_bracket(char) for char in text))
    text = re.sub(rf"\d+\s*(?:{'|'.join(wording()['date_units'])})", " ", text)
    for word in sorted(wording()["file_words"], key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), " ", text)
    words = [word for word in _PLAIN.findall(text) if len(word) > 1 or not word.isascii()]
    return "-".join(words)[:60] or DEFAULT


def _bracket(char: str) -> str:
    kind = unicodedata.category(char)
    return "(" if kind == "Ps" else ")" if kind == "Pe" else char


def choose(
    store: Store,
    snapshot: Snapshot,
    reading: Reading,
    files: Mapping[str, Sequence[tuple[int, Path]]],
    *,
    hospital: str,
    given: Mapping[str, str],
) -> list[SourceChoice]:
    """One choice per extract of the file, by the rule above."""
    held: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for slot, row in standing(store, snapshot).items():
        if slot.hospital == hospital and slot.extract in files:
            held.setdefault(slot.extract, {}).setdefault(slot.source, []).append((slot.period, row["rows"]))
    same, remembered = _earlier(store, snapshot, reading, hospital)
    choices = []
    for extract, named in sorted(files.items()):
        if extract in given:
            choices.append(SourceChoice(extract, given[extract], "given"))
            continue
        if extract in same:
            choices.append(SourceChoice(extract, same[extract], "same_file"))
            continue
        months = {period for period, _ in named}
        shares = []
        for source, periods in held.get(extract, {}).items():
            both = sorted(months & {period for period, _ in periods})
            if both:
                share = _share(store, snapshot, extract, hospital, source, both, named)
                shares.append((source, share, sum(rows for period, rows in periods if period in months)))
        shares.sort(key=lambda entry: (-(entry[1] if entry[1] is not None else Decimal(-1)), entry[0]))
        fresh = " ".join(word for word in (stem(reading.file), _version(extract, named)) if word)
        choices.append(_decide(extract, shares, remembered.get(extract), fresh))
    return choices


def _version(extract: str, named: Sequence[tuple[int, Path]]) -> str:
    """The version all rows carry, where the extract has versions: an adjusted budget stands beside the original."""
    if "version" not in {column.name for column in catalog().extracts[extract].columns}:
        return ""
    found: set[str] = set()
    for _, path in named:
        found |= set(pq.read_table(path, columns=["version"]).column("version").to_pylist())
    return str(next(iter(found)) or "") if len(found) == 1 else ""


def _decide(
    extract: str, shares: list[tuple[str, Decimal | None, int]], remembered: str | None, fresh: str
) -> SourceChoice:
    candidates = tuple(
        (source, share if share is not None else Decimal(0), rows) for source, share, rows in shares
    )
    occupied = {source for source, _, _ in shares}
    if shares and any(share is None for _, share, _ in shares):
        return SourceChoice(extract, shares[0][0], "undecided", candidates)
    if candidates and candidates[0][1] >= CORRECTS_FROM:
        return SourceChoice(extract, candidates[0][0], "same_keys", candidates)
    if candidates and candidates[0][1] >= NEW_BELOW:
        return SourceChoice(extract, candidates[0][0], "undecided", candidates)
    if remembered and remembered not in occupied:
        return SourceChoice(extract, remembered, "remembered", candidates)
    if fresh in occupied:
        return SourceChoice(extract, fresh, "undecided", candidates)
    return SourceChoice(extract, fresh, "new", candidates)


def _earlier(
    store: Store, snapshot: Snapshot, reading: Reading, hospital: str
) -> tuple[dict[str, str], dict[str, str]]:
    """Sources of the very same file, and of files of the same heading shape, by extract; the latest counts."""
    shapes = {(part.extract, part.shape) for part in reading.parts if part.extract and part.shape}
    undone = store.undone(snapshot)
    same: dict[str, str] = {}
    remembered: dict[str, str] = {}
    for row in store.events(snapshot, "batches"):
        if row["hospital"] != hospital or row["_batch"] in undone or not row["summary"]:
            continue
        summary = json.loads(row["summary"])
        sources = summary.get("sources", {})
        if row["sha256"] == reading.sha256:
            same.update(sources)
        for extract, shape in summary.get("shapes", []):
            if (extract, shape) in shapes and extract in sources:
                remembered[extract] = sources[extract]
    return same, remembered


def _share(
    store: Store,
    snapshot: Snapshot,
    extract: str,
    hospital: str,
    source: str,
    months: Sequence[int],
    named: Sequence[tuple[int, Path]],
) -> Decimal | None:
    """Distinct keys of the file's rows that `source` holds for the same month / distinct keys; None: no way to tell.

    Only key columns that both sides fill are compared; without a common department column there is no way to tell.
    """
    stored = [
        (file.period, file.path)
        for file in store.files(snapshot, extract)
        if (file.hospital, file.source) == (hospital, source) and file.period in months
    ]
    fresh = [(period, path) for period, path in named if period in months]
    definition = catalog().extracts[extract]
    columns = [column for column in definition.key if column not in _FLEETING]
    filled = _filled(stored, columns) & _filled(fresh, columns)
    roles = {column: definition.column(column).role for column in columns}
    if not filled or ("dept" in roles.values() and not any(roles[column] == "dept" for column in filled)):
        return None
    key = ", ".join(f"coalesce({engine.name(column)}::varchar, '')" for column in columns if column in filled)
    sides = [f"select distinct _month as p, hash({key}) as k from {_rows(side)}" for side in (fresh, stored)]
    ((total, shared),) = ask(
        f"with a as ({sides[0]}), b as ({sides[1]}) select (select count(*) from a), (select count(*) from a semi join b using (p, k))",
    )
    return Decimal(shared) / Decimal(total) if total else None


def _filled(files: Sequence[tuple[int, Path]], columns: Sequence[str]) -> set[str]:
    have = {row[0] for row in ask(f"describe select * from {_rows(files)}")}
    present = [column for column in columns if column in have]
    if not present:
        return set()
    counted = ", ".join(f"bool_or({engine.name(column)} is not null)" for column in present)
    ((*flags,),) = ask(f"select {counted} from {_rows(files)}")
    return {column for column, flag in zip(present, flags, strict=True) if flag}


def _rows(files: Sequence[tuple[int, Path]]) -> str:
    """The rows of Parquet files with their month as `_month`, whether or not the files hold it."""
    listed = ", ".join(engine.quoted(path) for _, path in files)
    months = ", ".join(f"({engine.quoted(path)}, {period})" for period, path in files)
    return (
        f"(select r.*, m._month from read_parquet([{listed}], filename=true, hive_partitioning=false, "
        f"union_by_name=true) r join (values {months}) m(filename, _month) using (filename))"
    )
