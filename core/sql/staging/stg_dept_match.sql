-- grain: one row is one way a department is written in the files (hospital x raw_code x raw_name) and what it means
-- kept: snapshot
-- In order: exact code, what a person confirmed, repaired code, exact name, loose name or former name; the last three
-- only where they fit one department. dept_code is NULL and dept_class 'unmapped' where nothing fits.
with word as (
    select distinct hospital, raw_code, raw_name, trim(raw_code) as code, trim(raw_name) as name from raw_dept_word
),
found as (
    select
        w.hospital, w.raw_code, w.raw_name,
        coalesce(c.dept_code, a.dept_code, r.dept_code, n.dept_code, l.dept_code) as dept_code,
        case when c.dept_code is not null then 'code' when a.dept_code is not null then 'alias'
             when r.dept_code is not null then 'repaired' when n.dept_code is not null then 'name'
             when l.dept_code is not null then 'normalised' else 'unknown' end as how
    from word w
    left join stg_dept_key c on c.hospital = w.hospital and c.how = 'code' and c.key = w.code
    left join stg_dept_key a on a.hospital = w.hospital and a.how = 'alias' and a.key = w.code || '|' || w.name
    left join stg_dept_key r on r.hospital = w.hospital and r.how = 'repaired' and r.key = bare_code(w.code)
    left join stg_dept_key n on n.hospital = w.hospital and n.how = 'name' and n.key = w.name
    left join stg_dept_key l on l.hospital = w.hospital and l.how = 'normalised' and l.key = loose_name(w.name)
)
select
    f.hospital,
    f.raw_code,
    f.raw_name,
    f.dept_code,
    coalesce(d.dept_name, nullif(trim(f.raw_name), ''), trim(f.raw_code)) as dept_name,
    case when f.dept_code is null then 'unmapped' else d.dept_class end as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    f.how
from found f
left join stg_dept d on d.hospital = f.hospital and d.dept_code = f.dept_code
