"""What accepting a file would do, worked out before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from core import engine
from core.batch.slots import (
    Fill,
    Incoming,
    Slot,
    ask,
    by_extract,
    content,
    fill_of,
    incoming,
    standing,
)
from core.batch.source import choose
from core.batch.types import (
    ADDED,
    REPLACED,
    UNCHANGED,
    Change,
    Decisions,
    Effect,
    SlotChange,
    SourceChoice,
    Warned,
)
from core.catalog import catalog
from core.intake.reading import Reading
from core.store import Snapshot, Store

LARGEST = 20
FAR_MONTHS = 24
JUMP = Decimal("0.5")


@dataclass(frozen=True)
class Outlook:
    """What a file would bring and whom it would replace; the common ground of `preview` and `accept`."""

    slots: tuple[Incoming, ...]
    before: dict[Slot, Fill]  # current fill of every slot of `slots` that has one
    unchanged: frozenset[Slot]
    sources: tuple[SourceChoice, ...]
    duplicate_of: str
    duplicate_how: str


def look(
    store: Store,
    snapshot: Snapshot,
    reading: Reading,
    decisions: Decisions,
    hospital: str,
) -> Outlook:
    """Slots, sources and duplicates of a reading against one snapshot. Every row's measure is read once."""
    files = by_extract(reading)
    choices = choose(store, snapshot, reading, files, hospital=hospital, given=decisions.sources)
    slots = incoming(files, hospital, {choice.extract: choice.source for choice in choices})
    now = standing(store, snapshot)
    before = {entry.slot: fill_of(store, now[entry.slot]) for entry in slots if entry.slot in now}
    same_file = {
        row["_batch"]
        for row in store.events(snapshot, "batches")
        if row["sha256"] == reading.sha256 and row["action"] != "undo"
    }
    unchanged = frozenset(
        entry.slot for entry in slots if entry.slot in before and _same(entry, before[entry.slot], same_file)
    )
    duplicate, how = "", ""
    if slots and len(unchanged) == len(slots):
        batches = {before[slot].batch for slot in unchanged}
        duplicate = sorted(batches)[0]
        how = "file" if batches & same_file else "content"
    return Outlook(tuple(slots), before, unchanged, tuple(choices), duplicate, how)


def _same(entry: Incoming, fill: Fill, same_file: set[str]) -> bool:
    """Whether the slot holds these very rows already. Contents are only compared where counts and sums agree."""
    if (entry.rows, entry.measure) != (fill.rows, fill.measure):
        return False
    extract = entry.slot.extract
    return fill.batch in same_file or content(extract, entry.paths) == content(
        extract, [file.path for file in fill.files]
    )


def preview(
    store: Store,
    snapshot: Snapshot,
    reading: Reading,
    *,
    hospital: str,
    source: str | None = None,
    decisions: Decisions | None = None,
) -> Effect:
    """What accepting `reading` for `hospital` would do to `snapshot`; stores nothing.

    Args:
        source: the source of every extract of the file, where a person says so.
        decisions: what was decided so far; `source` is short for `decisions.sources`.
    """
    decided = decisions or Decisions()
    if source:
        decided = Decisions(sources=dict.fromkeys(by_extract(reading), source) | dict(decided.sources))
    outlook = look(store, snapshot, reading, decided, hospital)
    changes = _largest(outlook)
    return Effect(
        snapshot.id,
        tuple(_change(entry, outlook) for entry in outlook.slots),
        changes,
        outlook.sources,
        tuple(_warnings(store, snapshot, hospital, outlook)),
        outlook.duplicate_of,
        outlook.duplicate_how,
    )


def _change(entry: Incoming, outlook: Outlook) -> SlotChange:
    fill = outlook.before.get(entry.slot)
    status = UNCHANGED if entry.slot in outlook.unchanged else REPLACED if fill else ADDED
    return SlotChange(
        *entry.slot[:4],
        status,
        fill.rows if fill else 0,
        entry.rows,
        fill.measure if fill else None,
        entry.measure,
        fill.batch if fill else "",
    )


