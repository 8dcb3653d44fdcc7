-- grain: one row is one line of income by charge item (E05)
-- A file that names only one of the two departments means that one for both.
select
    r.hospital,
    r.period,
    case when coalesce(r.order_code, r.order_name, '') = '' then e.dept_code else o.dept_code end as order_dept,
    coalesce(case when coalesce(r.order_code, r.order_name, '') = '' then e.dept_name else o.dept_name end,
             nullif(r.order_name, ''), r.order_code) as order_name,
    coalesce(case when coalesce(r.order_code, r.order_name, '') = '' then e.dept_class else o.dept_class end, 'unmapped')
        as order_class,
    case when coalesce(r.exec_code, r.exec_name, '') = '' then o.dept_code else e.dept_code end as exec_dept,
    coalesce(case when coalesce(r.exec_code, r.exec_name, '') = '' then o.dept_name else e.dept_name end,
             nullif(r.exec_name, ''), r.exec_code) as exec_name,
    coalesce(case when coalesce(r.exec_code, r.exec_name, '') = '' then o.dept_class else e.dept_class end, 'unmapped')
        as exec_class,
    coalesce(nullif(r.patient_type, ''), nullif(o.care_setting, 'none'), nullif(e.care_setting, 'none'), 'outpatient')
        as patient_type,
    coalesce(c.name, 'other') as charge_class,
    r.charge_class as charge_class_raw,
    r.charge_code,
    r.charge_name,
    r.unit_price,
    r.quantity,
    cast(coalesce(r.amount, 0) as decimal(18, 2)) as amount,
    r.order_code as order_code_raw,
    r.order_name as order_name_raw,
    r.exec_code as exec_code_raw,
    r.exec_name as exec_name_raw,
    r._source, r._batch, r._file, r._sheet, r._row, r._col
from raw_income_detail r
left join stg_income_detail_match o on o.hospital = r.hospital and o.period = r.period
    and o.raw_code = coalesce(r.order_code, '') and o.raw_name = coalesce(r.order_name, '')
left join stg_income_detail_match e on e.hospital = r.hospital and e.period = r.period
    and e.raw_code = coalesce(r.exec_code, '') and e.raw_name = coalesce(r.exec_name, '')
left join ref_term c on c.list = 'charge_classes' and c.alias = loose_name(r.charge_class)
