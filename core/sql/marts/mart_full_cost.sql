-- grain: one row is hospital x period x scope x receiving department x item class (x allocated)
-- Rows with allocated = false are money that found no driver or no department: kept visible with its holder, so the
-- sum over a scope is the direct cost of that scope to the fen.
-- kept: month
select
    l.hospital,
    l.period,
    l.scope,
    l.dept_code,
    l.dept_name,
    l.dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    l.item_class,
    l.allocated,
    cast(coalesce(sum(l.amount) filter (where l.origin_code = l.dept_code), 0) as decimal(18, 2)) as direct,
    cast(coalesce(sum(l.amount) filter (where l.origin_code <> l.dept_code), 0) as decimal(18, 2)) as indirect,
    cast(sum(l.amount) as decimal(18, 2)) as amount
from mart_cost_lineage l
left join stg_dept d on d.hospital = l.hospital and d.dept_code = l.dept_code
group by all
