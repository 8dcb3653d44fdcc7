-- grain: one row is one suggestion (E38)
-- shape: dept_line(table=suggestion)
f.suggestion_no, f.made_on, f.content, f.adopted, f.saving
