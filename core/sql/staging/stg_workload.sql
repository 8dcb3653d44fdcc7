-- grain: one row is one workload line, outpatient (E10) or inpatient (E11)
with lines as (
    select hospital, period, 'workload_op' as extract, dept_code, dept_name, patient_type,
           visits, emergency_visits, operations,
           null::bigint as admissions, null::bigint as discharges, null::bigint as planned_beds,
           null as open_beds, null::bigint as open_bed_days, null::bigint as bed_days, null::bigint as discharged_days,
           _source, _batch, _file, _sheet, _row, _col
    from raw_workload_op
    union all by name
    select hospital, period, 'workload_ip' as extract, dept_code, dept_name, patient_type,
           admissions, discharges, planned_beds, open_beds,
           coalesce(open_bed_days, cast(round(open_beds * day(last_day(
               make_date(period // 100, greatest(period % 100, 1), 1)))) as bigint)) as open_bed_days,
           bed_days, discharged_days,
           _source, _batch, _file, _sheet, _row, _col
    from raw_workload_ip
)
select
    f.hospital,
    f.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    d.care_setting,
    f.extract,
    f.patient_type,
    f.visits,
    f.emergency_visits,
    f.operations,
    f.admissions,
    f.discharges,
    f.planned_beds,
    f.open_beds,
    f.open_bed_days,
    f.bed_days,
    f.discharged_days,
    f.dept_code as dept_code_raw,
    f.dept_name as dept_name_raw,
    f._source, f._batch, f._file, f._sheet, f._row, f._col
from lines f
left join stg_dept_match d on d.hospital = f.hospital
    and d.raw_code = coalesce(f.dept_code, '') and d.raw_name = coalesce(f.dept_name, '')
