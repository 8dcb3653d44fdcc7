-- grain: one row is hospital x period x department: what payroll paid (E15) against the staff cost the ledger booked (E03)
-- Rows: months that have payroll at all; every department that was paid or has staff cost booked.
-- paid: gross pay and what the hospital adds to it. difference: booked less paid; NULL where one of the two has nothing.
with paid as (
    select hospital, period, coalesce(dept_code, 'unmapped') as dept_code,
           cast(sum(amount) filter (where wage_kind in ('pay', 'performance')) as decimal(18, 2)) as gross,
           cast(sum(amount) filter (where wage_kind = 'employer') as decimal(18, 2)) as employer,
           count(distinct emp_code) as people
    from stg_payroll
    group by all
),
booked as (
    select m.hospital, m.period, m.dept_code, m.dept_name, m.direct_staff
    from mart_department_month m
    join (select distinct hospital, period from paid) there using (hospital, period)
)
select
    hospital,
    period,
    dept_code,
    coalesce(b.dept_name, dept_code) as dept_name,
    p.people,
    p.gross,
    p.employer,
    cast(if(p.people is null, null, coalesce(p.gross, 0) + coalesce(p.employer, 0)) as decimal(18, 2)) as paid,
    b.direct_staff as booked,
    cast(if(p.people is null, null, b.direct_staff - coalesce(p.gross, 0) - coalesce(p.employer, 0)) as decimal(18, 2))
        as difference
from paid p
full join booked b using (hospital, period, dept_code)
where p.people is not null or b.direct_staff <> 0
