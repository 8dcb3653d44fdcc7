-- grain: one row is one charge line of the HIS (E06), refunds negative
-- shape: income_line(table=charge_line, patient=null, match=stg_charge_match, order_month=and o.period = r.period, exec_month=and e.period = r.period)
r.charge_class as charge_class_raw,
r.charge_id, r.patient_id, r.visit_id, r.settlement_id, r.charged_at, r.charge_code, r.charge_name, r.spec,
r.quantity, r.unit_price, r.doctor_code
