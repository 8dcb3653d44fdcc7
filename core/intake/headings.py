"""Deciding what a table is and what its columns mean.

Order of authority: a person's plan, the plan remembered for this shape of headings, equal headings, the values
themselves. Only what is still missing then is proposed by likeness, and a proposal makes the part wait for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog import Column, Extract, catalog
from core.intake.evidence import Profile, evident, fits, profile, vetoed
from core.intake.layout import NUMERIC, Layout, lay_out
from core.intake.reading import Memory, Options, Plan
from core.intake.tables import Table
from core.intake.vocabulary import Items, heading_key, is_total_heading, month_of
from core.intake.when import default_period
from core.issue import Issue
from core.lexicon import lexicon, squeeze
from core.matching import PROPOSE_FROM, Departments, rank

SILENT = -4  # hint points of an extract that must be said by name and is not
AMBIGUOUS = 2.0  # points by which the best extract must lead
SAMPLE = 200


@dataclass
class Decision:
    """What a table was taken for. `waiting` is True if a person must confirm something."""

    layout: Layout | None
    candidates: list[tuple[str, float]] = field(default_factory=list)
    waiting: bool = False
    weak: bool = False
    ignored: bool = False
    plan: Plan = field(default_factory=dict)
    remembered: bool = False
    alternatives: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    profiles: dict[int, Profile] = field(default_factory=dict)
    shape: str = ""


@dataclass
class Known:
    """What the reader knows beside the file: the hospital's dictionaries and memory, and what was declared."""

    options: Options
    memory: Memory
    departments: Departments
    items: Items


def shape_of(table: Table) -> str:
    """Fingerprint of the headings: months are one and the same, so next year's file has this year's shape."""
    texts: list[str] = []
    for heading in table.headings:
        levels = ["<month>" if month_of(level) else heading_key(level) for level in heading.levels]
        text = "/".join(levels)
        if text not in texts or "<month>" not in text:
            texts.append(text)
    return hashlib.sha256("|".join(texts).encode()).hexdigest()[:12]


def decide(
    table: Table, rows: Sequence[Sequence[str | None]], names: Sequence[str], known: Known
) -> Decision:
    """Find the extract and the meaning of every column.

    rows: a sample of the data rows. names: sheet and file name, which may hint at the extract.
    """
    decision = Decision(None, shape=shape_of(table))
    plans = known.options.plan
    decision.plan = plans.get(table.key) or plans.get("*") or {}
    if not decision.plan and decision.shape in known.memory.headings:
        decision.plan, decision.remembered = known.memory.headings[decision.shape], True
    if decision.plan.get("ignore"):
        decision.ignored = True
        return decision
    fixed = _fixed(table, decision)
    words = [*table.titles, *names]
    period_known = default_period(words, known.options.period or decision.plan.get("period"), True).period > 0
    _choose(table, words, fixed, period_known, known, decision)
    _profile(table, rows, known, decision)
    if decision.weak:
        _likeliest(table, words, fixed, period_known, known, decision)
    if decision.layout is not None:
        _fill_gaps(table, decision.layout, fixed, period_known, decision, known.options.accept_proposals)
    return decision


def _fixed(table: Table, decision: Decision) -> dict[int, str | None]:
    """Positions a plan decides. A heading the table does not have, or a column no extract has, is told."""
    wanted: dict[str, str | None] = dict(decision.plan.get("columns") or {})
    by_key = {heading_key(text): column for text, column in wanted.items()}
    fixed: dict[int, str | None] = {}
    taken: set[str] = set()
    for heading in table.headings:
        key = heading_key(heading.text)
        if key in by_key and key not in taken:
            fixed[heading.index] = by_key[key]
            taken.add(key)
    if not decision.remembered:
        for text in wanted:
            if heading_key(text) not in taken:
                decision.issues.append(Issue("plan_unknown", params={"heading": text}))
    return fixed


