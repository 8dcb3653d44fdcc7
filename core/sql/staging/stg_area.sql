-- grain: one row is one floor-area line (E16) of the month it was stated for; month_volume carries it forward
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    f.area,
    f.building,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_area f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
