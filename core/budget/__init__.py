"""Budgets: how one is made, broken down, followed, and held against contracts and payments.

    compile.py    incremental, zero_based, combined, flexible, rolling, seasonal_naive          formulas of making one
    progress.py   execution_rate, time_progress, deviation, year_end, saving, adjustment_rate   formulas of following one
    tree.py       Tree: hospital > class > department > item > month, whole fen, locks          breakdown
    targets.py    versions of a breakdown, kept for good; compare; put in force as the budget
    rules.py      limits attached to a branch of the tree, and whether the actual keeps them
    proposal.py   the helper: what each method gives for every department and item
    execution.py  the figures of the execution page, from mart_budget_execution
    history.py    actuals by month of all years, of a choice of departments
    versions.py   versions of imported budgets and the adjustment rate
    review.py     budget - contract - payment, each breach with its documents

Budgets are of direct cost in scope medical (own funds, all departments) and of income by ordering department; actuals
are taken in the same scope. Money is Decimal yuan outside, whole fen inside the tree.
"""
