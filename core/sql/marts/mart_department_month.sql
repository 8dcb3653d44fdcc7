-- grain: one row is hospital x period x department ('unmapped' where unresolved): every base measure indicators use
-- Income by charge class and patient type is by ordering department. direct_<item> and full_<item> are scope medical.
-- A measure whose extract is missing for the month is NULL, never 0.
-- kept: month
with ordered as (
    select hospital, period, order_dept as dept_code,
           sum(amount) as income_ordered,
           coalesce(sum(amount) filter (where patient_type = 'outpatient'), 0) as income_outpatient,
           coalesce(sum(amount) filter (where patient_type = 'inpatient'), 0) as income_inpatient,
           coalesce(sum(amount) filter (where charge_class = 'drugs'), 0) as income_drugs,
           coalesce(sum(amount) filter (where charge_class = 'herbs'), 0) as income_herbs,
           coalesce(sum(amount) filter (where charge_class = 'materials'), 0) as income_materials,
           coalesce(sum(amount) filter (where charge_class = 'examination'), 0) as income_examination,
           coalesce(sum(amount) filter (where charge_class = 'laboratory'), 0) as income_laboratory,
           coalesce(sum(amount) filter (where charge_class = 'surgery'), 0) as income_surgery,
           coalesce(sum(amount) filter (where charge_class = 'treatment'), 0) as income_treatment,
           coalesce(sum(amount) filter (where charge_class = 'nursing'), 0) as income_nursing,
           coalesce(sum(amount) filter (where charge_class = 'bed'), 0) as income_bed,
           coalesce(sum(amount) filter (where charge_class = 'consultation'), 0) as income_consultation,
           coalesce(sum(amount) filter (where charge_class = 'other'), 0) as income_other
    from month_income group by all
),
executed as (
    select hospital, period, exec_dept as dept_code, sum(amount) as income_executed from month_income group by all
),
direct as (
    select hospital, period, dept_code,
           sum(amount) filter (where scope = 'business') as direct_business,
           sum(amount) filter (where scope = 'medical') as direct_medical,
           sum(amount) filter (where scope = 'medical_full') as direct_medical_full,
           sum(amount) filter (where scope = 'hospital_full') as direct_hospital_full,
           sum(amount) filter (where scope = 'medical' and item_class = 'staff') as direct_staff,
           sum(amount) filter (where scope = 'medical' and item_class = 'materials') as direct_materials,
           sum(amount) filter (where scope = 'medical' and item_class = 'drugs') as direct_drugs,
           sum(amount) filter (where scope = 'medical' and item_class = 'depreciation') as direct_depreciation,
           sum(amount) filter (where scope = 'medical' and item_class = 'amortisation') as direct_amortisation,
           sum(amount) filter (where scope = 'medical' and item_class = 'risk_fund') as direct_risk_fund,
           sum(amount) filter (where scope = 'medical' and item_class = 'other') as direct_other
    from mart_direct_cost group by all
),
received as (
    select hospital, period, dept_code,
           sum(amount) filter (where scope = 'business' and allocated) as full_business,
           sum(amount) filter (where scope = 'medical' and allocated) as full_medical,
           sum(amount) filter (where scope = 'medical_full' and allocated) as full_medical_full,
           sum(amount) filter (where scope = 'hospital_full' and allocated) as full_hospital_full,
           sum(amount) filter (where scope = 'hospital_full' and not allocated) as unallocated_hospital_full,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'staff') as full_staff,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'materials') as full_materials,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'drugs') as full_drugs,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'depreciation') as full_depreciation,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'amortisation') as full_amortisation,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'risk_fund') as full_risk_fund,
           sum(amount) filter (where scope = 'medical' and allocated and item_class = 'other') as full_other
    from mart_full_cost group by all
),
planned as (
    select hospital, period, dept_code,
           sum(amount) filter (where direction = 'cost') as budget_cost,
           sum(amount) filter (where direction = 'income') as budget_income
    from month_budget group by all
),
known as (
    select hospital, period, dept_code from ordered union select hospital, period, dept_code from executed
    union select hospital, period, dept_code from direct union select hospital, period, dept_code from received
    union select hospital, period, dept_code from planned union select hospital, period, dept_code from month_volume
)
select
    k.hospital,
    k.period,
    k.dept_code,
    coalesce(d.dept_name, k.dept_code) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    cast(columns(o.* exclude (hospital, period, dept_code)) as decimal(18, 2)),
    cast(e.income_executed as decimal(18, 2)) as income_executed,
    cast(columns(c.* exclude (hospital, period, dept_code)) as decimal(18, 2)),
    cast(columns(r.* exclude (hospital, period, dept_code)) as decimal(18, 2)),
    cast(columns(b.* exclude (hospital, period, dept_code)) as decimal(18, 2)),
    v.* exclude (hospital, period, dept_code)
from known k
left join stg_dept d on d.hospital = k.hospital and d.dept_code = k.dept_code
left join ordered o on o.hospital = k.hospital and o.period = k.period and o.dept_code = k.dept_code
left join executed e on e.hospital = k.hospital and e.period = k.period and e.dept_code = k.dept_code
left join direct c on c.hospital = k.hospital and c.period = k.period and c.dept_code = k.dept_code
left join received r on r.hospital = k.hospital and r.period = k.period and r.dept_code = k.dept_code
left join planned b on b.hospital = k.hospital and b.period = k.period and b.dept_code = k.dept_code
left join month_volume v on v.hospital = k.hospital and v.period = k.period and v.dept_code = k.dept_code
