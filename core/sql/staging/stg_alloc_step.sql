-- grain: one row is one step of the hospital's own step-down order: department x item, its level and driver
select
    f.hospital,
    f.level,
    s.dept_code as source_dept,
    s.dept_name as source_name,
    s.dept_class as source_class,
    case when coalesce(f.item_code, f.item_name, '') = '' then '' else i.item_code end as item_code,
    case when coalesce(f.item_code, f.item_name, '') = '' then '' else i.item_class end as item_class,
    coalesce(nullif(f.param_code, ''), f.param_name, '') as param,
    f.source_code as source_code_raw,
    f.source_name as source_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_alloc_step f
left join stg_dept_match s on s.hospital = f.hospital
    and s.raw_code = coalesce(f.source_code, '') and s.raw_name = coalesce(f.source_name, '')
left join stg_item_match i on i.hospital = f.hospital
    and i.raw_code = coalesce(f.item_code, '') and i.raw_name = coalesce(f.item_name, '')
