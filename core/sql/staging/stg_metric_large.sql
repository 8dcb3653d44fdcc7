-- grain: one row is one line of a large extract of a system x metric x side ('' numerator or amount, '/of' denominator)
-- The lines behind month_metric, which adds them up once a month: ask for one hospital, month and metric. Their words tell
-- no patient. They add up to it but for people, who are counted once however many orders they have (antibiotics), and for
-- repeated examinations, where a line says that it was done and not whether it was one too many.
select hospital, period, dept_code, dept_name, p.metric, p.side, cast(p.amount as decimal(18, 4)) as amount, extract, what,
       detail, _file, _sheet, _row, _col, _batch
from (
    select hospital, period, dept_code, dept_name, 'visit' as extract, coalesce(visit_kind, '') as what, '' as detail,
           [{'metric': 'visits', 'side': '', 'amount': cast(1 as decimal(18, 4))},
            {'metric': 'visit_time', 'side': '', 'amount': stay_minutes},
            {'metric': 'visit_time', 'side': '/of', 'amount': if(stay_minutes is null, null, 1)},
            {'metric': 'visit_wait', 'side': '', 'amount': wait_minutes},
            {'metric': 'visit_wait', 'side': '/of', 'amount': if(wait_minutes is null, null, 1)},
            {'metric': 'appointments', 'side': '', 'amount': if(booked is null, null, if(booked, 1, 0))},
            {'metric': 'appointments', 'side': '/of', 'amount': if(booked is null, null, 1)}] as held,
           _file, _sheet, _row, _col, _batch
    from stg_visit
    union all
    select hospital, period, dept_code, dept_name, 'order', coalesce(item_name, ''), coalesce(antibiotic, ''),
           [{'metric': 'antibiotics', 'side': '', 'amount': if(is_antibiotic, cast(1 as decimal(18, 4)), null)},
            {'metric': 'antibiotics', 'side': '/of', 'amount': if(patient_id is null, null, 1)},
            {'metric': 'orders_on_time', 'side': '', 'amount': if(in_time is null, null, if(in_time, 1, 0))},
            {'metric': 'orders_on_time', 'side': '/of', 'amount': if(in_time is null, null, 1)}],
           _file, _sheet, _row, _col, _batch
    from stg_order
    union all
    select hospital, period, exec_dept, exec_name, 'lab_exam', coalesce(item_name, ''), coalesce(device, ''),
           [{'metric': 'lab_turnaround', 'side': '', 'amount': if(kind_class = 'test', received_hours, null)},
            {'metric': 'lab_turnaround', 'side': '/of', 'amount': if(kind_class = 'test' and received_hours is not null, 1, null)},
            {'metric': 'exam_turnaround', 'side': '', 'amount': if(kind_class <> 'test', report_hours, null)},
            {'metric': 'exam_turnaround', 'side': '/of', 'amount': if(kind_class <> 'test' and report_hours is not null, 1, null)},
            {'metric': 'device_exams', 'side': '', 'amount': if(kind_class = 'large' and device is not null, 1, null)},
            {'metric': 'device_exams', 'side': '/of', 'amount': if(kind_class = 'large' and device is not null and row_number() over (
                partition by hospital, period, exec_dept, kind_class, device, cast(done_at as date) order by _file, _row) = 1, 1, null)}],
           _file, _sheet, _row, _col, _batch
    from stg_lab_exam
    union all
    select hospital, period, order_dept, order_name, 'lab_exam', coalesce(item_name, ''), coalesce(result, ''),
           [{'metric': 'exam_positive', 'side': '', 'amount': cast(if(kind_class = 'large' and is_positive is not null, if(is_positive, 1, 0), null) as decimal(18, 4))},
            {'metric': 'exam_positive', 'side': '/of', 'amount': if(kind_class = 'large' and is_positive is not null, 1, null)},
            {'metric': 'repeated_exams', 'side': '', 'amount': if(kind_class <> 'test' and patient_id is not null, 1, null)},
            {'metric': 'repeated_exams', 'side': '/of', 'amount': if(kind_class <> 'test' and patient_id is not null, 1, null)}],
           _file, _sheet, _row, _col, _batch
    from stg_lab_exam
    union all
    select hospital, period, dept_code, dept_name, 'payroll', coalesce(wage_name, ''), coalesce(category, ''),
           [{'metric': 'pay_per_head', 'side': '', 'amount': cast(amount as decimal(18, 4))},
            {'metric': 'pay_per_head', 'side': '/of', 'amount': if(row_number() over (
                partition by hospital, period, dept_code, emp_code order by _file, _row) = 1, 1, null)},
            {'metric': 'performance_pay', 'side': '', 'amount': if(wage_kind = 'performance', amount, null)},
            {'metric': 'performance_pay', 'side': '/of', 'amount': amount}],
           _file, _sheet, _row, _col, _batch
    from stg_payroll where wage_kind in ('pay', 'performance')
), unnest(held) as u(p)
where p.amount is not null
