-- grain: one row is one order of a doctor (E31)
-- in_time: carried out within order_minutes of its plan, or of the order itself where it is a single one; NULL where
-- neither is known. is_antibiotic: NULL where the line does not say.
-- shape: dept_line(table=order, match=stg_order_match, month=and d.period = f.period, words=cross join ref_words w)
f.order_id, f.patient_id, f.visit_id, f.doctor_code, f.nurse_code, f.term, f.order_class, f.item_code, f.item_name,
f.antibiotic, f.ordered_at, f.planned_at, f.executed_at, f.state,
kind_of(w.antibiotic_grades, term_of(w.antibiotic_grades, f.antibiotic)) = 'yes' as is_antibiotic,
date_diff('second', coalesce(f.planned_at, if(term_of(w.order_terms, f.term) = 'single', f.ordered_at, null)), f.executed_at)
    <= w.limits['order_minutes'] * 60 as in_time
