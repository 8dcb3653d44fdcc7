-- grain: one row is direct cost of one month: department x cost item x fund layer ('unmapped' where unresolved)
-- parameters: $1 hospital, $2 period
select
    c.hospital,
    c.period,
    coalesce(c.dept_code, 'unmapped') as dept_code,
    case when c.dept_code is null then 'unmapped' else c.dept_class end as dept_class,
    -- An item that the hospital's own steps or parameters name is allocated by itself, any other by its class.
    coalesce(f.item, c.item_class) as item,
    c.item_class,
    c.fund_source as layer,
    cast(sum(c.amount) as decimal(18, 2)) as amount
from stg_cost c
left join (
    select item_code as item from stg_alloc_step where hospital = $1
    union
    select item_code from stg_alloc_param where hospital = $1 and period <= $2
) f on f.item = c.item_code and f.item <> ''
where c.hospital = $1 and c.period = $2
group by all
having sum(c.amount) <> 0 or count(*) > 0
