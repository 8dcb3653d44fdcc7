-- grain: one row is hospital x period x step x department x item class x layer: what it held before and after the step
select
    a.hospital,
    a.period,
    a.step,
    a.department as dept_code,
    coalesce(d.dept_name, a.department) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    a.item_class,
    a.layer,
    cast(sum(a.before) as decimal(18, 2)) as before,
    cast(sum(a.received) as decimal(18, 2)) as received,
    cast(sum(a.given) as decimal(18, 2)) as given,
    cast(sum(a.after) as decimal(18, 2)) as after
from alloc_step a
left join stg_dept d on d.hospital = a.hospital and d.dept_code = a.department
group by all
