-- grain: one row is one budget line of one month (E24); a line for a whole year is spread over its months
-- Where a version states single months as well as their year, these months count, and the year less their sum is spread
-- over the others. year_line and month_lines are the year's sums of both kinds for the department, item and version,
-- NULL where it has none; months that state more than their year leave nothing for the others.
-- in_force marks what counts. chosen is the version the hospital put in force for the year (setting "budget"): for a
-- department, month and direction it names, nothing else is in force. Everywhere else the last adjusted version of a
-- department's item counts (by its number, then its name), else the original: a version may adjust some items only.
-- version_order: the place of the version among the hospital's, the original first.
with named as (
    select b.* replace (coalesce(nullif(trim(b.version), ''), 'v0') as version, coalesce(nullif(b.direction, ''), 'cost') as direction),
           b.period % 100 = 0 as annual, b.period // 100 as year, cast(b.amount * 100 as hugeint) as fen
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
resolved as (
    select
        f.*,
        d.dept_code as known_dept, d.dept_name as known_name, d.dept_class,
        i.item_code as known_item, i.item_name as known_item_name,
        -- Income is planned by charge class; a plan for all of a department's income goes by 'all'.
        case when f.direction = 'income' then coalesce(c.name, k.name, 'all') else i.item_class end as item_class,
        -- A department is what it means, else what was written.
        coalesce(d.dept_code, f.dept_code) as own_code, coalesce(d.dept_code, f.dept_name) as own_name,
        v.place,
        -- Lines of a breakdown put in force (source: its name and number) go before those of a file that uses its name.
        case when h.version is null then 0 when starts_with(f._source, h.version || ' V') then 2 else 1 end as chosen
    from named f
    join versions v on v.hospital = f.hospital and v.version = f.version
    left join chosen h on h.hospital = f.hospital and h.year = f.year and h.version = f.version
    left join stg_dept_match d on d.hospital = f.hospital
        and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
    left join stg_item_match i on i.hospital = f.hospital
        and i.raw_code = coalesce(f.item_code, '') and i.raw_name = coalesce(f.item_name, '')
    left join ref_term c on c.list = 'charge_classes' and c.alias = loose_name(f.item_name)
    left join ref_term k on k.list = 'charge_classes' and k.alias = loose_name(f.item_code)
),
-- What a version states of a department's item in a year; months: one bit for each month stated.
stated as (
    select
        *,
        coalesce(bit_or(if(annual, 0, 1 << (period % 100 - 1))) over cell, 0) as months,
        sum(fen) filter (annual) over cell as year_fen,
        sum(fen) filter (not annual) over cell as month_fen,
        sum(fen) filter (annual) over (cell order by _source, _file, _sheet, _row, _col rows unbounded preceding) as upto_fen
    from resolved
    window cell as (
        partition by hospital, year, own_code, own_name, if(direction = 'income', item_class, known_item), direction, version)
),
-- What is left of the year for a line that states it: its share of what the months stated do not take.
shared as (
    select
        *,
        12 - bit_count(months) as free,
        case when not annual or months = 0 or year_fen = 0 then fen
             else greatest(year_fen - month_fen, 0) * upto_fen // year_fen
                  - greatest(year_fen - month_fen, 0) * (upto_fen - fen) // year_fen end as rest_fen
    from stated
),
sliced as (
    select s.* replace (cast(if(annual, year * 100 + m.month, period) as integer) as period),
           -- cumulative rounding: the months add up to the line to the fen
           if(annual, rest_fen * nth // free - rest_fen * (nth - 1) // free, fen) as month_amount
    from shared s
    join (select unnest(range(1, 13)) as month) m
        on if(annual, months & (1 << (m.month - 1)) = 0, m.month = greatest(period % 100, 1)),
    lateral (select m.month - bit_count(months & ((1 << m.month) - 1)) as nth)
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
    cast(place as integer) as version_order,
    chosen > 0 as chosen,
    if(max(chosen) over (partition by hospital, period, own_code, own_name, direction) > 0,
       chosen = max(chosen) over (partition by hospital, period, own_code, own_name, direction),
       place = max(place) over (
           partition by hospital, period, own_code, own_name, if(direction = 'income', item_class, known_item), direction))
        as in_force,
    annual,
    cast(month_amount as decimal(18, 0)) * 0.01::decimal(3, 2) as amount,
    cast(year_fen as decimal(18, 0)) * 0.01::decimal(3, 2) as year_line,
    cast(month_fen as decimal(18, 0)) * 0.01::decimal(3, 2) as month_lines,
    carried_in,
    carried_out,
    dept_code as dept_code_raw,
    dept_name as dept_name_raw,
    _source, _batch, _file, _sheet, _row, _col
from sliced
