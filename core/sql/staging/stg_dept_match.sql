-- grain: one row is one way a department is written in the files (hospital x raw_code x raw_name) and what it means
-- kept: snapshot
-- In order: exact code, what a person confirmed, repaired code, exact name, loose name or former name; the last three
-- only where they fit one department. dept_code is NULL and dept_class 'unmapped' where nothing fits.
with word as (select distinct hospital, raw_code, raw_name from raw_dept_word),
tried as (select *, unnest(dept_candidates(raw_code, raw_name)) as try from word),
found as (
    select t.hospital, t.raw_code, t.raw_name, arg_min(k.dept_code, t.try.rank) as dept_code,
           arg_min(k.how, t.try.rank) as how
    from tried t
    left join stg_dept_key k on k.hospital = t.hospital and k.how = t.try.how and k.key = t.try.key
    group by t.hospital, t.raw_code, t.raw_name
)
select
    f.hospital,
    f.raw_code,
    f.raw_name,
    f.dept_code,
    coalesce(d.dept_name, nullif(trim(f.raw_name), ''), trim(f.raw_code)) as dept_name,
    case when f.dept_code is null then 'unmapped' else d.dept_class end as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    coalesce(f.how, 'unknown') as how
from found f
left join stg_dept d on d.hospital = f.hospital and d.dept_code = f.dept_code
