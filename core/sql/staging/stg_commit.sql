-- grain: one row is one line of the contract register (E25): a contract, or one payment on it; lines may repeat a contract
-- year is the budget year of the contract number, so that a payment in a later year stays with what was signed: as stated
-- (where lines with an amount state several, each keeps its own), else of the earliest signing, else of the first payment.
-- amount is the contract's, paid the line's. item_class is NULL where the line names no budget item. dept_code is NULL
-- where it names no department, and where the dictionary does not have the one it names; dept_named tells them apart.
with lines as (
    select
        *,
        list(budget_year) filter (where amount is not null and budget_year is not null) over contract as stated_years,
        min(budget_year) over contract as stated_year,
        year(min(signed) over contract) as signed_year,
        year(min(paid_on) over contract) as paid_year
    from raw_commit
    window contract as (partition by hospital, trim(contract_no))
)
select
    r.hospital,
    trim(r.contract_no) as contract_no,
    r.vendor,
    r.project,
    d.dept_code,
    coalesce(d.dept_name, nullif(trim(r.dept_name), ''), nullif(trim(r.dept_code), '')) as dept_name,
    d.dept_class,
    coalesce(trim(r.dept_code), '') || coalesce(trim(r.dept_name), '') <> '' as dept_named,
    i.item_code,
    i.item_name,
    if(coalesce(trim(r.item_code), '') || coalesce(trim(r.item_name), '') = '', null, i.item_class) as item_class,
    cast(if(list_contains(r.stated_years, r.budget_year), r.budget_year,
            coalesce(list_min(r.stated_years), r.stated_year, r.signed_year, r.paid_year)) as integer) as year,
    r.amount,
    r.signed,
    r.paid_on,
    r.paid,
    r.voucher,
    r.memo,
    r.dept_code as dept_code_raw,
    r.dept_name as dept_name_raw,
    r.item_name as item_name_raw,
    r._source, r._batch, r._file, r._sheet, r._row, r._col
from lines r
left join stg_dept_match d on d.hospital = r.hospital
    and d.raw_code = coalesce(r.dept_code, '') and d.raw_name = coalesce(r.dept_name, '')
    and coalesce(trim(r.dept_code), '') || coalesce(trim(r.dept_name), '') <> ''
left join stg_item_match i on i.hospital = r.hospital
    and i.raw_code = coalesce(r.item_code, '') and i.raw_name = coalesce(r.item_name, '')
