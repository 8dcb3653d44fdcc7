"""What the pages show, as plain typed figures with exact money. No language, no drawing.

Being built now, in parallel (remove this note when done):
    measures.py, cockpit.py, department.py, changes.py, heat.py    the author of pages/board/cockpit and pages/cost/department
    allocation.py, compare.py                                     the author of pages/cost/allocation
    core/lineage/ (Explanation down to the row)                    the author of core/warehouse and core/derived
"""
