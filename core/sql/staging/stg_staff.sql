-- grain: one row is one headcount line (E13): people of a department in a month
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    f.doctors, f.nurses, f.technicians, f.pharmacists, f.managers, f.logistics, f.temporary, f.external, f.cleaners,
    coalesce(f.headcount,
             coalesce(f.doctors, 0) + coalesce(f.nurses, 0) + coalesce(f.technicians, 0) + coalesce(f.pharmacists, 0)
             + coalesce(f.managers, 0) + coalesce(f.logistics, 0) + coalesce(f.temporary, 0)
             + coalesce(f.external, 0) + coalesce(f.cleaners, 0)) as headcount,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_staff_count f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
