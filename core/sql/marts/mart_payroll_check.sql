-- grain: one row is hospital x period x department: what payroll paid (E15) against the staff cost the ledger booked (E03)
-- paid: gross pay and what the hospital adds to it. difference: booked less paid; NULL where one of the two has nothing.
with paid as (
    select hospital, period, coalesce(dept_code, 'unmapped') as dept_code,
           cast(sum(amount) filter (where wage_kind in ('pay', 'performance')) as decimal(18, 2)) as gross,
           cast(sum(amount) filter (where wage_kind = 'employer') as decimal(18, 2)) as employer,
           count(distinct emp_code) as people
    from stg_payroll
    group by all
)
select
    p.hospital,
    p.period,
    p.dept_code,
    coalesce(m.dept_name, p.dept_code) as dept_name,
    p.people,
    p.gross,
    p.employer,
    cast(coalesce(p.gross, 0) + coalesce(p.employer, 0) as decimal(18, 2)) as paid,
    m.direct_staff as booked,
    cast(m.direct_staff - coalesce(p.gross, 0) - coalesce(p.employer, 0) as decimal(18, 2)) as difference
from paid p
left join mart_department_month m on m.hospital = p.hospital and m.period = p.period and m.dept_code = p.dept_code
