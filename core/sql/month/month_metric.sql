-- grain: one row is what large extracts of systems state in one month: department ('*' the hospital) x metric x side
-- parameters: $1 hospital, $2 period
-- Visits (E08), orders (E31), examinations (E32) and payroll (E15), added up once a month so that no page reads their
-- lines. '' is the numerator or amount, '/of' the denominator. People are counted once in a department and once in the
-- hospital, which is why the hospital has lines of its own.
with visit as (
    select dept_code, 'visits' as metric, '' as side, count(*) as amount
    from stg_visit where hospital = $1 and period = $2 group by all
    union all by name
    select dept_code, p.metric, p.side, sum(p.amount) as amount
    from (
        select dept_code, unnest([
            {'metric': 'visit_time', 'side': '', 'amount': stay_minutes},
            {'metric': 'visit_time', 'side': '/of', 'amount': if(stay_minutes is null, null, 1)},
            {'metric': 'visit_wait', 'side': '', 'amount': wait_minutes},
            {'metric': 'visit_wait', 'side': '/of', 'amount': if(wait_minutes is null, null, 1)},
            {'metric': 'appointments', 'side': '', 'amount': if(booked is null, null, if(booked, 1, 0))},
            {'metric': 'appointments', 'side': '/of', 'amount': if(booked is null, null, 1)}]) as p
        from stg_visit where hospital = $1 and period = $2
    )
    where p.amount is not null
    group by all
),
patient as (
    select if(grouping(dept_code) = 1, '*', coalesce(dept_code, 'unmapped')) as dept_code,
           count(distinct patient_id) filter (where is_antibiotic) as taking, count(distinct patient_id) as patients,
           count(*) filter (where in_time) as timely, count(in_time) as timed, count(is_antibiotic) as marked
    from stg_order where hospital = $1 and period = $2
    group by grouping sets ((dept_code), ())
),
ordered as (
    select dept_code, p.metric, p.side, p.amount
    from (
        select dept_code, unnest([
            {'metric': 'antibiotics', 'side': '', 'amount': if(said > 0 and patients > 0, taking, null)},
            {'metric': 'antibiotics', 'side': '/of', 'amount': if(said > 0 and patients > 0, patients, null)},
            {'metric': 'orders_on_time', 'side': '', 'amount': if(timed > 0, timely, null)},
            {'metric': 'orders_on_time', 'side': '/of', 'amount': if(timed > 0, timed, null)}]) as p
        from (select *, max(marked) over () as said from patient)
    )
    where p.amount is not null
),
-- An examination of the month before may make one of this month a repeated one.
exam as (
    select *,
           date_diff('day', lag(done_at) over (partition by patient_id, coalesce(item_code, item_name) order by done_at, exam_id),
                     done_at) <= (select limits['repeat_days'] from ref_words) as again
    from stg_lab_exam
    where hospital = $1 and period in ($2, if($2 % 100 = 1, $2 - 89, $2 - 1))
),
examined as (
    select coalesce(p.dept_code, 'unmapped') as dept_code, p.metric, p.side, sum(p.amount) as amount
    from (
        select unnest([
            {'dept_code': exec_dept, 'metric': 'lab_turnaround', 'side': '', 'amount': if(kind_class = 'test', received_hours, null)},
            {'dept_code': exec_dept, 'metric': 'lab_turnaround', 'side': '/of',
             'amount': if(kind_class = 'test' and received_hours is not null, 1, null)},
            {'dept_code': exec_dept, 'metric': 'exam_turnaround', 'side': '', 'amount': if(kind_class <> 'test', report_hours, null)},
            {'dept_code': exec_dept, 'metric': 'exam_turnaround', 'side': '/of',
             'amount': if(kind_class <> 'test' and report_hours is not null, 1, null)},
            {'dept_code': order_dept, 'metric': 'exam_positive', 'side': '',
             'amount': if(kind_class = 'large' and is_positive is not null, if(is_positive, 1, 0), null)},
            {'dept_code': order_dept, 'metric': 'exam_positive', 'side': '/of',
             'amount': if(kind_class = 'large' and is_positive is not null, 1, null)},
            {'dept_code': order_dept, 'metric': 'repeated_exams', 'side': '',
             'amount': if(kind_class <> 'test' and patient_id is not null, if(again, 1, 0), null)},
            {'dept_code': order_dept, 'metric': 'repeated_exams', 'side': '/of',
             'amount': if(kind_class <> 'test' and patient_id is not null, 1, null)}]) as p
        from exam where period = $2
    )
    where p.amount is not null
    group by all
),
device as (
    select coalesce(exec_dept, 'unmapped') as dept_code, 'device_exams' as metric, p.side, p.amount
    from (
        select exec_dept, unnest([{'side': '', 'amount': count(*)},
                                  {'side': '/of', 'amount': count(distinct (device, cast(done_at as date)))}]) as p
        from exam where period = $2 and kind_class = 'large' and device is not null
        group by exec_dept
    )
),
paid as (
    select dept_code, p.metric, p.side, p.amount
    from (
        select coalesce(dept_code, 'unmapped') as dept_code, unnest([
            {'metric': 'pay_per_head', 'side': '', 'amount': sum(amount)},
            {'metric': 'pay_per_head', 'side': '/of', 'amount': count(distinct emp_code)},
            {'metric': 'performance_pay', 'side': '', 'amount': coalesce(sum(amount) filter (where wage_kind = 'performance'), 0)},
            {'metric': 'performance_pay', 'side': '/of', 'amount': sum(amount)}]) as p
        from stg_payroll where hospital = $1 and period = $2 and wage_kind in ('pay', 'performance')
        group by 1
    )
)
select cast($1 as varchar) as hospital, cast($2 as integer) as period, coalesce(dept_code, 'unmapped') as dept_code, metric, side,
       cast(sum(amount) as decimal(18, 4)) as amount
from (
    select dept_code, metric, side, amount from visit
    union all select dept_code, metric, side, amount from ordered
    union all select dept_code, metric, side, amount from examined
    union all select dept_code, metric, side, amount from device
    union all select dept_code, metric, side, amount from paid
)
group by all
