-- grain: one row is one headcount line (E13): people of a department in a month
-- shape: dept_line(table=staff_count)
f.doctors, f.nurses, f.technicians, f.pharmacists, f.managers, f.logistics, f.temporary, f.external, f.cleaners,
coalesce(f.headcount,
         coalesce(f.doctors, 0) + coalesce(f.nurses, 0) + coalesce(f.technicians, 0) + coalesce(f.pharmacists, 0)
         + coalesce(f.managers, 0) + coalesce(f.logistics, 0) + coalesce(f.temporary, 0)
         + coalesce(f.external, 0) + coalesce(f.cleaners, 0)) as headcount
