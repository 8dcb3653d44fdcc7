-- grain: one row is one way a department is written in a month's orders (hospital x period x raw_code x raw_name)
-- shape: dept_words()
select hospital, period, dept_code, dept_name from raw_order
