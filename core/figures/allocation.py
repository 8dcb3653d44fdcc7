"""What the allocation page shows: who received what, where it flowed, what each step moved, and the proof.

Everything is read from the marts of one warehouse (so of one snapshot and one scenario); a what-if is the same call
on the warehouse of the scenario. Money is Decimal yuan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from core.allocation import LETTERS
from core.warehouse import Warehouse

ZERO = Decimal(0)
GIVERS = ("admin", "auxiliary", "technical")
OWN = "own"  # the receiving department's own direct cost
OTHERS = "others"
CLASS_OF = {letter: name for name, letter in LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Received:
    """One receiving department: full = direct + from each giving class. `before` is the same under no scenario."""

    code: str
    name: str
    dept_class: str
    direct: Decimal
    admin: Decimal
    auxiliary: Decimal
    technical: Decimal
    full: Decimal
    share: Decimal | None
    before: Decimal | None = None

    @property
    def indirect(self) -> Decimal:
        """What came from other departments."""
        return self.full - self.direct

    @property
    def change(self) -> Decimal | None:
        """full under the scenario less full as it is; None without a scenario."""
        return None if self.before is None else self.full - self.before


@dataclass(frozen=True, slots=True)
class Link:
    """A stream of money. Ends are department classes, OWN, OTHERS or department codes; `name` labels a department."""

    source: str
    target: str
    amount: Decimal
    name: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """One identity: whether it holds, by how much it is off (yuan), and where."""

    name: str
    ok: bool
    difference: Decimal
    place: str


@dataclass(frozen=True, slots=True)
class Loose:
    """Money that found no receiver: it stays with its holder and is shown."""

    code: str
    name: str
    dept_class: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AllocationFigures:
    """One month in one scope.

    Identity: sum of `received.full` + sum of `loose.amount` = `total`, the direct cost of the scope.
    """

    total: Decimal
    direct: Decimal
    given: dict[str, Decimal]
    received: tuple[Received, ...]
    loose: tuple[Loose, ...]
    proofs: tuple[Proof, ...]
    fallbacks: tuple[dict[str, Any], ...]

    @property
    def unallocated(self) -> Decimal:
        """Money without a receiver."""
        return sum((entry.amount for entry in self.loose), ZERO)

    @property
    def holds(self) -> bool:
        """Whether every identity holds to the fen."""
        return all(proof.ok for proof in self.proofs)


def allocation(
    warehouse: Warehouse, hospital: str, period: int, scope: str, dept_class: str | None = None
) -> AllocationFigures:
    """The figures of one month; under a scenario `Received.before` holds the actual."""
    key = (hospital, period, scope)
    rows = _by_receiver(warehouse, key)
    before = _full(warehouse.actual, key) if warehouse.scenario else {}
    whole = sum((row["full"] for row in rows if row["allocated"]), ZERO)
    received = tuple(
        Received(
            row["dept_code"], row["dept_name"], row["dept_class"], row["direct"], row["admin"], row["auxiliary"],
            row["technical"], row["full"], row["full"] / whole if whole else None,
            before.get(row["dept_code"], ZERO) if warehouse.scenario else None,
        )
        for row in rows
        if row["allocated"]
    )  # fmt: skip
    loose = tuple(
        Loose(row["dept_code"], row["dept_name"], row["dept_class"], row["full"])
        for row in rows
        if not row["allocated"]
    )
    given = {name: sum((getattr(entry, name) for entry in received), ZERO) for name in GIVERS}
    return AllocationFigures(
        total=whole + sum((entry.amount for entry in loose), ZERO),
        direct=sum((entry.direct for entry in received), ZERO),
        given=given,
        received=tuple(entry for entry in received if not dept_class or entry.dept_class == dept_class),
        loose=loose,
        proofs=tuple(
            Proof(row["name"], row["ok"], row["difference"], row["place"] or "")
            for row in warehouse.rows(
                "select name, ok, difference, place from mart_allocation_check"
                " where hospital = ? and period = ? order by name",
                key[:2],
            )
        ),
        fallbacks=tuple(
            warehouse.rows(
                "select step, dept_code, dept_name, dept_class, item_class, wanted, used, sum(amount) as amount"
                " from mart_fallback where hospital = ? and period = ? and not planned group by all"
                " order by sum(amount) desc",
                key[:2],
            )
        ),
    )


def _by_receiver(warehouse: Warehouse, key: tuple[str, int, str]) -> list[dict[str, Any]]:
    from_class = ", ".join(
        f"cast(coalesce(sum(amount) filter (where origin_class = '{name}' and origin_code <> dept_code), 0)"
        f" as decimal(18, 2)) as {name}"
        for name in GIVERS
    )
    return warehouse.rows(
        f"""select dept_code, dept_name, dept_class, allocated,
                   cast(coalesce(sum(amount) filter (where origin_code = dept_code), 0) as decimal(18, 2)) as direct,
                   {from_class}, cast(sum(amount) as decimal(18, 2)) as "full"
            from mart_cost_lineage where hospital = ? and period = ? and scope = ?
            group by all having sum(amount) <> 0 order by "full" desc, dept_code""",
        key,
    )


def _full(warehouse: Warehouse, key: tuple[str, int, str]) -> dict[str, Decimal]:
    rows = warehouse.query(
        "select dept_code, sum(amount) from mart_full_cost"
        " where hospital = ? and period = ? and scope = ? and allocated group by all",
        key,
    )
    return dict(rows)


def flow(warehouse: Warehouse, hospital: str, period: int, scope: str, top: int = 12) -> tuple[Link, ...]:
    """Streams from the giving classes through the steps to the `top` receivers by indirect cost, the rest gathered.

    Every link between classes is what passed between them on its way (a fen that goes A > X > C is in A-X and in
    X-C), so what enters a class plus its own cost equals what leaves it. Chains that would run in a circle (mutual
    service) are drawn from their first class straight to the receiver.
    """
    rows = warehouse.query(
        "select path, dept_code, dept_name, sum(amount) from mart_cost_lineage"
        " where hospital = ? and period = ? and scope = ? and allocated and origin_code <> dept_code group by all",
        (hospital, period, scope),
    )
    by_dept: dict[str, Decimal] = defaultdict(Decimal)
    names: dict[str, str] = {}
    for _, code, name, amount in rows:
        by_dept[code] += amount
        names[code] = name
    shown = set(sorted(by_dept, key=lambda code: (-by_dept[code], code))[:top])
    streams: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    order = {letter: place for place, letter in enumerate(CLASS_OF)}
    for path, code, _, amount in rows:
        classes = path.split(">")[:-1] or [path]
        if [order.get(step, 9) for step in classes] != sorted({order.get(step, 9) for step in classes}):
            classes = classes[:1]
        chain = [CLASS_OF.get(step, step) for step in classes]
        chain.append(code if code in shown else OTHERS)
        for ends in pairwise(chain):
            streams[ends] += amount
    links = [
        Link(source, target, amount, names.get(target, "")) for (source, target), amount in streams.items()
    ]
    return tuple(sorted((link for link in links if link.amount > 0), key=lambda link: -link.amount))


@dataclass(frozen=True, slots=True)
class Balance:
    """What a class of departments holds around one step (yuan): before + received - given = after."""

    step: int
    dept_class: str
    before: Decimal
    received: Decimal
    given: Decimal
    after: Decimal


def balances(warehouse: Warehouse, hospital: str, period: int, layers: Iterable[str]) -> tuple[Balance, ...]:
    """Holdings by department class around each step, over the fund layers of a scope."""
    wanted = list(layers)
    rows = warehouse.query(
        f"""select step, dept_class, sum(before), sum(received), sum(given), sum("after") from mart_allocation_step
            where hospital = ? and period = ? and layer in ({", ".join("?" * len(wanted))})
            group by step, dept_class order by step, dept_class""",
        (hospital, period, *wanted),
    )
    return tuple(Balance(*row) for row in rows)


def allocation_table(
    warehouse: Warehouse, hospital: str, period: int, source: str, layers: Iterable[str]
) -> list[dict[str, Any]]:
    """The published table of one giving department: receiver, driver used, item and amount."""
    wanted = list(layers)
    return warehouse.rows(
        f"""select step, target_code, target_name, target_class, any_value(driver) as driver,
                   cast(sum(amount) as decimal(18, 2)) as amount
            from mart_allocation_flow
            where hospital = ? and period = ? and source_code = ? and layer in ({", ".join("?" * len(wanted))})
            group by step, target_code, target_name, target_class order by step, amount desc""",
        (hospital, period, source, *wanted),
    )
