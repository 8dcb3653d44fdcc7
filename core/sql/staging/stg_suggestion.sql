-- grain: one row is one suggestion (E38)
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    f.suggestion_no, f.made_on, f.content, f.adopted, f.saving,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_suggestion f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
