-- grain: one row is hospital x period x span x level x department x indicator x caliber: what it is made of, and its value
-- span: month · quarter, half and year (at their last month) · ytd. Sums are added first, then divided; nothing is averaged.
-- months of of_months: how many months of the span the value is made of (one report covers the quarter or year of an
-- indicator that is stated so seldom); covered: those months as bits, January the lowest.
-- value is NULL with a reason: missing (reason_of: the extract the hospital lacks) · setting (no clinical department is marked
-- outpatient or inpatient) · not_here (reason_of: the extract without a line of the department) · zero · months (the parts, or
-- this year and the last, do not cover the same months) · stated (given only as ratios, which cannot be added) · distinct
-- (people counted in several months, who may be the same) · before (no figure a year earlier) · no_growth (nothing to divide
-- by: the other side did not grow).
-- previous_* is the same span a year earlier, for growth. The hospital has every indicator; departments and classes have
-- those whose parts are there, and those they have a target for. departments: of a class, how many have the value, where it is an amount.
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
-- Every span with the months it should have, as bits.
whole as (
    select *, ((1 << long) - 1) << (period % 100 - long) as all_bits
    from (
        select distinct hospital, span, period,
               case span when 'month' then 1 when 'quarter' then 3 when 'half' then 6 else period % 100 end as long
        from span
    )
),
-- People counted once in a half or a whole year, where a system names them (facts 'x~half', 'x~year').
once as (
    select f.hospital, s.span, f.level, f.dept_code, s.period, r.fact, sum(f.amount) as amount
    from ref_fact r
    join mart_indicator_fact f on f.fact in (r.fact || '~half', r.fact || '~year')
    join span s on s.hospital = f.hospital and s.part = f.period
        and s.span in ('half', 'ytd', 'year') and f.fact = r.fact || if(s.span = 'half', '~half', '~year')
    where r.over = 'distinct'
    group by all
),
-- One number per fact and span; numbers of months added, the mean, the state at the end, or people counted once.
fact as materialized (
    select a.* exclude (months, total, newest, newest_loose, most_loose, bits),
           case rule when 'sum' then total when 'last' then newest when 'distinct' then coalesce(o.amount, total)
                     else cast(round(total / months, 4) as decimal(38, 4)) end as amount,
           case when rule = 'distinct' and months > 1 and o.amount is null then 3
                when most_loose = 0 then 0 when rule = 'last' then newest_loose
                when months = 1 then most_loose else 2 end as loose,
           -- a state at the end of a month stands for the months before it
           if(rule = 'last', (1 << cast(ceil(log2(bits + 1)) as integer)) - 1, bits) as bits
    from (
        select f.hospital, s.span, s.period, f.level, f.dept_code, f.dept_class, f.fact, r.over as rule,
               count(*) as months, sum(f.amount) as total, arg_max(f.amount, f.period) as newest,
               bit_or(1 << (f.period % 100 - 1)) as bits,
               arg_max(f.loose, f.period) as newest_loose, max(f.loose) as most_loose
        from mart_indicator_fact f
        join span s on s.hospital = f.hospital and s.part = f.period
        join ref_fact r on r.fact = f.fact
        group by all
    ) a
    left join once o using (hospital, span, period, level, dept_code, fact)
),
-- there: the places of the formula that are filled, as bits. most and least: months that one, and that all of its facts have.
part as materialized (
    select f.hospital, f.span, f.period, f.level, f.dept_code, f.dept_class, t.indicator, t.caliber,
           sum(t.sign * f.amount) filter (where t.side = 'top') as numerator,
           sum(t.sign * f.amount) filter (where t.side = 'bottom') as denominator,
           bit_or(1 << t.place) as there,
           max(f.loose) as loose,
           bit_and(if(t.compared, f.bits, null)) as least,
           bit_or(if(t.compared, f.bits, null)) as most
    from fact f
    join ref_indicator_term t on t.fact = f.fact
    group by all
),
-- Departments with the months they were there, and what they or their class aim at.
place as (
    select hospital, dept_code, dept_class, min(period) as first, max(period) as last
    from mart_indicator_fact where level = 'department' group by all
),
aim as (
    select hospital, indicator, caliber, dept_code, since, until
    from stg_target where dept_code <> '*' and coalesce(baseline, target, low, high) is not null
),
aiming as (
    select distinct w.hospital, w.span, w.period, 'department' as level, d.dept_code, d.dept_class, a.indicator, a.caliber
    from aim a
    join place d on d.hospital = a.hospital and (a.dept_code = d.dept_code or a.dept_code = '*' || d.dept_class)
    join whole w on w.hospital = a.hospital and w.period >= a.since and w.period < a.until
        and w.period between d.first and d.last
    union all
    select distinct w.hospital, w.span, w.period, 'class', a.dept_code, a.dept_code[2:], a.indicator, a.caliber
    from aim a
    join whole w on w.hospital = a.hospital and w.period >= a.since and w.period < a.until
    where starts_with(a.dept_code, '*')
),
checked as (
    select p.*, i.* exclude (indicator, caliber)
    from part p
    join ref_indicator i using (indicator, caliber)
    where p.level <> 'hospital' and p.there & i.all_tops = i.all_tops
    union all by name
    select a.*, p.* exclude (hospital, span, period, level, dept_code, dept_class, indicator, caliber),
           i.* exclude (indicator, caliber)
    from aiming a
    join ref_indicator i using (indicator, caliber)
    left join part p using (hospital, span, period, level, dept_code, dept_class, indicator, caliber)
    where coalesce(p.there, 0) & i.all_tops <> i.all_tops
    union all by name
    -- Every indicator of the hospital has a row, so that what is missing can be said.
    select w.hospital, w.span, w.period, 'hospital' as level, '*' as dept_code, 'hospital' as dept_class, i.indicator, i.caliber,
           p.* exclude (hospital, span, period, level, dept_code, dept_class, indicator, caliber),
           i.* exclude (indicator, caliber)
    from whole w
    cross join ref_indicator i
    left join part p on p.hospital = w.hospital and p.span = w.span and p.period = w.period and p.level = 'hospital'
        and p.indicator = i.indicator and p.caliber = i.caliber
),
faulty as materialized (
    select c.* exclude (there, least, most), w.long as of_months,
           case when coalesce(there, 0) & all_tops <> all_tops then 'missing'
                when there & all_bottoms <> all_bottoms and not ("any" and there & all_bottoms > 0) then 'missing'
                when loose = 3 then 'distinct'
                -- a ratio stated alone stands for itself only, not for an amount
                when loose = 2 or (loose = 1 and not pair) then 'stated'
                when least <> most and (not "any" or c.level = 'hospital') then 'months' end as fault,
           -- the first fact of the formula that is not there
           bit_count(xor(coalesce(there, 0), coalesce(there, 0) + 1)) as lost,
           if("any", most, least) as bits,
           case frequency when 'month' then bits
                when 'year' then 4095
                else if(bits & 7 > 0, 7, 0) | if(bits & 56 > 0, 56, 0) | if(bits & 448 > 0, 448, 0) | if(bits & 3584 > 0, 3584, 0)
                end & all_bits as covered
    from checked c
    join whole w using (hospital, span, period)
),
-- The year before, for the kinds that compare with it.
earlier as (
    select hospital, span, period + 100 as period, level, dept_code, indicator, caliber, fault as fault0, bits as bits0,
           if(fault is null, numerator, null) as previous_numerator, if(fault is null, denominator, null) as previous_denominator
    from faulty where kind in ('growth', 'function') and coalesce(fault, '') <> 'missing'
),
-- A full cost by kind of patient needs the ledger, and clinical departments that are marked as of that kind.
unset as (
    select f.hospital, f.span, f.period, 'full_' || s.setting as fact
    from fact f
    cross join (select unnest(['outpatient', 'inpatient']) as setting) s
    anti join stg_dept d on d.hospital = f.hospital and d.dept_class = 'clinical' and d.care_setting = s.setting
    where f.level = 'hospital' and f.fact = 'cost'
),
-- What the hospital lacks, by the extract it comes from.
lacking as (
    select h.hospital, h.span, h.period, h.indicator, h.caliber,
           if(u.fact is null, string_split(h.needs, ' ')[h.lost], 'dept') as needs
    from faulty h
    left join unset u on u.hospital = h.hospital and u.span = h.span and u.period = h.period and u.fact = string_split(h.facts, ' ')[h.lost]
    where h.level = 'hospital' and h.fault = 'missing'
),
valued as (
    select f.* exclude (fault), e.previous_numerator, e.previous_denominator,
           coalesce(fault, fault0, if(bits <> bits0, 'months', null)) as fault,
           indicator_value(kind, function, times, cast(numerator as double), cast(denominator as double),
                           cast(previous_numerator as double), cast(previous_denominator as double)) as raw,
           if(f.fault = 'missing', l.needs, null) as lacks
    from faulty f
    left join earlier e using (hospital, span, period, level, dept_code, indicator, caliber)
    left join lacking l using (hospital, span, period, indicator, caliber)
),
told as materialized (
    select
        *,
        case when fault is not null then null
             -- amounts stay exact: they never pass through a fraction
             when kind = 'sum' then cast(numerator as decimal(28, 8))
             when kind = 'difference' then cast(numerator - denominator as decimal(28, 8))
             when kind = 'function' and function = 'fall' then cast(previous_numerator - numerator as decimal(28, 8))
             else cast(round(raw, 8) as decimal(28, 8)) end as value,
        case when fault = 'missing' and lacks = 'dept' then 'setting'
             when fault = 'missing' and lacks is null then 'not_here'
             when fault is not null then fault
             when raw is not null then null
             when kind in ('growth', 'function') and previous_numerator is null then 'before'
             when function = 'growth_ratio' and denominator <= previous_denominator then 'no_growth'
             else 'zero' end as reason
    from valued
),
counted as (
    select hospital, span, period, 'class' as level, dept_class, indicator, caliber, count(*) as departments
    from told where level = 'department' and value is not null and adds group by all
)
select
    t.hospital, t.span, t.period, t.level, t.dept_code, t.dept_class, t.indicator, t.caliber,
    cast(t.numerator as decimal(28, 4)) as numerator,
    cast(t.denominator as decimal(28, 4)) as denominator,
    cast(t.previous_numerator as decimal(28, 4)) as previous_numerator,
    cast(t.previous_denominator as decimal(28, 4)) as previous_denominator,
    t.value,
    t.reason,
    if(t.fault = 'missing', coalesce(t.lacks, string_split(t.needs, ' ')[t.lost]), null) as reason_of,
    cast(if(t.fault = 'missing', null, bit_count(t.covered)) as integer) as months,
    cast(t.of_months as integer) as of_months,
    cast(if(t.fault = 'missing', null, t.covered) as integer) as covered,
    cast(c.departments as integer) as departments
from told t
left join counted c using (hospital, span, period, level, dept_class, indicator, caliber)
