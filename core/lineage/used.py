"""The way forward: a ledger row, and the departments whose full cost it ended in."""

from __future__ import annotations

from decimal import Decimal

from core.lineage.kinds import Note, Source, Usage, Used
from core.money import divide_exact, fen_to_yuan, yuan_to_fen
from core.warehouse import Warehouse

_ROW = """
select 'ledger_cost', _file, _sheet, _row, _col, _batch, coalesce(dept_code, 'unmapped'), coalesce(dept_name, ''),
       coalesce(item_name, ''), coalesce(voucher, memo, ''), amount, item_code, item_class, fund_source
from stg_cost
where hospital = ? and period = ? and _batch = ? and _sheet = ? and _row = ? and coalesce(_col, '') = ?"""
_WENT = """
select l.receiver, coalesce(d.dept_name, l.receiver), coalesce(d.dept_class, 'unmapped'), l.path, l.item_class,
       sum(l.amount), l.allocated
from alloc_lineage l
left join stg_dept d on d.hospital = l.hospital and d.dept_code = l.receiver
where l.hospital = $1 and l.period = $2 and l.origin = $3 and l.layer = $4
    and l.origin_item = (select coalesce(max(item), $6) from month_direct
                         where hospital = $1 and period = $2 and dept_code = $3 and item = $5)
group by all order by l.receiver, l.path, l.item_class"""


def where_used(
    warehouse: Warehouse, hospital: str, period: int, batch: str, sheet: str, row: int, col: str = ""
) -> Usage:
    """Where one ledger row went. Each part is the row's share of its department's cost of that item, whole fen,
    adding up to the row exactly.

    Raises:
        LookupError: no ledger row stands at that place in this snapshot.
    """
    warehouse.ensure(hospital, period)
    found = warehouse.query(_ROW, [hospital, period, batch, sheet, row, col])
    if not found:
        raise LookupError(f"no ledger row at {batch}, {sheet}, row {row} {col}".strip())
    *place, amount, item_code, item_class, layer = found[0]
    extract, file, at_sheet, at_row, at_col, of_batch, code, name, what, detail = place
    source = Source(
        extract, file, at_sheet, at_row, at_col or "", of_batch, code, name, what, detail, amount, amount
    )
    went = warehouse.query(_WENT, [hospital, period, source.dept_code, layer, item_code, item_class])
    weights = [abs(yuan_to_fen(line[5])) for line in went]
    if not sum(weights):
        # Red entries took the whole cost of this item away: nothing of it was left to allocate.
        return Usage(source, (), (Note("netted"),))
    shares = divide_exact(yuan_to_fen(source.amount or Decimal(0)), weights)
    used = tuple(
        Used(code, name, dept_class, path, item, fen_to_yuan(share), allocated)
        for (code, name, dept_class, path, item, _, allocated), share in zip(went, shares, strict=True)
        if share
    )
    return Usage(source, used)
