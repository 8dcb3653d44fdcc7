"""How the columns of a table serve an extract: which are columns, which lie across, which are totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.catalog import Extract
from core.intake.lines import bare_months
from core.intake.tables import Heading, Table
from core.intake.vocabulary import (
    ITEM,
    Items,
    bare_heading,
    class_of,
    column_of,
    heading_key,
    is_total_heading,
    month_of,
)
from core.lexicon import lexicon
from core.period import When

NUMERIC = ("money", "quantity", "integer")


@dataclass(frozen=True)
class Across:
    """One column that lies across: what its heading says about month, item or member of a closed list (charge class,
    operation metric), and which measure it holds."""

    index: int
    measure: str
    when: When | None = None
    item: str = ""
    member: str = ""


@dataclass(frozen=True)
class TotalColumn:
    """A column that adds up others: `covers` are positions of the columns it adds."""

    index: int
    heading: str
    covers: tuple[int, ...]


@dataclass(frozen=True)
class Units:
    """Yuan per unit by position of a column; `own`: its heading says so; `stated`: heading, title or person does."""

    factors: Mapping[int, Decimal]
    own: frozenset[int] = frozenset()
    stated: frozenset[int] = frozenset()


@dataclass
class Layout:
    """A table read as one extract.

    columns       extract column -> position, with the rank of the alias that named it
    year, month   positions of separate year and month columns
    last          position of the last heading
    doubles       position -> column that another position already has
    """

    extract: Extract
    columns: dict[str, int] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    year: int | None = None
    month: int | None = None
    across: list[Across] = field(default_factory=list)
    totals: list[TotalColumn] = field(default_factory=list)
    doubles: dict[int, str] = field(default_factory=dict)
    how: dict[int, tuple[str, int]] = field(default_factory=dict)
    last: int = 0

    def used(self) -> set[int]:
        """Positions that mean something."""
        places = {*self.columns.values(), *(a.index for a in self.across), *(t.index for t in self.totals)}
        return places | {place for place in (self.year, self.month) if place is not None}

    def has(self, column: str, period_known: bool = False) -> bool:
        """Whether the rows of the extract will have a value for `column`."""
        if column in self.columns:
            return True
        if column == "period":
            dated = self.extract.period_from in self.columns
            return bool(self.month is not None or dated or period_known or any(a.when for a in self.across))
        return any(self._gives(across, column) for across in self.across)

    def satisfied(self, period_known: bool) -> int:
        """How many of the required groups are there."""
        return sum(any(self.has(name, period_known) for name in group) for group in self.extract.requires)

    def missing(self, period_known: bool) -> list[tuple[str, ...]]:
        """The required groups of which nothing is there."""
        return [g for g in self.extract.requires if not any(self.has(name, period_known) for name in g)]

    def measures(self) -> list[str]:
        """The numeric columns the rows will have, the declared measure first."""
        names = [n for n in self.columns if self.extract.column(n).type in NUMERIC]
        names += [a.measure for a in self.across]
        first = self.extract.measure
        return sorted(dict.fromkeys(names), key=lambda n: n != first)

    def _gives(self, across: Across, column: str) -> bool:
        listed = self.extract.across
        return (
            column == across.measure
            or (column == ITEM and across.item != "")
            or (listed is not None and column == listed.name and across.member != "")
        )


def lay_out(
    table: Table, extract: Extract, items: Items, words: Sequence[str], fixed: dict[int, str | None]
) -> Layout:
    """Read the headings of a table as `extract` by equality alone.

    fixed: positions a person has decided (None: unused). words: titles and names, which may say what is measured.
    """
    layout = Layout(extract, last=max((h.index for h in table.headings), default=0))
    for heading in table.headings:
        if heading.index in fixed:
            name = fixed[heading.index]
            if name:
                _place(layout, heading.index, name, 0, ("plan", 100))
            continue
        hit = None if _under(heading, extract) else column_of(heading.levels, extract)
        if hit is not None:
            _place(layout, heading.index, hit[0], hit[1], ("exact", 100))
        elif extract.periodic and "period" not in fixed.values():
            _year_or_month(layout, heading)
    _spread(layout, table, items, words, fixed)
    return layout


def _under(heading: Heading, extract: Extract) -> bool:
    """Under a month or a metric the same words say which measure the column holds, not that there is one of it."""
    if len(heading.levels) < 2:
        return False
    listed = extract.across
    if listed is not None and any(class_of(listed.of, text) for text in heading.levels):
        return True
    return "period" in extract.spread and any(map(month_of, heading.levels))


def _place(layout: Layout, index: int, name: str, rank: int, how: tuple[str, int]) -> None:
    if name in layout.columns:
        if how[0] == "plan" or layout.how[layout.columns[name]][0] == "plan" or rank >= layout.ranks[name]:
            layout.doubles[index] = name
            return
        layout.doubles[layout.columns[name]] = name
    layout.columns[name], layout.ranks[name], layout.how[index] = index, rank, how


def _year_or_month(layout: Layout, heading: Heading) -> None:
    words = lexicon()
    key = bare_heading(heading.levels[-1])
    if key in words.year_headings and layout.year is None:
        layout.year = heading.index
        layout.how[heading.index] = ("exact", 100)
    elif key in words.month_headings and layout.month is None:
        layout.month = heading.index
        layout.how[heading.index] = ("exact", 100)


def _spread(
    layout: Layout, table: Table, items: Items, words: Sequence[str], fixed: dict[int, str | None]
) -> None:
    """Find columns that lie across, where the extract allows it and its own column is not there."""
    extract = layout.extract
    allow_month = "period" in extract.spread and "period" not in layout.columns and layout.month is None
    allow_item = "item" in extract.spread and not {"item_code", ITEM} & set(layout.columns)
    listed = extract.across if extract.across and extract.across.name not in layout.columns else None
    found: list[tuple[Heading, When | None, str, str]] = []
    totals: list[Heading] = []
    free = [h for h in table.headings if h.index not in layout.columns.values() and h.index not in fixed]
    bare = bare_months([h.levels[-1] for h in free])
    for heading in free:
        if heading.index in (layout.year, layout.month):
            continue
        when = next((w for w in map(month_of, heading.levels) if w), None) if allow_month else None
        if allow_month and when is None and bare and heading.levels[-1].isdigit():
            when = When("month_only", 0, int(heading.levels[-1]))
        item = next((text for text in reversed(heading.levels) if text in items), "") if allow_item else ""
        group = (
            next((c for text in reversed(heading.levels) if (c := class_of(listed.of, text))), "")
            if listed
            else ""
        )
        # A parent that is itself an item gives its name to a total below it, never to a line.
        if any(map(is_total_heading, heading.levels)) and not (
            when and is_total_heading(heading.levels[0]) and item
        ):
            totals.append(heading)
        elif when or item or group:
            found.append((heading, when, item, group))
    if len(found) < 2 and (len(found) == 0 or set(layout.columns) & set(_numeric(extract))):
        found = []
    for heading, when, item, group in found:
        measure = _measure(layout, heading, words)
        if measure:
            layout.across.append(Across(heading.index, measure, when, _clean(item), group))
            layout.how[heading.index] = ("spread", 100)
    places = [a.index for a in layout.across] or [
        i for n, i in layout.columns.items() if extract.column(n).type in NUMERIC
    ]
    if layout.across:
        for heading in totals:
            layout.totals.append(
                TotalColumn(heading.index, heading.text, _covers(heading, table, places, totals))
            )
            layout.how[heading.index] = ("total", 100)


def _clean(item: str) -> str:
    """An item heading without its unit, as it is written otherwise."""
    bare = bare_heading(item)
    return item if heading_key(item) == bare else bare


def _numeric(extract: Extract) -> list[str]:
    return [column.name for column in extract.columns if column.type in NUMERIC]


def _measure(layout: Layout, heading: Heading, words: Sequence[str]) -> str | None:
    """The measure an across column holds: named in its own levels, else the declared one, else by the title."""
    extract = layout.extract
    for level in heading.levels:
        hit = column_of([level], extract)
        if hit and extract.column(hit[0]).type in NUMERIC:
            return hit[0]
    if extract.measure:
        return extract.measure
    known = lexicon().measures.get(extract.name, {})
    for text in [*heading.levels, *words]:
        for name, spellings in known.items():
            if any(word in heading_key(text) for word in spellings):
                return name
    required = [name for name in _numeric(extract) if extract.column(name).required]
    return required[0] if len(required) == 1 else None


def _covers(heading: Heading, table: Table, places: list[int], totals: list[Heading]) -> tuple[int, ...]:
    """The columns a total column adds: those under the same upper heading, else those since the last total of its
    kind, else all."""
    others = {h.index for h in totals}
    lines = [i for i in places if i not in others]
    if len(heading.levels) > 1 and not is_total_heading(heading.levels[0]):
        same = {h.index for h in table.headings if h.levels[0] == heading.levels[0]}
        return tuple(i for i in lines if i in same)
    key = bare_heading(heading.levels[0])
    words = lexicon()
    part = key in words.totals.section or any(q in key for q in (*words.period.quarter, *words.period.halves))
    if not part:
        return tuple(lines)
    before = [h.index for h in totals if h.index < heading.index]
    if any(half in key for half in words.period.halves):
        before = [h.index for h in totals if h.index < heading.index and any(
            half in bare_heading(h.levels[0]) for half in words.period.halves)]  # fmt: skip
    start = max(before, default=-1)
    return tuple(i for i in lines if start < i < heading.index)
