-- grain: one row is one examination or laboratory test (E32)
-- exam_kind: by the kind written, else by the item, else a test where a specimen was received. kind_class: large, other, test.
with line as (
    select r.*, coalesce(term_of(w.exam_kinds, r.kind), term_of(w.exam_kinds, r.item_name),
                         if(r.received_at is null, null, 'laboratory')) as exam_kind
    from raw_lab_exam r
    cross join ref_words w
)
select
    f.hospital,
    f.period,
    o.dept_code as order_dept,
    o.dept_name as order_name,
    o.dept_class as order_class,
    e.dept_code as exec_dept,
    e.dept_name as exec_name,
    e.dept_class as exec_class,
    f.exam_id, f.patient_id, f.kind, f.exam_kind, kind_of(w.exam_kinds, f.exam_kind) as kind_class,
    f.item_code, f.item_name, f.device, f.requested_at, f.received_at, f.done_at, f.reported_at, f.result,
    term_of(w.exam_results, f.result) = 'positive' as is_positive,
    cast(minutes_between(f.received_at, f.reported_at, w.limits['report_hours'] * 60) / 60 as decimal(18, 4))
        as received_hours,
    cast(minutes_between(f.done_at, f.reported_at, w.limits['report_hours'] * 60) / 60 as decimal(18, 4)) as report_hours,
    f.order_code as order_code_raw,
    f.order_name as order_name_raw,
    f.exec_code as exec_code_raw,
    f.exec_name as exec_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from line f
left join stg_lab_exam_match o on o.hospital = f.hospital and o.period = f.period
    and o.raw_code = coalesce(f.order_code, '') and o.raw_name = coalesce(f.order_name, '')
left join stg_lab_exam_match e on e.hospital = f.hospital and e.period = f.period
    and e.raw_code = coalesce(f.exec_code, '') and e.raw_name = coalesce(f.exec_name, '')
cross join ref_words w
