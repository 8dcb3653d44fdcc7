-- grain: one row is one ledger line; no line is ever left out, so the sum is the sum of the accepted ledger rows
select
    r.hospital,
    r.period,
    d.dept_code,
    d.dept_name,
    d.dept_class,
    d.care_setting,
    i.item_code,
    i.item_name,
    i.item_class,
    i.classed as item_classed,
    coalesce(f.name, 'own') as fund_source,
    cast(coalesce(r.amount, 0) as decimal(18, 2)) as amount,
    r.voucher,
    r.memo,
    r.dept_code as dept_code_raw,
    r.dept_name as dept_name_raw,
    r.item_code as item_code_raw,
    r.item_name as item_name_raw,
    r.fund_source as fund_source_raw,
    r._source, r._batch, r._file, r._sheet, r._row, r._col
from raw_ledger_cost r
left join stg_dept_match d on d.hospital = r.hospital
    and d.raw_code = coalesce(r.dept_code, '') and d.raw_name = coalesce(r.dept_name, '')
left join stg_item_match i on i.hospital = r.hospital
    and i.raw_code = coalesce(r.item_code, '') and i.raw_name = coalesce(r.item_name, '')
left join ref_term f on f.list = 'fund_layers' and f.alias = loose_name(r.fund_source)
