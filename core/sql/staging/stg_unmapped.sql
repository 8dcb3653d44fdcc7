-- grain: one row is one refused or unresolved thing with money (or volume) on it
-- what: dept (department not in the dictionary), item (cost item of unknown class), fund (unknown fund source,
-- counted as own), refused (row refused at upload)
select 'ledger_cost' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, amount, item_class,
       _source, _batch, _file, _sheet, _row, _col
from stg_cost where dept_code is null
union all by name
select 'ledger_cost' as extract, hospital, period, 'item' as what,
       coalesce(item_code_raw, '') || ' ' || coalesce(item_name_raw, '') as value, amount, item_class,
       _source, _batch, _file, _sheet, _row, _col
from stg_cost where not item_classed
union all by name
select 'ledger_cost' as extract, hospital, period, 'fund' as what, fund_source_raw as value, amount, item_class,
       _source, _batch, _file, _sheet, _row, _col
from stg_cost
where fund_source_raw <> '' and fund_source = 'own'
    and loose_name(fund_source_raw) not in (select alias from ref_term where list = 'fund_layers' and name = 'own')
union all by name
select 'income' as extract, hospital, period, 'dept' as what,
       case when order_dept is null then coalesce(order_code_raw, '') || ' ' || coalesce(order_name_raw, '')
            else coalesce(exec_code_raw, '') || ' ' || coalesce(exec_name_raw, '') end as value, amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_income where order_dept is null or exec_dept is null
union all by name
select 'budget' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, amount, item_class,
       _source, _batch, _file, _sheet, _row, _col
from stg_budget where dept_code is null
union all by name
select extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_workload where dept_code is null
union all by name
select 'staff_count' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_staff where dept_code is null
union all by name
select 'operation_value' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_operation_value where dept_code is null
union all by name
select 'event' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, compensation as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_event where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select 'energy' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, amount as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_energy where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select 'suggestion' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, saving as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_suggestion where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select 'follow_up' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_follow_up where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select 'employee' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_employee where dept_code is null
union all by name
select 'payroll' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, amount as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_payroll where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select 'train' as extract, hospital, period, 'dept' as what,
       coalesce(dept_code_raw, '') || ' ' || coalesce(dept_name_raw, '') as value, null::decimal(18, 2) as amount,
       _source, _batch, _file, _sheet, _row, _col
from stg_train where dept_code is null and coalesce(dept_code_raw, '') || coalesce(dept_name_raw, '') <> ''
union all by name
select r.extract, r.hospital, r.period, 'refused' as what, coalesce(r.value, '') as value, r.amount, r.reason,
       r._source, r._batch, r._file, r.sheet as _sheet, r.row as _row, r.col as _col
from raw_refused r
