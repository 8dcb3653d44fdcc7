-- grain: one row is hospital x period x span x department ('*' hospital, '*clinical' a class) x indicator x caliber
-- value with the target in force that month, its score and light: green from 90, yellow from 60, red below, none without
-- a score. A department's own target goes before the one of its class, whole; the hospital's target is the hospital's only.
-- A range counts only where the hospital set one; the shipped band is a proposal (ref_indicator.low, high).
-- Targets of what adds up over months are for a whole year: a value made of one month is held against a twelfth, one made
-- of five months of a year against five twelfths. A month of an indicator stated by the quarter stands for its quarter.
-- A target of a class is for each of its departments: amounts of the class are held against as many of them as there are
-- departments with the value.
with aimed as (
    select v.*, i.perspective, i.better,
           case when not i.yearly then 12
                when v.span = 'month' and i.frequency = 'quarter' then 3
                when v.span = 'month' and i.frequency = 'year' then 12
                else coalesce(v.months, v.of_months) end * if(i.adds and v.departments > 0, v.departments, 1) as twelfths,
           if(o.since is null, c.baseline, o.baseline) as full_baseline, if(o.since is null, c.target, o.target) as full_target,
           if(o.since is null, c.low, o.low) as low, if(o.since is null, c.high, o.high) as high
    from mart_indicator_value v
    join ref_indicator i using (indicator, caliber)
    left join stg_target o on o.hospital = v.hospital and o.indicator = v.indicator and o.caliber = v.caliber
        and o.dept_code = v.dept_code and v.period >= o.since and v.period < o.until
        and coalesce(o.baseline, o.target, o.low, o.high) is not null
    left join stg_target c on c.hospital = v.hospital and c.indicator = v.indicator and c.caliber = v.caliber
        and v.level = 'department' and c.dept_code = '*' || v.dept_class and v.period >= c.since and v.period < c.until
),
scaled as (
    select *,
           if(twelfths = 12, full_baseline, cast(round(cast(full_baseline as double) * twelfths / 12, 8) as decimal(28, 8))) as baseline,
           if(twelfths = 12, full_target, cast(round(cast(full_target as double) * twelfths / 12, 8) as decimal(28, 8))) as target
    from aimed
)
select
    v.hospital, v.period, v.span, v.level, v.dept_code,
    coalesce(d.dept_name, v.dept_code) as dept_name,
    v.dept_class, v.indicator, v.caliber, v.perspective,
    v.numerator, v.denominator, v.previous_numerator, v.previous_denominator, v.value,
    v.months, v.of_months,
    v.baseline, v.target, v.low, v.high,
    cast(round(indicator_score(v.better, cast(v.value as double), cast(v.baseline as double), cast(v.target as double),
                               cast(v.low as double), cast(v.high as double)), 4) as decimal(9, 4)) as score,
    case when score is null then 'none' when score >= 90 then 'green' when score >= 60 then 'yellow' else 'red' end as status,
    v.reason, v.reason_of
from scaled v
left join stg_dept d on d.hospital = v.hospital and d.dept_code = v.dept_code
