"""Rows that repeat another row of the same table: told with their places, never removed."""

from __future__ import annotations

import numpy as np

from core import engine
from core.engine import name
from core.intake.rows import DATA
from core.intake.typed import Job
from core.intake.vocabulary import ITEM
from core.intake.wanting import bad
from core.issue import Issue


def duplicates(job: Job, sheet: str) -> list[Issue]:
    """One issue for rows repeated entirely, else one for rows that share their key.

    The key is looked at only where the table has all of its columns that could tell rows apart: departments, items
    and documents; a ledger without voucher numbers may well have two lines alike.
    """
    good = f"_k = {DATA} and not ({bad(job)})"
    present = [c.name for c in job.extract.columns if c.name in job.casts]
    present += [ITEM] if any(group.item for group in job.groups) else []
    if job.extract.across and any(group.member for group in job.groups):
        present.append(job.extract.across.name)
    key = ["_period" if c == "period" else c for c in job.extract.key if c in present or c == "period"]
    tellers = [c for c in job.extract.key if c in present]
    keyed = bool(tellers) and (len(job.extract.key) > 1 or job.extract.key[0] in present)
    shared = _repeats(job, key, good) if keyed else None
    if keyed and shared is None:
        return []  # rows that differ in their key differ
    entire = _repeats(job, ["_period", *(c for c in present if c != "period")], good)
    if entire is not None:
        count, row, other = entire
        return [Issue("duplicate_row", params={"other": other}, sheet=sheet, row=row, count=count)]
    if shared is None:
        return []
    count, row, other = shared
    labels = [job.extract.column(c).label for c in tellers]
    params = {"other": other, "keys": " / ".join(label.zh for label in labels)}
    return [Issue("duplicate_key", params=params, sheet=sheet, row=row, count=count)]


def _repeats(job: Job, columns: list[str], where: str) -> tuple[int, int, int] | None:
    """(rows that repeat an earlier one, the first of them, the row it repeats), or None."""
    listed = ", ".join(name(c) for c in columns)
    hashes = engine.arrow(job.connection, f"select hash({listed}) as h from {job.read} where {where}").column(
        "h"
    )
    ranked = np.sort(hashes.to_numpy())
    if not (ranked[1:] == ranked[:-1]).any():
        return None
    rows = engine.query(
        job.connection,
        f"select count(*) over (), _n, f from (select _n, min(_n) over w as f, row_number() over w as r from {job.read}"
        f" where {where} window w as (partition by {listed} order by _n, _g)) where r > 1 order by _n limit 1",
    )
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None
