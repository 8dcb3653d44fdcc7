-- grain: one row is one visit of an outpatient (E08), with the minutes waited and stayed
-- shape: dept_line(table=visit, match=stg_visit_match, month=and d.period = f.period, words=cross join ref_words w)
f.visit_id, f.patient_id, f.doctor_code, f.visit_kind, f.booked, f.arrived_at, f.seen_at, f.left_at, f.amount,
minutes_between(f.arrived_at, f.seen_at, w.limits['visit_minutes']) as wait_minutes,
minutes_between(f.arrived_at, f.left_at, w.limits['visit_minutes']) as stay_minutes
