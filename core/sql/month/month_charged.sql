-- grain: one row is one charge item at one unit price in one month, from income by item (E05) or charge lines (E06)
-- parameters: $1 hospital, $2 period
-- Income by item goes before charge lines where a month has both.
with line as (
    select 1 as rank, charge_code, charge_name, unit_price, quantity, amount from raw_income_detail where hospital = $1 and period = $2
    union all
    select 2, charge_code, charge_name, unit_price, quantity, amount from raw_charge_line where hospital = $1 and period = $2
)
select
    cast($1 as varchar) as hospital,
    cast($2 as integer) as period,
    charge_code,
    max(charge_name) as charge_name,
    unit_price,
    cast(sum(quantity) as decimal(18, 4)) as quantity,
    cast(sum(amount) as decimal(18, 2)) as amount,
    count(*) as lines
from line
where charge_code is not null and rank = (select min(rank) from line)
group by charge_code, unit_price