def _choose(
    table: Table,
    words: Sequence[str],
    fixed: dict[int, str | None],
    period_known: bool,
    known: Known,
    decision: Decision,
) -> None:
    """Score every extract; keep the best, and say so when two are as good."""
    extracts = catalog().extracts
    wanted = str(known.options.extract or decision.plan.get("extract") or "")
    pool = [extracts[wanted]] if wanted in extracts else list(extracts.values())
    scored: list[tuple[float, bool, Layout]] = []
    for extract in pool:
        allowed = {i: c for i, c in fixed.items() if c is None or _has(extract, c)}
        layout = lay_out(table, extract, known.items, words, allowed)
        scored.append((_score(layout, table, words, period_known), not layout.missing(period_known), layout))
    scored.sort(key=lambda entry: (-entry[0], entry[2].extract.number))
    decision.candidates = [(entry[2].extract.name, round(entry[0], 1)) for entry in scored[:4]]
    score, complete, layout = scored[0]
    decision.layout = layout
    groups = len(layout.extract.requires)
    if wanted not in extracts and not complete and layout.satisfied(period_known) * 2 <= groups:
        decision.weak = True
    if wanted in extracts:
        for column in [c for c in fixed.values() if c and not _has(layout.extract, c)]:
            allowed_names = ", ".join(c.name for c in layout.extract.columns)
            params = {"column": column, "extract": layout.extract.name, "allowed": allowed_names}
            decision.issues.append(Issue("plan_column", params=params))
            decision.waiting = True
    elif len(scored) > 1 and complete and scored[1][1] and score - scored[1][0] < AMBIGUOUS:
        first, second = layout.extract.label, scored[1][2].extract.label
        both = {"first": first.zh, "second": second.zh, "first_en": first.en, "second_en": second.en}
        decision.issues.append(Issue("table_ambiguous", params=both))
        decision.waiting = not known.options.accept_proposals


def _likeliest(
    table: Table,
    words: Sequence[str],
    fixed: dict[int, str | None],
    period_known: bool,
    known: Known,
    decision: Decision,
) -> None:
    """Of a table whose words nobody knows, the extract that values and likeness together complete best."""
    best: tuple[float, float] = (0.0, 0.0)
    for extract in catalog().extracts.values():
        allowed = {i: c for i, c in fixed.items() if c is None or _has(extract, c)}
        trial = Decision(lay_out(table, extract, known.items, words, allowed), profiles=decision.profiles)
        assert trial.layout is not None
        _fill_gaps(table, trial.layout, fixed, period_known, trial, True)
        groups = trial.layout.satisfied(period_known) / len(extract.requires)
        likely = [score for how, score in trial.layout.how.values() if how != "spread"]
        mark = (groups, sum(likely) / len(table.headings))
        if mark > best:
            best = mark
            decision.layout = lay_out(table, extract, known.items, words, allowed)
            rest = [one for one in decision.candidates if one[0] != extract.name]
            decision.candidates = [(extract.name, round(mark[1], 1)), *rest][:4]


def _score(layout: Layout, table: Table, words: Sequence[str], period_known: bool) -> float:
    """Points for required groups, for the share of headings understood, for typical headings and for hints."""
    extract = layout.extract
    real = [h for h in table.headings if not is_total_heading(h.text)]
    groups = layout.satisfied(period_known) / len(extract.requires)
    share = len(layout.used() - {t.index for t in layout.totals}) / max(len(real), 1)
    ranks = [layout.ranks[name] for name in layout.columns]
    typical = sum(1 / (1 + rank) for rank in ranks) / max(len(ranks), 1)
    measure = 4 / (1 + layout.ranks[extract.measure]) if extract.measure in layout.ranks else 0.0
    hints = [
        word for word in lexicon().hints.get(extract.name, ()) if any(word in squeeze(text) for text in words)
    ]
    told = max((len(word) for word in hints), default=0)
    if not told and extract.name in lexicon().only_when_said:
        own = lexicon().hints.get(extract.name, ())
        told = 0 if any(word in squeeze(heading.text) for word in own for heading in real) else SILENT
    return 100 * groups + 60 * share + 4 * typical + measure + min(3 * told, 15)


def _has(extract: Extract, column: str) -> bool:
    return any(c.name == column for c in extract.columns)


