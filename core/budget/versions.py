"""Versions of the imported budgets of a year: how much each holds, which is in force, how much was adjusted."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.budget.progress import adjusted_share, adjustment_rate
from core.warehouse import Warehouse

NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Version:
    """One version: yuan of cost and income, how many lines, how many of them are in force, first files it came from."""

    name: str
    cost: Decimal
    income: Decimal
    lines: int
    in_force: int
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A department's item in the original and in force."""

    dept: str
    dept_name: str
    item: str
    original: Decimal
    adjusted: Decimal

    @property
    def difference(self) -> Decimal:
        """Yuan."""
        return self.adjusted - self.original


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What was adjusted in a year: lines that changed (largest first), and both rates over all lines.

    rate = sum |adjusted - original| / sum original; share = lines adjusted / lines. None without a second version.
    """

    lines: tuple[Adjustment, ...]
    rate: Decimal | None
    share: Decimal | None
    original: Decimal
    adjusted: Decimal


def versions(warehouse: Warehouse, hospital: str, year: int) -> tuple[Version, ...]:
    """Versions of a year, the one the year began with first."""
    rows = warehouse.query(
        """
        select version, sum(amount) filter (where direction = 'cost'), sum(amount) filter (where direction = 'income'),
               count(*), count(*) filter (where in_force), list(distinct _file order by _file)
        from stg_budget where hospital = ? and period // 100 = ? group by version
        order by count(*) filter (where not in_force) desc, version""",
        (hospital, year),
    )
    return tuple(
        Version(name, cost or NIL, income or NIL, lines, held, tuple(file or "" for file in files))
        for name, cost, income, lines, held, files in rows
    )


def adjustments(warehouse: Warehouse, hospital: str, year: int, direction: str = "cost") -> Adjustments:
    """The budget in force against the first version of each department's item.

    A version chosen for the year stands against whatever else the department has, as it replaces all of that.
    """
    rows = warehouse.query(
        """
        with named as (
            select b.*, coalesce(dept_code, dept_code_raw, dept_name_raw) as dept,
                   version_order + if(chosen and t.name is distinct from 'original', 1000000, 0) as turn,
                   count(distinct version) over (partition by 1) as versions
            from stg_budget b
            left join ref_term t on t.list = 'budget_versions' and t.alias = loose_name(b.version)
            where hospital = $1 and period // 100 = $2 and direction = $3
        ),
        placed as (
            select *, turn = min(turn) over (
                       partition by dept, period, if(chosen, '', if(direction = 'income', item_class, item_code)), chosen)
                   and (not chosen or turn = min(turn) over (partition by dept, period)) as first
            from named
        )
        select coalesce(dept_code, 'unmapped'), any_value(coalesce(dept_name, dept_code_raw, '')), item_class,
               coalesce(sum(amount) filter (where first), 0), coalesce(sum(amount) filter (where in_force), 0),
               max(versions)
        from placed group by 1, item_class order by 1, item_class""",
        (hospital, year, direction),
    )
    lines = [Adjustment(*row[:5]) for row in rows]
    pairs = [(line.original, line.adjusted) for line in lines]
    several = any(row[5] > 1 for row in rows)
    changed = sorted((line for line in lines if line.difference), key=lambda line: -abs(line.difference))
    return Adjustments(
        tuple(changed),
        adjustment_rate(pairs) if several else None,
        adjusted_share(pairs) if several else None,
        sum((line.original for line in lines), NIL),
        sum((line.adjusted for line in lines), NIL),
    )
