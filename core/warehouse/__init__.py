"""The warehouse: one snapshot (and scenario) opened for questions.

    warehouse = open_warehouse(store, snapshot=None, scenario=EMPTY)      cached per process; cheap to call again
    warehouse.hospitals() -> ('H1', ...)       warehouse.periods(hospital) -> (202201, ...)  months with data
    warehouse.ensure(hospital, period)         computes that month's allocation if it is not there yet (one month only)
    warehouse.missing(hospital) -> months that have data but no results yet (derived.refresh computes them)
    warehouse.query(sql, params) -> list[tuple]     money is Decimal
    warehouse.rows(sql, params) -> list[dict]       .frame(...) -> pandas (money becomes float: for charts only)
    warehouse.arrow(sql, params) -> pyarrow.Table   decimals stay decimals
    user_query(store, snapshot, sql, limit) -> pyarrow.Table    what a person typed: one SELECT, locked, with timeout
    documented() -> {view: grain}              every view of DESIGN section 7 and a few more

Views: stg_dept stg_item stg_cost stg_income stg_income_detail stg_charge stg_workload stg_staff stg_area
stg_internal_service stg_alloc_param stg_alloc_step stg_budget stg_unmapped (and how words were matched:
stg_dept_key stg_dept_match stg_item_key stg_item_match stg_charge_match stg_income_detail_match), and
mart_direct_cost mart_full_cost mart_cost_lineage mart_department_month mart_unit_cost mart_income
mart_budget_execution mart_allocation_flow mart_allocation_step mart_allocation_check mart_fallback. Beneath them,
for lineage: month_* and alloc_*. Their columns and grain: the .sql file of the same name under core/sql.

Staging views cover all stored months. Marts cover the months whose results exist: they are computed per
hospital-month (core/derived), stored under <data>/derived and read back, so a board never touches charge lines.
"""

from core.staging import Staging, open_staging
from core.staging.sql import documented, views
from core.warehouse.opened import Warehouse, open_warehouse
from core.warehouse.user import QueryRefused, user_query

__all__ = [
    "QueryRefused",
    "Staging",
    "Warehouse",
    "documented",
    "open_staging",
    "open_warehouse",
    "user_query",
    "views",
]
