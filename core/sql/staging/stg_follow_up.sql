-- grain: one row is one due follow-up of a case (E42)
-- shape: dept_line(table=follow_up)
f.case_no, f.discharged_on, f.window, f.done, f.how
