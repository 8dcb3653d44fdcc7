-- grain: one row is hospital x period x scope x receiving department x item x origin department and item x path x layer
-- allocated is false for money that found no driver (or no department) and stays with its holder.
select
    l.hospital,
    l.period,
    s.scope,
    l.receiver as dept_code,
    coalesce(d.dept_name, l.receiver) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    l.item_class,
    l.item,
    l.origin as origin_code,
    coalesce(o.dept_name, l.origin) as origin_name,
    l.origin_class,
    l.origin_item,
    l.origin_item_class,
    l.path,
    l.layer,
    l.allocated,
    l.amount
from alloc_lineage l
join ref_scope s on s.layer = l.layer and s.dept_class = l.origin_class
left join stg_dept d on d.hospital = l.hospital and d.dept_code = l.receiver
left join stg_dept o on o.hospital = l.hospital and o.dept_code = l.origin
