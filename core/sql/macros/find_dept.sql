-- macro: find_dept(owner, code, name)
-- grain: one value for each call
-- The dictionary code of a department as a file names it, NULL if nothing fits. In order: exact code, what a person
-- confirmed, repaired code, exact name, loose name or former name; the last three only where they fit one department.
coalesce(
    (select k.dept_code from stg_dept_key k where k.hospital = owner and k.how = 'code' and k.key = trim(code)),
    (select k.dept_code from stg_dept_key k
      where k.hospital = owner and k.how = 'alias'
        and k.key = coalesce(trim(code), '') || '|' || coalesce(trim(name), '')),
    (select k.dept_code from stg_dept_key k
      where k.hospital = owner and k.how = 'repaired' and k.key = bare_code(code)),
    (select k.dept_code from stg_dept_key k where k.hospital = owner and k.how = 'name' and k.key = trim(name)),
    (select k.dept_code from stg_dept_key k
      where k.hospital = owner and k.how = 'normalised' and k.key = loose_name(name))
)