def _largest(outlook: Outlook) -> tuple[Change, ...]:
    """The largest changes by month, department and item, over the slots that do change."""
    found: list[Change] = []
    changing = [entry for entry in outlook.slots if entry.slot not in outlook.unchanged]
    for extract in sorted({entry.slot.extract for entry in changing}):
        definition = catalog().extracts[extract]
        if not definition.measure:
            continue
        sides: list[tuple[Path, int, int]] = []
        for entry in changing:
            if entry.slot.extract == extract:
                sides += [(path, entry.slot.period, 1) for path in entry.paths]
                fill = outlook.before.get(entry.slot)
                sides += [(file.path, entry.slot.period, 0) for file in (fill.files if fill else ())]
        labels = [_first(extract, role, kind) for role in ("dept", "item") for kind in ("code", "text")]
        found += _compare(extract, definition.measure, labels, sides)
    found.sort(key=lambda change: (-abs(change.difference), change.extract, change.period, change.dept_code))
    return tuple(found[:LARGEST])


def _first(extract: str, role: str, kind: str) -> str | None:
    """The first column of this role and type; a file says who it is about before it says who else is."""
    for column in catalog().extracts[extract].columns:
        if column.role == role and column.type == kind:
            return column.name
    return None


def _compare(
    extract: str,
    measure: str,
    labels: Sequence[str | None],
    sides: Sequence[tuple[Path, int, int]],
) -> list[Change]:
    listed = ", ".join(engine.quoted(path) for path, _, _ in sides)
    places = ", ".join(f"({engine.quoted(path)}, {period}, {new})" for path, period, new in sides)
    read = f"read_parquet([{listed}], filename=true, hive_partitioning=false, union_by_name=true)"
    have = {row[0] for row in ask(f"describe select * from {read}")}
    by = [f"coalesce({engine.name(c)}, '')" if c and c in have else "''" for c in labels]
    value = engine.name(measure)
    rows = ask(
        f"select s.period, {', '.join(f'{column} as l{i}' for i, column in enumerate(by))}, "
        f"coalesce(sum({value}) filter (where s.fresh = 0), 0)::decimal(38, 4) as before, "
        f"coalesce(sum({value}) filter (where s.fresh = 1), 0)::decimal(38, 4) as after "
        f"from {read} r join (values {places}) s(filename, period, fresh) using (filename) "
        f"group by all having before <> after order by abs(after - before) desc, 1, 2, 3, 4, 5 limit {LARGEST}",
    )
    return [Change(extract, *row) for row in rows]


def _warnings(store: Store, snapshot: Snapshot, hospital: str, outlook: Outlook) -> list[Warned]:
    now = {slot: row for slot, row in standing(store, snapshot).items() if slot.hospital == hospital}
    after = {slot: row["measure"] for slot, row in now.items()}
    after |= {entry.slot: entry.measure for entry in outlook.slots}
    stored = sorted({slot.period for slot in now if slot.period % 100 in range(1, 13)})
    found = []
    for entry in outlook.slots:
        slot, fill = entry.slot, outlook.before.get(entry.slot)
        if slot in outlook.unchanged:
            continue
        if slot.period % 100 in range(1, 13):
            if stored and _far(slot.period, stored[0], stored[-1]):
                words: dict[str, str | int] = {"first": stored[0], "last": stored[-1]}
                found.append(Warned("far_period", slot.extract, slot.period, words))
            last = after.get(slot._replace(period=_month_before(slot.period)))
            if last and entry.measure is not None and abs(entry.measure - last) > JUMP * abs(last):
                percent = f"{(entry.measure - last) / abs(last) * 100:+.0f}"
                words = {"before": f"{last:,.2f}", "after": f"{entry.measure:,.2f}", "percent": percent}
                found.append(Warned("jump", slot.extract, slot.period, words))
        if fill and entry.rows * 2 < fill.rows:
            words = {"before": fill.rows, "after": entry.rows}
            found.append(Warned("shrinks", slot.extract, slot.period, words))
        for other, row in now.items():
            if other.extract == slot.extract and other.period == slot.period and other.source != slot.source:
                words = {"other": other.source, "source": slot.source, "rows": row["rows"]}
                found.append(Warned("overlap", slot.extract, slot.period, words))
    return found


def _months(period: int) -> int:
    return period // 100 * 12 + period % 100


def _far(period: int, first: int, last: int) -> bool:
    return _months(first) - _months(period) > FAR_MONTHS or _months(period) - _months(last) > FAR_MONTHS


def _month_before(period: int) -> int:
    return period - 1 if period % 100 > 1 else period - 89
