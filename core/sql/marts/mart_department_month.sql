-- grain: one row is hospital x period x department ('unmapped' where unresolved): every base measure indicators use
-- Income by charge class and patient type is by ordering department. direct_<item> and full_<item> are scope medical.
-- A measure whose extract is missing for the month is NULL, never 0.
-- kept: month
with parts as (
    select hospital, period, order_dept as dept_code,
           amount as income_ordered,
           if(patient_type = 'outpatient', amount, 0) as income_outpatient,
           if(patient_type = 'inpatient', amount, 0) as income_inpatient,
           if(charge_class = 'drugs', amount, 0) as income_drugs,
           if(charge_class = 'herbs', amount, 0) as income_herbs,
           if(charge_class = 'materials', amount, 0) as income_materials,
           if(charge_class = 'examination', amount, 0) as income_examination,
           if(charge_class = 'laboratory', amount, 0) as income_laboratory,
           if(charge_class = 'surgery', amount, 0) as income_surgery,
           if(charge_class = 'treatment', amount, 0) as income_treatment,
           if(charge_class = 'nursing', amount, 0) as income_nursing,
           if(charge_class = 'bed', amount, 0) as income_bed,
           if(charge_class = 'consultation', amount, 0) as income_consultation,
           if(charge_class = 'other', amount, 0) as income_other
    from month_income
    union all by name
    select hospital, period, exec_dept as dept_code, amount as income_executed from month_income
    union all by name
    select hospital, period, dept_code,
           if(scope = 'business', amount, null) as direct_business,
           if(scope = 'medical', amount, null) as direct_medical,
           if(scope = 'medical_full', amount, null) as direct_medical_full,
           if(scope = 'hospital_full', amount, null) as direct_hospital_full,
           if(scope = 'medical' and item_class = 'staff', amount, null) as direct_staff,
           if(scope = 'medical' and item_class = 'materials', amount, null) as direct_materials,
           if(scope = 'medical' and item_class = 'drugs', amount, null) as direct_drugs,
           if(scope = 'medical' and item_class = 'depreciation', amount, null) as direct_depreciation,
           if(scope = 'medical' and item_class = 'amortisation', amount, null) as direct_amortisation,
           if(scope = 'medical' and item_class = 'risk_fund', amount, null) as direct_risk_fund,
           if(scope = 'medical' and item_class = 'other', amount, null) as direct_other
    from mart_direct_cost
    union all by name
    select hospital, period, dept_code,
           if(scope = 'business' and allocated, amount, null) as full_business,
           if(scope = 'medical' and allocated, amount, null) as full_medical,
           if(scope = 'medical_full' and allocated, amount, null) as full_medical_full,
           if(scope = 'hospital_full' and allocated, amount, null) as full_hospital_full,
           if(scope = 'hospital_full' and not allocated, amount, null) as unallocated_hospital_full,
           if(scope = 'medical' and allocated and item_class = 'staff', amount, null) as full_staff,
           if(scope = 'medical' and allocated and item_class = 'materials', amount, null) as full_materials,
           if(scope = 'medical' and allocated and item_class = 'drugs', amount, null) as full_drugs,
           if(scope = 'medical' and allocated and item_class = 'depreciation', amount, null) as full_depreciation,
           if(scope = 'medical' and allocated and item_class = 'amortisation', amount, null) as full_amortisation,
           if(scope = 'medical' and allocated and item_class = 'risk_fund', amount, null) as full_risk_fund,
           if(scope = 'medical' and allocated and item_class = 'other', amount, null) as full_other
    from mart_full_cost
    union all by name
    select hospital, period, dept_code,
           if(direction = 'cost', amount, null) as budget_cost,
           if(direction = 'income', amount, null) as budget_income
    from month_budget
    union all by name
    select * from month_volume
),
added as (
    select hospital, period, dept_code,
           cast(sum(income_ordered) as decimal(18, 2)) as income_ordered,
           cast(sum(income_outpatient) as decimal(18, 2)) as income_outpatient,
           cast(sum(income_inpatient) as decimal(18, 2)) as income_inpatient,
           cast(sum(income_drugs) as decimal(18, 2)) as income_drugs,
           cast(sum(income_herbs) as decimal(18, 2)) as income_herbs,
           cast(sum(income_materials) as decimal(18, 2)) as income_materials,
           cast(sum(income_examination) as decimal(18, 2)) as income_examination,
           cast(sum(income_laboratory) as decimal(18, 2)) as income_laboratory,
           cast(sum(income_surgery) as decimal(18, 2)) as income_surgery,
           cast(sum(income_treatment) as decimal(18, 2)) as income_treatment,
           cast(sum(income_nursing) as decimal(18, 2)) as income_nursing,
           cast(sum(income_bed) as decimal(18, 2)) as income_bed,
           cast(sum(income_consultation) as decimal(18, 2)) as income_consultation,
           cast(sum(income_other) as decimal(18, 2)) as income_other,
           cast(sum(income_executed) as decimal(18, 2)) as income_executed,
           cast(sum(direct_business) as decimal(18, 2)) as direct_business,
           cast(sum(direct_medical) as decimal(18, 2)) as direct_medical,
           cast(sum(direct_medical_full) as decimal(18, 2)) as direct_medical_full,
           cast(sum(direct_hospital_full) as decimal(18, 2)) as direct_hospital_full,
           cast(sum(direct_staff) as decimal(18, 2)) as direct_staff,
           cast(sum(direct_materials) as decimal(18, 2)) as direct_materials,
           cast(sum(direct_drugs) as decimal(18, 2)) as direct_drugs,
           cast(sum(direct_depreciation) as decimal(18, 2)) as direct_depreciation,
           cast(sum(direct_amortisation) as decimal(18, 2)) as direct_amortisation,
           cast(sum(direct_risk_fund) as decimal(18, 2)) as direct_risk_fund,
           cast(sum(direct_other) as decimal(18, 2)) as direct_other,
           cast(sum(full_business) as decimal(18, 2)) as full_business,
           cast(sum(full_medical) as decimal(18, 2)) as full_medical,
           cast(sum(full_medical_full) as decimal(18, 2)) as full_medical_full,
           cast(sum(full_hospital_full) as decimal(18, 2)) as full_hospital_full,
           cast(sum(unallocated_hospital_full) as decimal(18, 2)) as unallocated_hospital_full,
           cast(sum(full_staff) as decimal(18, 2)) as full_staff,
           cast(sum(full_materials) as decimal(18, 2)) as full_materials,
           cast(sum(full_drugs) as decimal(18, 2)) as full_drugs,
           cast(sum(full_depreciation) as decimal(18, 2)) as full_depreciation,
           cast(sum(full_amortisation) as decimal(18, 2)) as full_amortisation,
           cast(sum(full_risk_fund) as decimal(18, 2)) as full_risk_fund,
           cast(sum(full_other) as decimal(18, 2)) as full_other,
           cast(sum(budget_cost) as decimal(18, 2)) as budget_cost,
           cast(sum(budget_income) as decimal(18, 2)) as budget_income,
           cast(sum(visits) as bigint) as visits,
           cast(sum(emergency_visits) as bigint) as emergency_visits,
           cast(sum(operations) as bigint) as operations,
           cast(sum(admissions) as bigint) as admissions,
           cast(sum(discharges) as bigint) as discharges,
           cast(sum(bed_days) as bigint) as bed_days,
           cast(sum(discharged_days) as bigint) as discharged_days,
           cast(sum(open_bed_days) as bigint) as open_bed_days,
           cast(sum(open_beds) as decimal(18, 4)) as open_beds,
           cast(sum(planned_beds) as bigint) as planned_beds,
           cast(sum(headcount) as decimal(18, 4)) as headcount,
           cast(sum(doctors) as decimal(18, 4)) as doctors,
           cast(sum(nurses) as decimal(18, 4)) as nurses,
           cast(sum(area) as decimal(18, 4)) as area
    from parts
    group by hospital, period, dept_code
)
select
    a.hospital,
    a.period,
    a.dept_code,
    coalesce(d.dept_name, a.dept_code) as dept_name,
    coalesce(d.dept_class, 'unmapped') as dept_class,
    coalesce(d.care_setting, 'none') as care_setting,
    a.* exclude (hospital, period, dept_code)
from added a
left join stg_dept d on d.hospital = a.hospital and d.dept_code = a.dept_code
