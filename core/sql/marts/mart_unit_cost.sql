-- grain: one row is hospital x period x scope x kind (visit, bed_day) x clinical department, and '*' for the hospital
-- Visit cost = full cost of outpatient clinical departments / visits; bed-day cost = full cost of inpatient clinical
-- departments / occupied bed-days. NULL where there is no volume. Source: domain of the costing rules, visit and bed-day.
-- kept: month
with costs as (
    select hospital, period, scope, dept_code, dept_name,
           case care_setting when 'outpatient' then 'visit' else 'bed_day' end as kind,
           sum(amount) as cost
    from mart_full_cost
    where allocated and dept_class = 'clinical' and care_setting in ('outpatient', 'inpatient')
    group by all
),
by_department as (
    select c.hospital, c.period, c.scope, c.kind, c.dept_code, c.dept_name, c.cost,
           case c.kind when 'visit' then v.visits else v.bed_days end as volume
    from costs c
    left join month_volume v on v.hospital = c.hospital and v.period = c.period and v.dept_code = c.dept_code
),
whole as (
    select c.hospital, c.period, c.scope, c.kind, '*' as dept_code, '*' as dept_name, sum(c.cost) as cost,
           any_value(case c.kind when 'visit' then v.visits else v.bed_days end) as volume
    from costs c
    left join (select hospital, period, sum(visits) as visits, sum(bed_days) as bed_days from month_volume group by all) v
        on v.hospital = c.hospital and v.period = c.period
    group by all
)
select
    hospital, period, scope, kind, dept_code, dept_name,
    cast(cost as decimal(18, 2)) as cost,
    cast(volume as bigint) as volume,
    per_unit(cast(cost as decimal(18, 2)), cast(volume as bigint)) as unit_cost
from (select * from by_department union all select * from whole)
