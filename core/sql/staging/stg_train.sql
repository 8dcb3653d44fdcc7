-- grain: one row is one member of staff in one course (E39)
-- counts_for: the last month of the quarter, for which coverage and hours are stated. on_cost: a course about cost control.
-- shape: dept_line(table=train, words=cross join ref_words w)
f.emp_code, f.course, f.topic, f.held_on, f.hours, f.result,
f.period // 100 * 100 + (f.period % 100 + 2) // 3 * 3 as counts_for,
coalesce(term_of(w.training_topics, f.topic), term_of(w.training_topics, f.course)) is not null as on_cost
