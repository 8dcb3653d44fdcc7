-- grain: one row is one line of services one department gave another (E12)
select
    f.hospital,
    f.period,
    s.dept_code as source_dept,
    s.dept_name as source_name,
    s.dept_class as source_class,
    t.dept_code as target_dept,
    t.dept_name as target_name,
    t.dept_class as target_class,
    f.service_code,
    f.service_name,
    f.quantity,
    f.source_code as source_code_raw,
    f.source_name as source_name_raw,
    f.target_code as target_code_raw,
    f.target_name as target_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_internal_service f
left join stg_dept_match s on s.hospital = f.hospital
    and s.raw_code = coalesce(f.source_code, '') and s.raw_name = coalesce(f.source_name, '')
left join stg_dept_match t on t.hospital = f.hospital
    and t.raw_code = coalesce(f.target_code, '') and t.raw_name = coalesce(f.target_name, '')
