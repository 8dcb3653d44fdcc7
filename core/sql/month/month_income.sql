-- grain: one row is income of one month: ordering x executing department x patient type x charge class
-- parameters: $1 hospital, $2 period
-- The first of E04, E05, E06 that has lines for the month is its income; the caller puts that view's name in place of
-- stg_income.
select
    hospital,
    period,
    coalesce(order_dept, 'unmapped') as order_dept,
    coalesce(exec_dept, 'unmapped') as exec_dept,
    patient_type,
    charge_class,
    cast(sum(amount) as decimal(18, 2)) as amount
from stg_income
where hospital = $1 and period = $2
group by all
