-- grain: the lines of one extract of income, each with the department that ordered and the one that did it
-- A file that names only one of the two departments means that one for both.
-- table, match, month: as in dept_line. patient: the kind of patient as stated. {body}: the columns of r that are its own.
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
    coalesce(nullif({patient=r.patient_type}, ''), nullif(o.care_setting, 'none'), nullif(e.care_setting, 'none'),
             'outpatient') as patient_type,
    coalesce(c.name, 'other') as charge_class,
    {body},
    cast(coalesce(r.amount, 0) as decimal(18, 2)) as amount,
    r.order_code as order_code_raw,
    r.order_name as order_name_raw,
    r.exec_code as exec_code_raw,
    r.exec_name as exec_name_raw,
    r._source, r._batch, r._file, r._sheet, r._row, r._col
from raw_{table} r
left join {match=stg_dept_match} o on o.hospital = r.hospital {order_month=}
    and o.raw_code = coalesce(r.order_code, '') and o.raw_name = coalesce(r.order_name, '')
left join {match=stg_dept_match} e on e.hospital = r.hospital {exec_month=}
    and e.raw_code = coalesce(r.exec_code, '') and e.raw_name = coalesce(r.exec_name, '')
left join ref_term c on c.list = 'charge_classes' and c.alias = loose_name(r.charge_class)
