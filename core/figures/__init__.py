"""What the pages show, as plain typed figures with exact money. No language, no drawing.

    common.py       months, comparisons, Figure (a measure beside last month, last year, budget), the cube of direct cost
    cockpit.py      cockpit(warehouse, hospital, period, scope, dept_class, dept, compare) -> Cockpit; focus(..., item)
    department.py   department(warehouse, hospital, period, scope, code, compare) -> Department
    changes.py      changes(cube, period, compare, depts) -> what differs, by item, department and both
    heat.py         heat(cube, period, compare, depts) -> departments by month
    peers.py        departments of the same kind, ranked by unit cost
    allocation.py, compare.py    the allocation page: balances, flows, steps, methods side by side

Built on core/measures.py (every figure of measures.yaml), core/xmr.py (limits) and core/warehouse (marts). Why a
figure is what it is: core/lineage.
"""
