-- grain: one row is one account of a month (E40)
-- opening_net and closing_net are debit less credit, whichever way the file writes them: both sides, one figure with
-- its side, or one figure on the account's usual side (liabilities, net assets, income and contra accounts: credit).
with sided as (
    select r.*,
           case when direction = 'debit' then 1 when direction = 'credit' then -1
                when left(account_code, 1) in ('2', '3', '4') then -1
                when len(list_filter(w.contra, lambda p: starts_with(account_code, p))) > 0
                    then -1 else 1 end as sign
    from raw_balance r
    cross join ref_words w
),
netted as (
    select *,
           case when coalesce(opening_debit, opening_credit) is not null
                then coalesce(opening_debit, 0) - coalesce(opening_credit, 0) else opening * sign end as opening_net,
           case when coalesce(closing_debit, closing_credit) is not null
                then coalesce(closing_debit, 0) - coalesce(closing_credit, 0) else closing * sign end as closing_stated
    from sided
)
select
    hospital, period, account_code, account_name, direction,
    cast(opening_net as decimal(18, 2)) as opening_net,
    debit, credit,
    cast(coalesce(closing_stated, opening_net + coalesce(debit, 0) - coalesce(credit, 0)) as decimal(18, 2)) as closing_net,
    _source, _batch, _file, _sheet, _row, _col
from netted
