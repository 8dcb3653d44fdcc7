-- grain: one row is one way to find a department (hospital x how x key), only keys that fit exactly one department
-- kept: snapshot
with candidate as (
    select hospital, 'code' as how, dept_code as key, dept_code from stg_dept
    union all
    select a.hospital, 'alias', coalesce(trim(a.raw_code), '') || '|' || coalesce(trim(a.raw_name), ''), a.dept_code
    from raw_dept_alias a
    join stg_dept d on d.hospital = a.hospital and d.dept_code = a.dept_code
    qualify row_number() over (
        partition by a.hospital, coalesce(trim(a.raw_code), ''), coalesce(trim(a.raw_name), '') order by a.at desc) = 1
    union all
    select hospital, 'repaired', bare_code(dept_code), dept_code from stg_dept where bare_code(dept_code) <> ''
    union all
    select hospital, 'name', dept_name, dept_code from stg_dept
    union all
    select hospital, 'normalised', loose_name(dept_name), dept_code from stg_dept where loose_name(dept_name) <> ''
    union all
    select hospital, 'normalised', loose_name(former), dept_code
    from (select hospital, dept_code,
                 unnest(regexp_split_to_array(former_names, '[^\p{L}\p{N}()]+')) as former
          from stg_dept where former_names <> '')
    where loose_name(former) <> ''
)
select hospital, how, key, min(dept_code) as dept_code
from candidate
group by hospital, how, key
having count(distinct dept_code) = 1
