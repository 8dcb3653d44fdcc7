-- grain: one row is the budget in force for one month: department x direction x statutory item
-- parameters: $1 hospital, $2 period
select
    hospital,
    period,
    coalesce(dept_code, 'unmapped') as dept_code,
    direction,
    item_class,
    cast(sum(amount) as decimal(18, 2)) as amount
from stg_budget
where hospital = $1 and period = $2 and in_force
group by all
