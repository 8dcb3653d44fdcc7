-- grain: one row is hospital x period x span x level x department x indicator x caliber: what it is made of, and its value
-- span: month · quarter, half and year (at their last month) · ytd. Sums are added first, then divided; nothing is averaged.
-- value is NULL with a reason: missing (reason_of: the extract) · not_here · zero · months (the parts do not cover the same months)
-- · stated (given only as ratios, which cannot be added) · before (no figure a year earlier).
-- previous_* is the same span a year earlier, for growth. Departments and classes are listed where their parts are there.
-- kept: asked
with month as (select distinct hospital, period from mart_indicator_fact),
span as (
    select m.hospital, s.span, m.period, p.period as part
    from month m
    cross join (select unnest(['month', 'quarter', 'half', 'ytd', 'year']) as span) s
    join month p on p.hospital = m.hospital and p.period // 100 = m.period // 100 and p.period <= m.period
    where case s.span when 'month' then p.period = m.period
                      when 'quarter' then m.period % 100 in (3, 6, 9, 12) and p.period > m.period - 3
                      when 'half' then m.period % 100 in (6, 12) and p.period > m.period - 6
                      when 'year' then m.period % 100 = 12
                      else true end
),
-- One number per fact and span; numbers of months added, the mean, or the state at the end.
fact as materialized (
    select * exclude (total, newest, newest_loose, most_loose),
           case rule when 'sum' then total when 'last' then newest
                     else cast(round(total / months, 4) as decimal(38, 4)) end as amount,
           case when most_loose = 0 then 0 when rule = 'last' then newest_loose
                when months = 1 then most_loose else 2 end as loose
    from (
        select f.hospital, s.span, s.period, f.level, f.dept_code, f.dept_class, f.fact, r.over as rule,
               count(*) as months, sum(f.amount) as total, arg_max(f.amount, f.period) as newest,
               arg_max(f.loose, f.period) as newest_loose, max(f.loose) as most_loose
        from mart_indicator_fact f
        join span s on s.hospital = f.hospital and s.part = f.period
        join ref_fact r on r.fact = f.fact
        group by all
    )
),
part as (
    select f.hospital, f.span, f.period, f.level, f.dept_code, f.dept_class, t.indicator, t.caliber,
           sum(t.sign * f.amount) filter (where t.side = 'top') as numerator,
           sum(t.sign * f.amount) filter (where t.side = 'bottom') as denominator,
           count(*) filter (where t.side = 'top') as tops,
           count(*) filter (where t.side = 'bottom') as bottoms,
           max(f.loose) as loose,
           min(f.months) filter (where f.rule = 'sum') <> max(f.months) filter (where f.rule = 'sum') as uneven
    from fact f
    join ref_indicator_term t on t.fact = f.fact
    group by all
),
-- Every indicator of the hospital has a row, so that what is missing can be said.
checked as materialized (
    select p.*, i.kind, i.function, i.times, i.tops as needs_tops, i.bottoms as needs_bottoms, i.any as partly
    from part p
    join ref_indicator i using (indicator, caliber)
    where p.level <> 'hospital' and p.tops = i.tops
    union all by name
    select s.hospital, s.span, s.period, 'hospital' as level, '*' as dept_code, 'hospital' as dept_class, i.indicator,
           i.caliber, p.* exclude (hospital, span, period, level, dept_code, dept_class, indicator, caliber),
           i.kind, i.function, i.times, i.tops as needs_tops, i.bottoms as needs_bottoms, i.any as partly
    from (select distinct hospital, span, period from span) s
    cross join ref_indicator i
    left join part p on p.hospital = s.hospital and p.span = s.span and p.period = s.period and p.level = 'hospital'
        and p.indicator = i.indicator and p.caliber = i.caliber
),
faulty as (
    select *,
           case when coalesce(tops, 0) < needs_tops or (coalesce(bottoms, 0) < needs_bottoms and not (partly and bottoms > 0))
                    then 'missing'
                when loose = 2 then 'stated'
                when uneven and not partly then 'months' end as fault
    from checked
),
-- The year before, for the kinds that compare with it.
earlier as (
    select hospital, span, period + 100 as period, level, dept_code, indicator, caliber, numerator, denominator
    from faulty where kind in ('growth', 'function') and fault is null
),
compared as (
    select f.*, e.numerator as previous_numerator, e.denominator as previous_denominator
    from faulty f
    left join earlier e using (hospital, span, period, level, dept_code, indicator, caliber)
),
-- The first fact of an indicator that the hospital has no number of, by the extract it comes from.
lacking as (
    select s.hospital, s.span, s.period, t.indicator, t.caliber, min_by(r.needs, t.place) as needs
    from (select distinct hospital, span, period from span) s
    cross join ref_indicator_term t
    join ref_fact r on r.fact = t.fact
    left join fact f on f.hospital = s.hospital and f.span = s.span and f.period = s.period and f.level = 'hospital'
        and f.fact = t.fact
    where f.fact is null
    group by all
),
valued as (
    select compared.*,
           indicator_value(kind, function, times, cast(numerator as double), cast(denominator as double),
                           cast(previous_numerator as double), cast(previous_denominator as double)) as raw,
           if(fault = 'missing' and level = 'hospital', lacking.needs, null) as lacks
    from compared
    left join lacking using (hospital, span, period, indicator, caliber)
)
select
    hospital, span, period, level, dept_code, dept_class, indicator, caliber,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    cast(previous_numerator as decimal(28, 4)) as previous_numerator,
    cast(previous_denominator as decimal(28, 4)) as previous_denominator,
    case when fault is not null then null
         -- amounts stay exact: they never pass through a fraction
         when kind = 'sum' then cast(numerator as decimal(28, 8))
         when kind = 'difference' then cast(numerator - denominator as decimal(28, 8))
         when kind = 'function' and function = 'fall' then cast(previous_numerator - numerator as decimal(28, 8))
         else cast(round(raw, 8) as decimal(28, 8)) end as value,
    case when fault = 'missing' and level <> 'hospital' then 'not_here'
         when fault is not null then fault
         when raw is not null then null
         when (kind = 'growth' or kind = 'function') and previous_numerator is null then 'before'
         else 'zero' end as reason,
    lacks as reason_of
from valued
