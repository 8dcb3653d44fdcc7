-- grain: one row is one line of income by charge item (E05)
-- shape: income_line(table=income_detail, match=stg_income_detail_match, order_month=and o.period = r.period, exec_month=and e.period = r.period)
r.charge_class as charge_class_raw,
r.charge_code, r.charge_name, r.unit_price, r.quantity
