-- grain: one row is one wage item of one member of staff in a month (E15)
-- wage_kind: pay and performance make up the gross pay, withheld is taken off it, employer is what the hospital adds.
-- shape: dept_line(table=payroll, words=cross join ref_words w)
f.emp_code, f.category,
coalesce(f.wage_item, term_of(w.wage_items, f.wage_name), 'other_pay') as wage_item,
coalesce(nullif(trim(f.wage_name), ''), f.wage_item) as wage_name,
kind_of(w.wage_items, coalesce(f.wage_item, term_of(w.wage_items, f.wage_name), 'other_pay')) as wage_kind,
f.amount, f.gross, f.net
