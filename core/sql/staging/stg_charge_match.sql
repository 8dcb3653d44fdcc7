-- grain: one row is one way a department is written in a month's charge lines (hospital x period x raw_code x raw_name)
-- shape: dept_words()
select hospital, period, order_code, order_name from raw_charge_line
union all
select hospital, period, exec_code, exec_name from raw_charge_line
