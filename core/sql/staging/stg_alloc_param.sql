-- grain: one row is one driver value of the hospital's own (E17), of the month it was stated for
-- An empty source means every serving department, an empty item every item; arrives_as renames the money on arrival.
select
    f.hospital,
    f.period,
    s.dept_code as source_dept,
    s.dept_name as source_name,
    coalesce(f.source_code, f.source_name, '') = '' as any_source,
    t.dept_code as target_dept,
    t.dept_name as target_name,
    case when coalesce(f.item_code, f.item_name, '') = '' then '' else i.item_code end as item_code,
    case when coalesce(f.item_code, f.item_name, '') = '' then '' else i.item_class end as item_class,
    coalesce(a.item_code, '') as arrives_as,
    coalesce(a.item_class, '') as arrives_class,
    coalesce(nullif(f.param_code, ''), f.param_name, '') as param,
    f.param_name,
    f.value,
    f.source_code as source_code_raw,
    f.source_name as source_name_raw,
    f.target_code as target_code_raw,
    f.target_name as target_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_alloc_param f
left join stg_dept_match s on s.hospital = f.hospital
    and s.raw_code = coalesce(f.source_code, '') and s.raw_name = coalesce(f.source_name, '')
left join stg_dept_match t on t.hospital = f.hospital
    and t.raw_code = coalesce(f.target_code, '') and t.raw_name = coalesce(f.target_name, '')
left join stg_item_match i on i.hospital = f.hospital
    and i.raw_code = coalesce(f.item_code, '') and i.raw_name = coalesce(f.item_name, '')
left join stg_item_match a on a.hospital = f.hospital and a.raw_code = f.arrives_code and a.raw_name = ''
