-- grain: one row is hospital x period x scope x receiving department x item class (x allocated)
-- Rows with allocated = false are money that found no driver or no department: kept visible with its holder, so the
-- sum over a scope is the direct cost of that scope to the fen.
-- kept: month
with cells as (
    -- the lineage without its origins, before scopes and names multiply it
    select hospital, period, receiver, origin_class, layer, item_class, allocated, origin = receiver as own,
           sum(amount) as amount
    from alloc_lineage
    group by all
)
select
    c.hospital,
    c.period,
    s.scope,
    c.receiver as dept_code,
    coalesce(d.dept_name, c.receiver) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    c.item_class,
    c.allocated,
    cast(coalesce(sum(c.amount) filter (where c.own), 0) as decimal(18, 2)) as direct,
    cast(coalesce(sum(c.amount) filter (where not c.own), 0) as decimal(18, 2)) as indirect,
    cast(sum(c.amount) as decimal(18, 2)) as amount
from cells c
join ref_scope s on s.layer = c.layer and s.dept_class = c.origin_class
left join stg_dept d on d.hospital = c.hospital and d.dept_code = c.receiver
group by all
