-- grain: one row is one use of another driver than the first choice: hospital x period x step x department x item
-- planned is true for a later choice of the same rule, false for the fallback chain; used = 'unallocated' gave nothing.
select
    f.hospital,
    f.period,
    f.step,
    f.source as dept_code,
    coalesce(d.dept_name, f.source) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    f.item,
    f.item_class,
    f.wanted,
    f.used,
    f.planned,
    f.amount
from alloc_fallback f
left join stg_dept d on d.hospital = f.hospital and d.dept_code = f.source