def _profile(table: Table, rows: Sequence[Sequence[str | None]], known: Known, decision: Decision) -> None:
    for heading in table.headings:
        values = [row[heading.index] if heading.index < len(row) else None for row in rows]
        decision.profiles[heading.index] = profile(values, known.departments, known.items)


def _fill_gaps(
    table: Table,
    layout: Layout,
    fixed: dict[int, str | None],
    period_known: bool,
    decision: Decision,
    accept: bool,
) -> None:
    """Give what is still missing a column by its values, else propose one by likeness."""
    free = [h for h in table.headings if h.index not in layout.used() and fixed.get(h.index, "") is not None]
    free = [h for h in free if h.index not in layout.doubles]
    for group in layout.missing(period_known):
        columns = [layout.extract.column(name) for name in group]
        hit = _evidence(columns, [h.index for h in free], decision.profiles)
        how = "evidence"
        if hit is None:
            hit, how = _proposal(columns, [(h.index, h.text) for h in free], decision.profiles), "proposed"
        if hit is None:
            continue
        index, column, score = hit
        heading = next(h for h in free if h.index == index)
        free.remove(heading)
        layout.columns[column.name], layout.ranks[column.name] = index, 99
        layout.how[index] = (how, score)
        params: dict[str, Any] = {"heading": heading.text, "label": column.label.zh, "label_en": column.label.en,
                                  "score": score}  # fmt: skip
        code = "heading_evidence" if how == "evidence" else "heading_proposed"
        decision.issues.append(Issue(code, params=params, col=heading.col, column=column.name))
        decision.waiting |= how == "proposed" and not accept
    for index, name in layout.doubles.items():
        column = layout.extract.column(name)
        if column.type in NUMERIC:
            other = next(h for h in table.headings if h.index == layout.columns[name])
            heading = next(h for h in table.headings if h.index == index)
            params = {
                "heading": other.text,
                "other": heading.text,
                "label": column.label.zh,
                "label_en": column.label.en,
            }
            decision.issues.append(Issue("heading_twice", params=params, col=heading.col, column=name))
    left = [column for column in layout.extract.columns if column.name not in layout.columns]
    for heading in free:
        spelled = {c.name: _spellings(c) for c in left if not vetoed(heading.text, c)}
        ranked = [hit for hit in rank(heading.text, spelled) if hit[1] >= PROPOSE_FROM - 10]
        decision.alternatives[heading.index] = ranked
    missing = layout.missing(period_known)
    named = [group for group in missing if group != ("period",)]
    if named and not decision.weak:
        decision.issues.append(Issue("columns_missing", params=_labels(layout, named)))
        decision.waiting = True


def _labels(layout: Layout, groups: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    labels = [layout.extract.column(group[0]).label for group in groups]
    return {"columns": " / ".join(x.zh for x in labels), "columns_en": " / ".join(x.en for x in labels)}


def _evidence(
    columns: Sequence[Column], free: Sequence[int], profiles: dict[int, Profile]
) -> tuple[int, Column, int] | None:
    for column in columns:
        hits = [index for index in free if evident(column, profiles[index])]
        if len(hits) == 1:
            return hits[0], column, 95
    return None


def _proposal(
    columns: Sequence[Column], free: Sequence[tuple[int, str]], profiles: dict[int, Profile]
) -> tuple[int, Column, int] | None:
    """The likeliest pair of a free heading and a missing column, if its values allow it."""
    best: tuple[int, Column, int] | None = None
    for index, text in free:
        for column in columns:
            if vetoed(text, column) or not fits(column, profiles[index]):
                continue
            ((_, score),) = rank(text, {column.name: _spellings(column)}, 1)
            if (
                column.type == "money"
                and profiles[index].number >= 0.9
                and len(_numeric_free(free, profiles)) == 1
            ):
                score = max(score, PROPOSE_FROM)
            if score >= PROPOSE_FROM and (best is None or score > best[2]):
                best = (index, column, score)
    return best


def _numeric_free(free: Sequence[tuple[int, str]], profiles: dict[int, Profile]) -> list[int]:
    return [index for index, _ in free if profiles[index].number >= 0.9 and profiles[index].count]


def _spellings(column: Column) -> list[str]:
    return [*column.aliases, column.label.zh, column.label.en]
