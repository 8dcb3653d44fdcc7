-- grain: one row is hospital x period x scope x department x item class: direct cost before allocation
-- kept: month
select
    c.hospital,
    c.period,
    s.scope,
    c.dept_code,
    coalesce(d.dept_name, c.dept_code) as dept_name,
    c.dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    c.item_class,
    cast(sum(c.amount) as decimal(18, 2)) as amount
from month_direct c
join ref_scope s on s.layer = c.layer and s.dept_class = c.dept_class
left join stg_dept d on d.hospital = c.hospital and d.dept_code = c.dept_code
group by all
