-- grain: one row is one meter reading of a month (E34)
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    f.meter, f.electricity, f.water, f.gas, f.amount,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_energy f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
