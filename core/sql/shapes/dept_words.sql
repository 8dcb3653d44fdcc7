-- grain: how departments are written in one large extract, and what it means (hospital x period x raw_code x raw_name)
-- These files are too large to list their words when a snapshot opens, so they are matched when asked.
-- {body}: the words, as hospital, period, code, name.
with line(hospital, period, code, name) as (
    {body}
),
word as (
    select distinct hospital, period, coalesce(code, '') as raw_code, coalesce(name, '') as raw_name from line
),
tried as (select *, unnest(dept_candidates(raw_code, raw_name)) as try from word),
found as (
    select t.hospital, t.period, t.raw_code, t.raw_name, arg_min(k.dept_code, t.try.rank) as dept_code
    from tried t
    left join stg_dept_key k on k.hospital = t.hospital and k.how = t.try.how and k.key = t.try.key
    group by t.hospital, t.period, t.raw_code, t.raw_name
)
select
    f.hospital,
    f.period,
    f.raw_code,
    f.raw_name,
    f.dept_code,
    coalesce(d.dept_name, nullif(trim(f.raw_name), ''), trim(f.raw_code)) as dept_name,
    case when f.dept_code is null then 'unmapped' else d.dept_class end as dept_class,
    coalesce(d.care_setting, 'none') as care_setting
from found f
left join stg_dept d on d.hospital = f.hospital and d.dept_code = f.dept_code
