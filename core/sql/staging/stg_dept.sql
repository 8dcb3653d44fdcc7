-- grain: one row is one department of the dictionary (hospital x dept_code), the newest line where files repeat it
-- kept: snapshot
with newest as (
    select *, row_number() over (partition by hospital, trim(dept_code) order by _source desc, _row desc) as place
    from raw_dept
    where trim(dept_code) <> ''
),
named as (
    -- A ward or clinic whose file says nothing about its setting usually says it in its name.
    select n.hospital, trim(n.dept_code) as dept_code, min(t.name) as care_setting
    from newest n
    join ref_term t on t.list = 'care_settings' and t.spelled and contains(loose_name(n.dept_name), t.alias)
    where n.place = 1
    group by all
    having count(distinct t.name) = 1
)
select
    n.hospital,
    trim(n.dept_code) as dept_code,
    coalesce(nullif(trim(n.dept_name), ''), trim(n.dept_code)) as dept_name,
    coalesce(n.dept_class, '') as dept_class,
    coalesce(nullif(n.care_setting, ''), case when n.dept_class = 'clinical' then m.care_setting end, 'none')
        as care_setting,
    n.parent_code,
    n.campus,
    coalesce(n.active, not n.stopped, true) as active,
    n.former_names,
    n._source, n._batch, n._file, n._sheet, n._row, n._col
from newest n
left join named m on m.hospital = n.hospital and m.dept_code = trim(n.dept_code)
where n.place = 1
