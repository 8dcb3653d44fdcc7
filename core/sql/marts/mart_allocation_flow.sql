-- grain: one row is one allocation: hospital x period x step x giving department x receiving department x item x layer
select
    f.hospital,
    f.period,
    f.step,
    f.source as source_code,
    coalesce(s.dept_name, f.source) as source_name,
    coalesce(s.dept_class, 'unmapped') as source_class,
    f.target as target_code,
    coalesce(t.dept_name, f.target) as target_name,
    coalesce(t.dept_class, 'unmapped') as target_class,
    f.item,
    f.item_class,
    f.layer,
    r.driver,
    f.amount
from alloc_flow f
left join alloc_rule r on r.hospital = f.hospital and r.period = f.period and r.step = f.step
    and r.source = f.source and r.item = f.source_item
left join stg_dept s on s.hospital = f.hospital and s.dept_code = f.source
left join stg_dept t on t.hospital = f.hospital and t.dept_code = f.target
