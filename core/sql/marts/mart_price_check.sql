-- grain: one row is one charge item of a month whose unit price is above the price list, or that the list does not have
-- over: what was charged above the list (E33): quantity times the difference. reason: above | unlisted (only where the
-- hospital has a list). Charged amounts come from income by item (E05) or charge lines (E06).
select
    c.hospital,
    c.period,
    c.charge_code,
    coalesce(p.charge_name, c.charge_name) as charge_name,
    c.unit_price,
    p.most as list_price,
    c.quantity,
    c.amount,
    cast(if(p.charge_code is null, null, c.quantity * (c.unit_price - p.most)) as decimal(18, 2)) as over,
    c.lines,
    if(p.charge_code is null, 'unlisted', 'above') as reason
from month_charged c
left join stg_price p on p.hospital = c.hospital and p.charge_code = c.charge_code
    and coalesce(p.valid_from <= last_day(make_date(c.period // 100, c.period % 100, 1)), true)
where if(p.charge_code is null, exists (select 1 from stg_price q where q.hospital = c.hospital), c.unit_price > p.most)
