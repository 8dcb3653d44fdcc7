-- grain: one row is hospital x period x ordering x executing department x patient type x charge class
select
    i.hospital,
    i.period,
    i.order_dept,
    coalesce(o.dept_name, i.order_dept) as order_name,
    coalesce(o.dept_class, 'unmapped') as order_class,
    i.exec_dept,
    coalesce(e.dept_name, i.exec_dept) as exec_name,
    coalesce(e.dept_class, 'unmapped') as exec_class,
    i.patient_type,
    i.charge_class,
    i.amount
from month_income i
left join stg_dept o on o.hospital = i.hospital and o.dept_code = i.order_dept
left join stg_dept e on e.hospital = i.hospital and e.dept_code = i.exec_dept
