-- grain: one row is hospital x period x department x direction x item class: budget in force beside the actual, to date
-- Rows: computed months of a year that has any budget in that direction; every department and item planned or spent.
-- direction cost: item_class is the statutory item, actual is direct cost in scope medical (budgets are of that cost).
-- direction income: item_class is the charge class ('all' where the budget names none), actual by ordering department.
-- covered: the months of the year that the hospital's budget in the direction covers, NULL where a department's item was
-- not planned at all. budget is NULL in a month that is not covered, cumulative_budget after one, annual unless all twelve
-- are: a budget that comes month by month is no budget of the year. cumulative (the actual of months 1 to m) is NULL when
-- one of these months is not there; months says how many are. A month there, or covered, without a line is 0.
-- rate = cumulative / annual; month_rate = actual / budget; time_progress = m / 12; deviation = rate - time_progress;
-- period_deviation = (cumulative - cumulative_budget) / cumulative_budget.
-- year_end = cumulative + the remaining months as they were a year ago (basis last_year), or cumulative x 12 / m where
-- the year before is not complete (basis even); year_end_rate = year_end / annual.
with planned as materialized (
    select hospital, period // 100 as year, period % 100 as month, coalesce(dept_code, 'unmapped') as dept_code,
           direction, item_class, sum(amount) as budget
    from stg_budget
    where in_force
    group by all
),
spent as materialized (
    select hospital, period // 100 as year, period % 100 as month, dept_code, 'cost' as direction, item_class,
           sum(amount) as actual
    from mart_direct_cost
    where scope = 'medical'
    group by all
    union all
    select hospital, period // 100, period % 100, order_dept, 'income', charge_class, sum(amount)
    from month_income
    group by all
),
there as (select distinct hospital, year, month, direction from spent),
covered as (select distinct hospital, year, month, direction from planned),
cell as materialized (
    select distinct c.hospital, c.year, c.dept_code, c.direction, c.item_class
    from (
        select hospital, year, dept_code, direction, item_class from planned
        union
        select hospital, year, dept_code, direction, item_class from spent
    ) c
    semi join planned p on p.hospital = c.hospital and p.year = c.year and p.direction = c.direction
),
-- Twelve months of every cell, so that the budget of the whole year is known in its first month.
year as (
    select
        c.*, m.month,
        t.month is not null as is_there,
        if(a.annual is null or u.month is null, null, coalesce(p.budget, 0)) as budget,
        if(t.month is null, null, coalesce(s.actual, 0)) as actual,
        if(l.month is null, null, coalesce(b.actual, 0)) as before,
        if(a.annual is null, null, n.covered) as covered,
        if(n.covered = 12, a.annual, null) as annual
    from cell c
    cross join (select unnest(range(1, 13)) as month) m
    left join (select hospital, year, dept_code, direction, item_class, sum(budget) as annual from planned group by all) a
        using (hospital, year, dept_code, direction, item_class)
    join (select hospital, year, direction, count(*) as covered from covered group by all) n using (hospital, year, direction)
    left join covered u using (hospital, year, month, direction)
    left join planned p using (hospital, year, month, dept_code, direction, item_class)
    left join there t using (hospital, year, month, direction)
    left join spent s using (hospital, year, month, dept_code, direction, item_class)
    left join there l on l.hospital = c.hospital and l.year = c.year - 1 and l.month = m.month and l.direction = c.direction
    left join spent b on b.hospital = c.hospital and b.year = c.year - 1 and b.month = m.month
        and b.dept_code = c.dept_code and b.direction = c.direction and b.item_class = c.item_class
),
running as (
    select
        y.*,
        count(*) filter (where is_there) over upto as months,
        sum(actual) over upto as spent_so_far,
        if(count(budget) over upto = month, sum(budget) over upto, null) as cumulative_budget,
        sum(before) over later as remaining_before,
        count(before) over later as remaining_months
    from year y
    window upto as (partition by hospital, year, dept_code, direction, item_class order by month),
           later as (partition by hospital, year, dept_code, direction, item_class order by month
                     rows between 1 following and unbounded following)
),
summed as (
    select
        hospital, year * 100 + month as period, month, dept_code, direction, item_class, budget, actual, covered, annual, months,
        if(months = month, spent_so_far, null) as cumulative,
        cumulative_budget,
        if(remaining_months = 12 - month, 'last_year', 'even') as year_end_basis,
        case when months < month then null
             when remaining_months = 12 - month then spent_so_far + coalesce(remaining_before, 0)
             else per_unit(cast(spent_so_far * 12 as decimal(18, 2)), month) end as year_end
    from running
    where is_there
)
select
    s.hospital,
    cast(s.period as integer) as period,
    s.dept_code,
    coalesce(d.dept_name, s.dept_code) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    s.direction,
    s.item_class,
    cast(s.budget as decimal(18, 2)) as budget,
    cast(s.actual as decimal(18, 2)) as actual,
    cast(s.cumulative_budget as decimal(18, 2)) as cumulative_budget,
    cast(s.cumulative as decimal(18, 2)) as cumulative,
    cast(s.covered as integer) as covered,
    cast(s.annual as decimal(18, 2)) as annual,
    cast(s.months as integer) as months,
    share(s.actual, s.budget) as month_rate,
    share(s.cumulative, s.annual) as rate,
    share(s.month, 12) as time_progress,
    share(s.cumulative * 12 - s.annual * s.month, s.annual * 12) as deviation,
    share(s.cumulative - s.cumulative_budget, s.cumulative_budget) as period_deviation,
    cast(s.year_end as decimal(18, 2)) as year_end,
    share(s.year_end, s.annual) as year_end_rate,
    s.year_end_basis
from summed s
left join stg_dept d on d.hospital = s.hospital and d.dept_code = s.dept_code
