-- grain: one row is one line of the cost budget of one month, of every version up to the one in force; later ones are drafts
-- first_stated: of the version the year began with, an original (words of budget_versions) or else the first there is.
-- chosen_order: the place of the version the hospital put in force for the year, where it states the department's month.
with line as (
    select b.hospital, b.period, coalesce(b.dept_code, 'unmapped') as dept_code, b.dept_name,
           coalesce(b.item_code, b.item_class, '') as item, b.item_name, b.version, b.version_order, b.in_force, b.chosen,
           t.name is not null as original, b.amount, b._file, b._sheet, b._row, b._col, b._batch
    from stg_budget b
    left join ref_term t on t.list = 'budget_versions' and t.alias = loose_name(b.version) and t.name = 'original'
    where b.direction = 'cost'
),
judged as (
    select *,
           max(if(chosen and in_force, version_order, null)) over (partition by hospital, period, dept_code) as chosen_order,
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
where version_order <= coalesce(chosen_order, version_order) and (in_force or not chosen)
