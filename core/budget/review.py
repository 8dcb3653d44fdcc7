"""Three-way review of budget, contract and payment: payment <= contract <= what was left of the budget.

    review(warehouse, hospital, year) -> Review

available = budget + adjustment - committed - paid, at the signing of each contract, in the order of signing. What is
committed or paid is what earlier contracts on the same budget took: their amounts, whether paid yet or not. A contract
takes from two budgets of its statutory item and year: its department's, and the whole hospital's, which contracts without
a department take from too. It must fit in both; the figures shown are those of the one that leaves less. A department that
the dictionary does not have has the budget of what is unmapped, if any, and never the hospital's for its own.

Breaches, each with its documents (file, sheet, row):
    over_contract   payments exceed the contract            over_budget   the contract exceeds what was left
    no_contract     a payment without a contract amount     no_budget     no budget for this department and item
    early           paid before the contract was signed     amounts       lines of one contract state different amounts
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.warehouse import Warehouse

NIL = Decimal(0)
BREACHES = ("over_contract", "over_budget", "no_contract", "no_budget", "early", "amounts")


@dataclass(frozen=True, slots=True)
class Document:
    """One line of the register, with its place."""

    amount: Decimal | None
    signed: date | None
    paid_on: date | None
    paid: Decimal | None
    voucher: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule broken: yuan beyond the limit (None for dates), and the lines that show it."""

    kind: str
    amount: Decimal | None
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract beside its budget. available: what was left when it was signed; None without a budget.

    of_hospital: budget, adjustment, taken and available are the whole hospital's, which leave less than the department's.
    """

    number: str
    vendor: str
    project: str
    dept: str
    dept_name: str
    item: str
    year: int
    amount: Decimal | None
    paid: Decimal
    signed: date | None
    budget: Decimal | None
    adjustment: Decimal
    taken: Decimal
    available: Decimal | None
    breaches: tuple[Breach, ...]
    documents: tuple[Document, ...]
    of_hospital: bool = False

    @property
    def open(self) -> Decimal | None:
        """Committed and not yet paid, at least 0."""
        return None if self.amount is None else max(NIL, self.amount - self.paid)


@dataclass(frozen=True, slots=True)
class Review:
    """All contracts of a budget year, in the order of signing; `breaches`: (contract, breach), the dearest first."""

    contracts: tuple[Contract, ...]

    @property
    def breaches(self) -> tuple[tuple[Contract, Breach], ...]:
        """Every breach with its contract."""
        found = [(one, breach) for one in self.contracts for breach in one.breaches]
        return tuple(sorted(found, key=lambda pair: (-(pair[1].amount or NIL), pair[0].number, pair[1].kind)))

    @property
    def committed(self) -> Decimal:
        """Yuan of all contracts."""
        return sum((one.amount or NIL for one in self.contracts), NIL)

    @property
    def paid(self) -> Decimal:
        """Yuan of all payments."""
        return sum((one.paid for one in self.contracts), NIL)

    @property
    def keeping(self) -> int:
        """Contracts without a breach."""
        return sum(not one.breaches for one in self.contracts)


def review(warehouse: Warehouse, hospital: str, year: int) -> Review:
    """Every contract of the budget year against its budget and its payments."""
    rows = warehouse.query(
        """
        select contract_no, coalesce(vendor, ''), coalesce(project, ''),
               coalesce(dept_code, if(dept_named, 'unmapped', '')), coalesce(dept_name, ''), coalesce(item_class, ''),
               amount, signed, paid_on, paid, coalesce(voucher, ''), _file, _sheet, _row
        from stg_commit where hospital = ? and year = ? order by contract_no, _file, _sheet, _row""",
        (hospital, year),
    )
    groups: dict[str, list[tuple[object, ...]]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(row)
    budgets = _budgets(warehouse, hospital, year)
    taken: dict[tuple[str, str], Decimal] = {}
    made = []
    for number, lines in sorted(groups.items(), key=lambda group: _signing(group[1])):
        made.append(_contract(number, lines, year, budgets, taken))
    return Review(tuple(made))


def _signing(lines: list[tuple[object, ...]]) -> tuple[str, str]:
    days = sorted(str(line[7]) for line in lines if line[7]) or sorted(
        str(line[8]) for line in lines if line[8]
    )
    return (days[0] if days else "9999", str(lines[0][0]))


def _budgets(
    warehouse: Warehouse, hospital: str, year: int
) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """(department or '' for all, item) -> (original, adjustment) in yuan."""
    rows = warehouse.query(
        """
        select coalesce(b.dept_code, 'unmapped'), b.item_class,
               coalesce(sum(b.amount) filter (where t.name = 'original'), 0),
               coalesce(sum(b.amount) filter (where b.in_force), 0)
        from stg_budget b
        left join ref_term t on t.list = 'budget_versions' and t.alias = loose_name(b.version)
        where b.hospital = ? and b.period // 100 = ? and b.direction = 'cost' group by all""",
        (hospital, year),
    )
    found: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    for dept, item, original, held in rows:
        # A budget that came in one version without an original's name was never adjusted.
        first = original or held
        for code in (dept, ""):
            before = found.get((code, item), (NIL, NIL))
            found[code, item] = (before[0] + first, before[1] + held - first)
    return found


