-- grain: the lines of one extract, each with the department it belongs to; the view names the other columns
-- table: the extract. match, month: the view that knows how departments are written there, where it does so by month.
-- words: 'cross join ref_words w' where texts are read by closed lists.
-- {body}: the columns of f that are its own.
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    {body},
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from raw_{table} f
left join {match=stg_dept_match} d on d.hospital = f.hospital {month=}
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
{words=}
