-- grain: one row is one line of the cost budget of one month, of every version up to the one in force; later ones are drafts
-- version_order: the place of the version among the hospital's, the original first (words of budget_versions), then by number,
-- then by name, as stg_budget orders them. first_stated: of the version the year began with, an original or else the first.
-- chosen_order: the place of the version the hospital put in force for the year, where it states the department's month.
with ordered as (
    select v.hospital, v.version, coalesce(t.name, '') = 'original' as original,
           row_number() over (
               partition by v.hospital
               order by coalesce(t.name, '') <> 'original',
                        coalesce(try_cast(regexp_extract(v.version, '\d+', 0) as bigint), 0), v.version) as version_order
    from (select distinct hospital, version from stg_budget) v
    left join ref_term t on t.list = 'budget_versions' and t.alias = loose_name(v.version)
),
put_in_force as (
    select hospital, cast(year as integer) as year, json_extract_string(json, '$.in_force."' || year || '"') as version
    from (
        select hospital, json, unnest(json_keys(json, '$.in_force')) as year
        from (from raw_settings where key = 'budget' qualify seq = max(seq) over (partition by hospital))
        where json is not null
    )
),
line as (
    select b.hospital, b.period, coalesce(b.dept_code, 'unmapped') as dept_code, b.dept_name,
           coalesce(b.item_code, b.item_class, '') as item, b.item_name, b.version, o.version_order, o.original, b.in_force,
           c.version is not null as is_chosen, b.amount, b._file, b._sheet, b._row, b._col, b._batch
    from stg_budget b
    join ordered o on o.hospital = b.hospital and o.version = b.version
    left join put_in_force c on c.hospital = b.hospital and c.year = b.period // 100 and c.version = b.version
    where b.direction = 'cost'
),
judged as (
    select *,
           max(if(is_chosen and in_force, version_order, null)) over (partition by hospital, period, dept_code) as chosen_order,
           original or (not bool_or(original) over (partition by hospital, period // 100)
                        and version_order = min(version_order) over (partition by hospital, period // 100)) as first_stated
    from line
)
select
    hospital, period, dept_code, dept_name, item, item_name, version,
    cast(version_order as integer) as version_order,
    cast(chosen_order as integer) as chosen_order,
    first_stated,
    amount,
    _file, _sheet, _row, _col, _batch
from judged
where version_order <= coalesce(chosen_order, version_order) and (in_force or not is_chosen)
