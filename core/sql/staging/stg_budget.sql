-- grain: one row is one budget line of one month (E24); a line for a whole year is spread over its twelve months
-- Where a version states months as well as their year, the months count and the line for the year is left out.
-- in_force marks one version for a department and item: the one the hospital chose for the year (setting "budget"), else
-- the last adjusted one (by its number, then its name), else the original.
with named as (
    select b.* replace (coalesce(nullif(trim(b.version), ''), 'v0') as version, coalesce(nullif(b.direction, ''), 'cost') as direction)
    from raw_budget b
),
-- Versions in their order. Words that mean the original ("v0", and as listed in budget_versions) come first.
versions as (
    select v.hospital, v.version,
           row_number() over (
               partition by v.hospital
               order by coalesce(t.name, '') <> 'original',
                        coalesce(try_cast(regexp_extract(v.version, '\d+', 0) as bigint), 0), v.version) as place
    from (select distinct hospital, version from named) v
    left join ref_term t on t.list = 'budget_versions' and t.alias = loose_name(v.version)
),
chosen as (
    select hospital, cast(year as integer) as year, json_extract_string(json, '$.in_force."' || year || '"') as version
    from (
        select hospital, json, unnest(json_keys(json, '$.in_force')) as year
        from (from raw_settings where key = 'budget' qualify seq = max(seq) over (partition by hospital))
        where json is not null
    )
),
sliced as (
    select b.* replace (cast(case when b.period % 100 = 0 then b.period + m.month else b.period end as integer) as period),
           b.period % 100 = 0 as annual,
           -- cumulative rounding: the twelve months add up to the year to the fen
           case when b.period % 100 = 0
                then (cast(b.amount * 100 as hugeint) * m.month) // 12 - (cast(b.amount * 100 as hugeint) * (m.month - 1)) // 12
                else cast(b.amount * 100 as hugeint) end as fen
    from named b
    join (select unnest(range(1, 13)) as month) m on b.period % 100 = 0 or m.month = 1
),
resolved as (
    select
        f.*,
        d.dept_code as known_dept, d.dept_name as known_name, d.dept_class,
        i.item_code as known_item, i.item_name as known_item_name,
        -- Income is planned by charge class; a plan for all of a department's income goes by 'all'.
        case when f.direction = 'income' then coalesce(c.name, k.name, 'all') else i.item_class end as item_class,
        v.place + if(h.version is null, 0, 1000000) as place
    from sliced f
    join versions v on v.hospital = f.hospital and v.version = f.version
    left join chosen h on h.hospital = f.hospital and h.year = f.period // 100 and h.version = f.version
    left join stg_dept_match d on d.hospital = f.hospital
        and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
    left join stg_item_match i on i.hospital = f.hospital
        and i.raw_code = coalesce(f.item_code, '') and i.raw_name = coalesce(f.item_name, '')
    left join ref_term c on c.list = 'charge_classes' and c.alias = loose_name(f.item_name)
    left join ref_term k on k.list = 'charge_classes' and k.alias = loose_name(f.item_code)
)
select
    hospital,
    period,
    known_dept as dept_code,
    known_name as dept_name,
    dept_class,
    known_item as item_code,
    known_item_name as item_name,
    item_class,
    direction,
    version,
    place = max(place) over (
        partition by hospital, period, coalesce(known_dept, dept_code), coalesce(known_dept, dept_name),
                     if(direction = 'income', item_class, known_item), direction)
        as in_force,
    annual,
    cast(fen as decimal(18, 0)) * 0.01::decimal(3, 2) as amount,
    carried_in,
    carried_out,
    dept_code as dept_code_raw,
    dept_name as dept_name_raw,
    _source, _batch, _file, _sheet, _row, _col
from resolved
qualify not annual or not bool_or(not annual) over (
    partition by hospital, period // 100, coalesce(known_dept, dept_code), coalesce(known_dept, dept_name),
                 if(direction = 'income', item_class, known_item), direction, version)
