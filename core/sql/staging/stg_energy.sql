-- grain: one row is one meter reading of a month (E34)
-- shape: dept_line(table=energy)
f.meter, f.electricity, f.water, f.gas, f.amount
