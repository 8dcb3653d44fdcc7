-- grain: one row is one budget line of one month (E24); a line for a whole year is spread over its twelve months
with sliced as (
    select b.* replace (cast(case when b.period % 100 = 0 then b.period + m.month else b.period end as integer) as period),
           b.period % 100 = 0 as annual,
           -- cumulative rounding: the twelve months add up to the year to the fen
           case when b.period % 100 = 0
                then (cast(b.amount * 100 as hugeint) * m.month) // 12 - (cast(b.amount * 100 as hugeint) * (m.month - 1)) // 12
                else cast(b.amount * 100 as hugeint) end as fen
    from raw_budget b
    join (select unnest(range(1, 13)) as month) m on b.period % 100 = 0 or m.month = 1
)
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    i.item_code,
    i.item_name,
    i.item_class,
    coalesce(nullif(f.direction, ''), 'cost') as direction,
    coalesce(nullif(f.version, ''), 'v0') as version,
    -- the version in force: the last in text order for the same department, item and direction
    coalesce(nullif(f.version, ''), 'v0') = max(coalesce(nullif(f.version, ''), 'v0')) over (
        partition by f.hospital, f.period, f.dept_code, f.dept_name, f.item_code, f.item_name, f.direction)
        as in_force,
    f.annual,
    cast(f.fen as decimal(18, 0)) * 0.01::decimal(3, 2) as amount,
    f.carried_in,
    f.carried_out,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from sliced f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
left join stg_item_match i on i.hospital = f.hospital
    and i.raw_code = coalesce(f.item_code, '') and i.raw_name = coalesce(f.item_name, '')
