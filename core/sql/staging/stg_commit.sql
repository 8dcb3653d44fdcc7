-- grain: one row is one line of the contract register (E25): a contract, or one payment on it; lines may repeat a contract
-- year is the budget year as stated, else the year of signing, else of payment. amount is the contract's, paid the line's.
-- item_class is NULL where the line names no budget item; dept_code is NULL where it names no department.
select
    r.hospital,
    trim(r.contract_no) as contract_no,
    r.vendor,
    r.project,
    d.dept_code,
    coalesce(d.dept_name, nullif(trim(r.dept_name), ''), nullif(trim(r.dept_code), '')) as dept_name,
    d.dept_class,
    i.item_code,
    i.item_name,
    if(coalesce(trim(r.item_code), '') || coalesce(trim(r.item_name), '') = '', null, i.item_class) as item_class,
    cast(coalesce(r.budget_year, year(r.signed), year(r.paid_on)) as integer) as year,
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
from raw_commit r
left join stg_dept_match d on d.hospital = r.hospital
    and d.raw_code = coalesce(r.dept_code, '') and d.raw_name = coalesce(r.dept_name, '')
    and coalesce(trim(r.dept_code), '') || coalesce(trim(r.dept_name), '') <> ''
left join stg_item_match i on i.hospital = r.hospital
    and i.raw_code = coalesce(r.item_code, '') and i.raw_name = coalesce(r.item_name, '')
