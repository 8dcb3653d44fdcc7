-- grain: one row is one operation value (E43): month x department ('*' the whole hospital) x metric x object
-- value = numerator / denominator; counts and money have no denominator. stated says where the two come from:
--   sums      both were given, so months and departments add up
--   percent   only a value such as 85.3: numerator 85.3 of denominator 100
--   fraction  only a value such as 0.853 in a file whose values of this metric all lie within 1: of denominator 1; of a metric that
--              is seldom above some share (seldom_above), within that share: 0.5 of specimens lost is 0.5 %, not half of them
--   value     only a value of another unit (days, points, per 1 000): of its own base
-- The intake turns money into yuan and says so in unit (core/intake/units.py); unit is only multiplied here where a line
-- read before it did so still states a larger one.
-- What was stated alone stands for its month and department only; adding it up would be an average.
with read as (
    select
        r.*,
        m.kind, m.over, m.base, m.seldom_above,
        u.factor,
        coalesce(r.numerator, r.value) as given,
        w.name is not null or (coalesce(trim(r.dept_code), '') = '' and coalesce(trim(r.dept_name), '') = '') as whole,
        max(abs(case when r.denominator is null then coalesce(r.numerator, r.value) end)) over (
            partition by r.hospital, r._file, r._batch, r.metric) as largest
    from raw_operation_value r
    join ref_metric m on m.metric = r.metric
    left join ref_unit u on u.word = lower(replace(trim(r.unit), ' ', ''))
    left join ref_term w on w.list = 'hospital_words' and w.alias = loose_name(r.dept_name)
        and coalesce(trim(r.dept_code), '') = ''
)
select
    f.hospital,
    f.period,
    case when f.whole then '*' else d.dept_code end as dept_code,
    case when f.whole then '*' else d.dept_name end as dept_name,
    case when f.whole then 'hospital' else d.dept_class end as dept_class,
    f.metric,
    f.kind,
    f.over,
    coalesce(nullif(trim(f.object_code), ''), trim(f.object_name), '') as object_code,
    coalesce(nullif(trim(f.object_name), ''), trim(f.object_code), '') as object_name,
    cast(case when f.kind = 'money' and f.factor > 1 then f.given * f.factor else f.given end as decimal(18, 4))
        as numerator,
    cast(case
        when f.base is null then null
        when f.numerator is not null and f.denominator is not null then f.denominator
        when f.base = 100 and f.kind = 'ratio' and coalesce(f.factor, 1) <> 0
            and f.largest <= coalesce(f.seldom_above, 1) then 1
        else f.base end as decimal(18, 4)) as denominator,
    case
        when f.base is null then 'value'
        when f.numerator is not null and f.denominator is not null then 'sums'
        when f.base = 100 and f.kind = 'ratio' and coalesce(f.factor, 1) <> 0
            and f.largest <= coalesce(f.seldom_above, 1) then 'fraction'
        when f.base = 100 and f.kind = 'ratio' then 'percent'
        else 'value' end as stated,
    f.note,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from read f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
