-- grain: one row is hospital x period x level x department ('*' hospital, '*clinical' a class) x fact: one number of it
-- Facts are what indicators are made of (core/definitions/indicators/facts.yaml). A hospital's number is the one stated
-- for the whole hospital where there is one, else the sum of its departments. loose: 0 can be added up; 1 a ratio stated
-- alone, good for its month and department; 2 such ratios added, good for nothing.
-- kept: asked
with wide as (
    select
        hospital, period, dept_code, dept_class,
        cast(income_ordered as decimal(18, 4)) as income,
        cast(income_outpatient as decimal(18, 4)) as income_outpatient,
        cast(income_inpatient as decimal(18, 4)) as income_inpatient,
        cast(income_drugs + income_herbs as decimal(18, 4)) as income_drugs,
        cast(income_herbs as decimal(18, 4)) as income_herbs,
        cast(income_materials as decimal(18, 4)) as income_materials,
        cast(income_examination as decimal(18, 4)) as income_examination,
        cast(income_laboratory as decimal(18, 4)) as income_laboratory,
        cast(income_surgery + income_treatment + income_nursing + income_bed + income_consultation as decimal(18, 4))
            as income_service,
        cast(direct_medical as decimal(18, 4)) as cost,
        cast(coalesce(direct_staff, direct_medical * 0) as decimal(18, 4)) as cost_staff,
        cast(coalesce(direct_materials, direct_medical * 0) as decimal(18, 4)) as cost_materials,
        cast(coalesce(direct_drugs, direct_medical * 0) as decimal(18, 4)) as cost_drugs,
        cast(if(dept_class = 'admin', direct_medical, direct_medical * 0) as decimal(18, 4)) as cost_admin,
        cast(if(dept_class = 'clinical' and care_setting = 'outpatient', full_medical, null) as decimal(18, 4))
            as full_outpatient,
        cast(if(dept_class = 'clinical' and care_setting = 'inpatient', full_medical, null) as decimal(18, 4))
            as full_inpatient,
        cast(budget_cost as decimal(18, 4)) as budget,
        cast(visits as decimal(18, 4)) as visits,
        cast(discharges as decimal(18, 4)) as discharges,
        cast(bed_days as decimal(18, 4)) as bed_days,
        cast(discharged_days as decimal(18, 4)) as discharged_days,
        cast(open_bed_days as decimal(18, 4)) as open_bed_days,
        open_beds, headcount, doctors, nurses
    from mart_department_month
),
booked as (
    unpivot wide on columns(* exclude (hospital, period, dept_code, dept_class)) into name fact value amount
),
-- Drugs by kind of patient, fixed cost by the behaviour of the item, changes between budget versions.
pharmacy as (
    select hospital, period, order_dept as dept_code,
           if(patient_type = 'outpatient', 'income_drugs_outpatient', 'income_drugs_inpatient') as fact,
           sum(if(charge_class in ('drugs', 'herbs'), amount, 0)) as amount
    from month_income
    group by all
),
fixed as (
    select c.hospital, c.period, coalesce(c.dept_code, 'unmapped') as dept_code, 'cost_fixed' as fact,
           sum(if(coalesce(b.name, k.behaviour) = 'fixed', c.amount, 0)) as amount
    from stg_cost c
    left join stg_item i on i.hospital = c.hospital and i.item_code = c.item_code
    left join ref_term b on b.list = 'behaviours' and b.alias = loose_name(i.behaviour)
    left join ref_behaviour k on k.item_class = c.item_class
    where c.fund_source = 'own'
    group by all
),
versions as (
    select hospital, period, dept_code, item, version_order, sum(amount) as amount, bool_or(first_stated) as first_stated,
           any_value(chosen_order) as chosen_order
    from stg_budget_version
    group by all
),
-- Each adjustment counts, up or down: from the version before, from nothing where it adds an item, to nothing where the
-- version put in force has dropped it.
adjusted as (
    select hospital, period, dept_code, item,
           sum(if(first_stated, amount, 0)) as original,
           sum(if(first_stated, 0, abs(amount - before))) + if(max(version_order) < any_value(chosen_order), arg_max(amount, version_order), 0)
               as changed
    from (
        select *, coalesce(lag(amount) over (partition by hospital, period, dept_code, item order by version_order), 0) as before
        from versions
    )
    group by hospital, period, dept_code, item
),
changed as (
    select hospital, period, dept_code, p.fact, sum(p.amount) as amount
    from (
        select hospital, period, dept_code, unnest([
            {'fact': 'budget_original', 'amount': original}, {'fact': 'budget_changed', 'amount': changed},
            {'fact': 'budget_items', 'amount': 1}, {'fact': 'budget_items_changed', 'amount': if(changed > 0, 1, 0)}]) as p
        from adjusted
    )
    group by all
),
-- What extracts of systems say (stg_metric, and month_metric for large ones).
said as materialized (
    select hospital, period, dept_code, extract, metric, side, sum(amount) as amount from stg_metric group by all
),
-- A roster holds until there is a newer one.
valid as materialized (
    select m.hospital, m.period, max(r.period) as roster
    from (
        select hospital, period from wide
        union select hospital, period from month_metric
        union select hospital, period from said where extract <> 'train'
    ) m
    join (select distinct hospital, period from stg_employee) r on r.hospital = m.hospital and r.period <= m.period
    group by all
    union
    select distinct hospital, period, period from stg_employee
),
people as materialized (
    select hospital, period, dept_code, amount from booked where fact = 'headcount'
    union all
    select v.hospital, v.period, coalesce(e.dept_code, 'unmapped'), count(*)
    from valid v
    join stg_employee e on e.hospital = v.hospital and e.period = v.roster and e.on_books
    where not exists (select 1 from booked b where b.hospital = v.hospital and b.period = v.period and b.fact = 'headcount')
    group by all
),
-- Extracts of systems (stg_metric, and month_metric for large ones). Where one holds a metric for a month, what was reported by hand for it is left aside.
systems as materialized (
    select hospital, period, coalesce(dept_code, 'unmapped') as dept_code, metric, side, sum(amount) as amount
    from (
        select m.hospital, coalesce(v.period, m.period) as period, m.dept_code, m.metric, m.side, m.amount
        from said m
        left join valid v on m.extract = 'employee' and v.hospital = m.hospital and v.roster = m.period
        where m.extract <> 'train' or exists (select 1 from people b where b.hospital = m.hospital and b.period = m.period)
        union all
        -- Hours and people trained are out of the people on the books.
        select b.hospital, b.period, b.dept_code, t.metric, '/of', b.amount
        from people b
        join (select distinct hospital, period, metric from said where extract = 'train') t
            on t.hospital = b.hospital and t.period = b.period
    )
    group by all
    union all
    select hospital, period, dept_code, metric, side, amount from month_metric
),
-- Operation values: a line without an object stands for its objects' sum.
stated as (
    select hospital, period, coalesce(dept_code, 'unmapped') as dept_code, metric, object_code, kind, stated,
           numerator, denominator
    from stg_operation_value o
    where not exists (select 1 from systems s where s.hospital = o.hospital and s.period = o.period and s.metric = o.metric)
        -- What the program measured itself goes before what was reported by hand.
        and (o._source = 'program' or not exists (
            select 1 from stg_operation_value p
            where p._source = 'program' and p.hospital = o.hospital and p.period = o.period and p.metric = o.metric))
    qualify object_code = '' or not bool_or(object_code = '') over (
        partition by hospital, period, dept_code, metric)
),
operation as (
    select hospital, period, dept_code, p.fact, sum(p.amount) as amount,
           case when bool_and(loose = 0) then 0 when count(*) = 1 then 1 else 2 end as loose
    from (
        select *, if(kind in ('ratio', 'score') and stated <> 'sums', 1, 0) as loose,
               unnest([
                   {'fact': metric, 'amount': numerator},
                   {'fact': metric || '/of', 'amount': denominator},
                   {'fact': metric || '@' || object_code, 'amount': numerator},
                   {'fact': metric || '/of@' || object_code, 'amount': denominator},
                   {'fact': if(metric = 'stock_turnover', 'stock_days', null),
                    'amount': denominator * day(last_day(make_date(period // 100, period % 100, 1)))}
               ]) as p
        from stated
    )
    where p.amount is not null
    group by all
),
-- A register that is kept says 0 where it has no line. Events: departments with patients, in a month with lines of a source
-- that states such events at all. Training: whoever has people. What was reported by hand says it itself.
quiet as (
    select k.hospital, k.period, d.dept_code, e.metric, '' as side
    from (
        select distinct hospital, period from stg_event e
        where exists (select 1 from stg_event o where o.hospital = e.hospital and o._source = e._source and o.kind <> 'satisfaction')
    ) k
    cross join (select unnest(['complaints', 'compensation', 'falls', 'adverse_events']) as metric) e
    join (
        select hospital, period, dept_code from booked where fact in ('visits', 'bed_days', 'discharges') and amount > 0
        union select hospital, period, dept_code from systems where metric = 'visits'
        union select hospital, period, '*' from month_metric
        union select hospital, period, '*' from wide
        union select hospital, period, '*' from said
    ) d using (hospital, period)
    anti join systems s on s.hospital = k.hospital and s.period = k.period and s.metric = e.metric
        and (s.dept_code = d.dept_code or d.dept_code = '*')
    anti join stated o on o.hospital = k.hospital and o.period = k.period and o.metric = e.metric
    union all
    select p.hospital, p.period, p.dept_code, t.metric, t.side
    from people p
    join (select distinct hospital, period, metric, side from said where extract = 'train') t using (hospital, period)
    anti join systems s on s.hospital = p.hospital and s.period = p.period and s.metric = t.metric and s.side = t.side
        and s.dept_code = p.dept_code
),
-- Rows of the imports themselves: what was refused and what was not.
imported as (
    select hospital, period, '*' as dept_code, p.fact, sum(p.amount) as amount
    from (
        select hospital, period, unnest([
            {'fact': 'data_quality', 'amount': rows}, {'fact': 'data_quality/of', 'amount': rows + coalesce(refused_rows, 0)}
        ]) as p
        from raw_slots where period % 100 > 0
    )
    group by all
),
own as (
    select hospital, period, dept_code, metric || side as fact, amount, 0 as loose from systems s
    -- People and visits as the monthly workbooks count them go before those counted from rosters and visits.
    where metric not in ('headcount', 'doctors', 'nurses', 'visits')
        or not exists (select 1 from booked b where b.hospital = s.hospital and b.period = s.period and b.fact = s.metric)
    union all
    select hospital, period, dept_code, 'stock_days' as fact,
           amount * day(last_day(make_date(period // 100, period % 100, 1))) as amount, 0 as loose
    from systems where metric = 'stock_turnover' and side = '/of'
    union all
    select hospital, period, dept_code, fact, amount, 0 as loose from booked
    union all select hospital, period, dept_code, metric || side, 0, 0 from quiet
    union all select hospital, period, dept_code, fact, amount, 0 from pharmacy
    union all select hospital, period, dept_code, fact, amount, 0 from fixed
    union all select hospital, period, dept_code, fact, amount, 0 from changed
    union all select hospital, period, dept_code, fact, amount, loose from operation
        where fact not in ('data_quality', 'data_quality/of')
    union all select hospital, period, dept_code, fact, amount, 0 from imported
),
known as materialized (
    select o.hospital, o.period, o.dept_code, coalesce(d.dept_class, 'unmapped') as dept_class, o.fact,
           cast(o.amount as decimal(18, 4)) as amount, o.loose
    from own o
    semi join ref_fact r on r.fact = o.fact
    left join stg_dept d on d.hospital = o.hospital and d.dept_code = o.dept_code
)
select hospital, cast(period as integer) as period, 'department' as level, dept_code, dept_class, fact, amount, loose
from known where dept_code <> '*'
union all
select hospital, cast(period as integer), 'class', '*' || dept_class, dept_class, fact, cast(sum(amount) as decimal(18, 4)),
       case when max(loose) = 0 then 0 when count(*) = 1 then 1 else 2 end
from known where dept_code <> '*'
group by all
union all
select hospital, cast(period as integer), 'hospital', '*', 'hospital', fact, cast(sum(amount) as decimal(18, 4)),
       case when max(loose) = 0 then 0 when count(*) = 1 then max(loose) else 2 end
from (from known qualify dept_code = '*' or not bool_or(dept_code = '*') over (partition by hospital, period, fact))
group by all
