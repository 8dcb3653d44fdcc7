-- grain: one row is one floor-area line (E16) of the month it was stated for; month_volume carries it forward
-- shape: dept_line(table=area)
f.area, f.building
