-- grain: one row is one way a department is written in a month's examinations (hospital x period x raw_code x raw_name)
-- shape: dept_words()
select hospital, period, order_code, order_name from raw_lab_exam
union all
select hospital, period, exec_code, exec_name from raw_lab_exam
