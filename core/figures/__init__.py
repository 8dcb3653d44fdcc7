"""What the pages show, as plain typed figures with exact money. No language, no drawing.

Being built now, in parallel (remove this note when done):
    measures.py, cockpit.py, department.py, changes.py, heat.py    the author of pages/board/cockpit and pages/cost/department
    allocation.py, compare.py                                     the author of pages/cost/allocation
    core/lineage/ (Explanation down to the row)                    the author of core/warehouse and core/derived

Ready to build on:
    core/measures.py   values(), by_department(), budget_of(), measure(name).formula(lang): every figure of measures.yaml
    core/xmr.py        xmr(values) -> points with mean, limits and the rule that a point breaks
    core/warehouse     open_warehouse(store, snapshot, scenario).ensure(hospital, period), then marts by SQL
    core/derived       month_results(staging, hospital, period, scenario): one month in memory, for comparing methods
"""
