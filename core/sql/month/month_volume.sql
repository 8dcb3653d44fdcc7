-- grain: one row is one department's volumes, people and floor area in one month
-- parameters: $1 hospital, $2 period
with raw_department as (
    -- Beds belong to the department, not to a patient type: repeated per patient type they count once.
    select dept_code, dept_code_raw, dept_name_raw,
           sum(visits) as visits, sum(emergency_visits) as emergency_visits, sum(operations) as operations,
           sum(admissions) as admissions, sum(discharges) as discharges, sum(bed_days) as bed_days,
           sum(discharged_days) as discharged_days,
           max(open_bed_days) as open_bed_days, max(open_beds) as open_beds, max(planned_beds) as planned_beds
    from stg_workload where hospital = $1 and period = $2
    group by all
),
parts as (
    select coalesce(dept_code, 'unmapped') as dept_code, * exclude (dept_code, dept_code_raw, dept_name_raw)
    from raw_department
    union all by name
    select coalesce(dept_code, 'unmapped') as dept_code, headcount, doctors, nurses
    from stg_staff where hospital = $1 and period = $2
    union all by name
    select coalesce(dept_code, 'unmapped') as dept_code, area
    from stg_area
    where hospital = $1 and period <= $2
    -- Newest statement of each department up to the month, however its name was written then.
    qualify period = max(period) over (partition by coalesce(dept_code, concat(dept_code_raw, '|', dept_name_raw)))
)
select
    cast($1 as varchar) as hospital,
    cast($2 as integer) as period,
    dept_code,
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
group by dept_code