def _contract(
    number: str,
    lines: list[tuple[object, ...]],
    year: int,
    budgets: dict[tuple[str, str], tuple[Decimal, Decimal]],
    taken: dict[tuple[str, str], Decimal],
) -> Contract:
    documents = tuple(Document(*line[6:14]) for line in lines)  # type: ignore[arg-type]
    _, vendor, project, dept, dept_name, item = (
        next((str(line[place]) for line in lines if line[place]), "") for place in range(6)
    )
    stated = [one.amount for one in documents if one.amount is not None]
    amount = max(stated) if stated else None
    signed = min((one.signed for one in documents if one.signed), default=None)
    paid = sum((one.paid or NIL for one in documents), NIL)
    # The department's budget first; of two that leave the same, it is the one to show.
    keys = list(dict.fromkeys([(dept, item), ("", item)]))
    left = {key: sum(budgets[key], NIL) - taken.get(key, NIL) for key in keys if key in budgets}
    key = min(left, key=lambda one: left[one]) if keys[0] in left else keys[0]
    budget, before, available = budgets.get(key), taken.get(key, NIL), left.get(key)
    # A payment without a contract takes from the budget all the same.
    for one in keys:
        taken[one] = taken.get(one, NIL) + max(amount or NIL, paid)
    breaches = _breaches(documents, amount, signed, paid, available)
    return Contract(
        number, vendor, project, dept, dept_name, item, year, amount, paid, signed,
        budget[0] if budget else None, budget[1] if budget else NIL, before, available, tuple(breaches), documents,
        key != keys[0],
    )  # fmt: skip


def _breaches(
    documents: tuple[Document, ...],
    amount: Decimal | None,
    signed: date | None,
    paid: Decimal,
    available: Decimal | None,
) -> Iterable[Breach]:
    payments = tuple(one for one in documents if one.paid)
    if amount is None:
        yield Breach("no_contract", paid, payments)
    elif paid > amount:
        yield Breach("over_contract", paid - amount, payments)
    if available is None:
        yield Breach("no_budget", amount if amount is not None else paid, documents)
    elif max(amount or NIL, paid if amount is None else NIL) > available:
        yield Breach("over_budget", (amount if amount is not None else paid) - max(NIL, available), documents)
    early = tuple(one for one in payments if signed and one.paid_on and one.paid_on < signed)
    if early:
        yield Breach("early", sum((one.paid or NIL for one in early), NIL), early)
    if len({one.amount for one in documents if one.amount is not None}) > 1:
        yield Breach("amounts", None, documents)
