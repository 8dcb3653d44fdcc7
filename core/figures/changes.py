"""What changed against last month, the same month last year, or the budget: by item, by department, and both.

    changes(cube, period, compare, depts, top, item) -> Changes

Identity: base + sum of the differences = total, by item and by department, to the fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.figures.common import NIL, Against, Cube, against

REST = "*"
# The parts named in a sentence: the largest ones in the direction of the change, until they explain this much of it.
ENOUGH = Decimal("0.6")
MOST_NAMED, MOVERS = 2, 10


@dataclass(frozen=True, slots=True)
class Part:
    """One item or department, or both. `dept` and `item` are '' where they are not asked; REST gathers `count`."""

    dept: str
    item: str
    value: Decimal
    against: Against
    count: int = 1

    @property
    def difference(self) -> Decimal:
        """Value less base."""
        return self.against.difference or NIL


@dataclass(frozen=True, slots=True)
class Changes:
    """A total against its base, taken apart. Empty parts and `why` where there is no base.

    by_item    the seven items, the largest change first          by_dept  the same for departments, rest gathered
    movers     department x item, the largest changes first
    main       items that explain most of the change, `share` of the gross movement in its direction
    """

    value: Decimal | None
    against: Against
    by_item: tuple[Part, ...] = ()
    by_dept: tuple[Part, ...] = ()
    movers: tuple[Part, ...] = ()
    main: tuple[Part, ...] = ()
    share: Decimal | None = None


def changes(
    cube: Cube,
    period: int,
    compare: str,
    depts: frozenset[str] | None = None,
    *,
    item: str | None = None,
    top: int = 8,
) -> Changes:
    """Direct cost of a month against its base, for some departments and optionally one item only."""
    value = cube.amount(period, "", depts, item)
    base = cube.amount(period, compare, depts, item)
    whole = against(value, base, cube.why_not(period, compare))
    if value is None or base is None:
        return Changes(value, whole)
    now, then = _flat(cube.month(period), depts, item), _flat(cube.month(period, compare), depts, item)
    cells = {key: (now.get(key, NIL), then.get(key, NIL)) for key in dict.fromkeys((*now, *then))}
    by_item = _parts({("", name): pair for name, pair in _sums(cells, 1).items()})
    by_dept = _parts({(code, ""): pair for code, pair in _sums(cells, 0).items()})
    movers = tuple(part for part in _parts(cells) if part.difference)[:MOVERS]
    main, share = _main(by_item, whole.difference or NIL)
    return Changes(value, whole, by_item, _gathered(by_dept, top), movers, main, share)


def _flat(
    month: Mapping[str, Mapping[str, Decimal]] | None, depts: frozenset[str] | None, item: str | None
) -> dict[tuple[str, str], Decimal]:
    return {
        (code, name): amount
        for code, found in (month or {}).items()
        if depts is None or code in depts
        for name, amount in found.items()
        if item is None or name == item
    }


def _sums(
    cells: Mapping[tuple[str, str], tuple[Decimal, Decimal]], place: int
) -> dict[str, tuple[Decimal, Decimal]]:
    """Now and then added up by department (place 0) or by item (place 1)."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for key, (now, then) in cells.items():
        had = found.get(key[place], (NIL, NIL))
        found[key[place]] = (had[0] + now, had[1] + then)
    return found


def _parts(pairs: Mapping[tuple[str, str], tuple[Decimal, Decimal]]) -> tuple[Part, ...]:
    made = (Part(dept, item, now, against(now, then)) for (dept, item), (now, then) in pairs.items())
    return tuple(sorted(made, key=lambda part: (-abs(part.difference), part.dept, part.item)))


def _gathered(parts: tuple[Part, ...], top: int) -> tuple[Part, ...]:
    """The first `top` parts and one that holds the rest."""
    if len(parts) <= top + 1:
        return parts
    rest: Iterable[Part] = parts[top:]
    now = sum((part.value for part in rest), NIL)
    then = sum((part.against.base or NIL for part in rest), NIL)
    return (*parts[:top], Part(REST, "", now, against(now, then), len(parts) - top))


def _main(parts: tuple[Part, ...], difference: Decimal) -> tuple[tuple[Part, ...], Decimal | None]:
    along = [part for part in parts if part.difference and (part.difference > 0) == (difference > 0)]
    gross = sum((part.difference for part in along), NIL)
    if not difference or not gross:
        return (), None
    named: list[Part] = []
    for part in along[:MOST_NAMED]:
        named.append(part)
        if sum((one.difference for one in named), NIL) / gross >= ENOUGH:
            break
    return tuple(named), sum((one.difference for one in named), NIL) / gross
