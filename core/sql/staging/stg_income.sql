-- grain: one row is one income line (E04)
-- shape: income_line(table=income)
r.charge_class as charge_class_raw
