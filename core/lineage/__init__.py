"""From a figure down to the row of the file it came from, and back.

    explain(warehouse, hospital, period, measure, scope='medical', dept=None, leaf=None, limit=200) -> Explanation
        any measure of measures.yaml: formula, the sums put in, and the source rows of one of them (`leaf`)
    explain_full_cost(warehouse, hospital, period, dept, scope='medical', item=None, origin=None, path=None, limit=200)
        a department's full cost: origins and paths it is made of, then the ledger rows of one origin
    where_used(warehouse, hospital, period, batch, sheet, row, col='') -> Usage
        a ledger row: in which departments' full cost it ended, to the fen

Nothing here is a sentence: labels are catalog Labels, notes are codes with parameters. Money is Decimal yuan.
Explanation: measure, label, unit, value, formula (Label), terms, crumbs, origins, rows, rows_total, rows_amount, notes
    Term(name, label, value, unit)                     a figure put into the formula; rows of it: explain(leaf=name)
    Crumb(kind, code, label)                           kind: hospital period scope dept item origin path
    Origin(code, name, dept_class, item_class, layer, path, amount, booked, allocated)   booked: its whole direct cost
    Source(extract, file, sheet, row, col, batch, dept_code, dept_name, what, detail, amount, part)
        one row of one file; amount as stored (yuan, or a quantity), part: how much of it is in the figure
    Note(code, params)    'fallback' 'unallocated' 'unmapped' 'netted' 'no_rows' 'first_rows' 'missing' 'zero'
"""

from core.lineage.explain import explain
from core.lineage.full import explain_full_cost
from core.lineage.kinds import Crumb, Explanation, Note, Origin, Source, Term, Usage, Used
from core.lineage.sources import Lines, column_lines, source_lines
from core.lineage.used import where_used

__all__ = [
    "Crumb",
    "Explanation",
    "Lines",
    "Note",
    "Origin",
    "Source",
    "Term",
    "Usage",
    "Used",
    "column_lines",
    "explain",
    "explain_full_cost",
    "source_lines",
    "where_used",
]
