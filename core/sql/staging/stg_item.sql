-- grain: one row is one cost item of the dictionary (hospital x item_code) and the statutory item it belongs to
-- kept: snapshot
-- classed is false where neither the dictionary's class nor its words say which of the seven items it is.
select
    r.hospital,
    trim(r.item_code) as item_code,
    coalesce(nullif(trim(r.item_name), ''), trim(r.item_code)) as item_name,
    coalesce(nullif(r.item_class, ''), n.name, c.name, 'other') as item_class,
    coalesce(nullif(r.item_class, ''), n.name, c.name) is not null as classed,
    r.behaviour,
    r.controllable,
    r.origin,
    r.allocation_type,
    coalesce(r.stopped, false) as stopped,
    r._source, r._batch, r._file, r._sheet, r._row, r._col
from raw_cost_item r
left join ref_term n on n.list = 'cost_items' and n.alias = loose_name(r.item_name)
left join ref_term c on c.list = 'cost_items' and c.alias = loose_name(r.item_code)
where trim(r.item_code) <> ''
qualify row_number() over (partition by r.hospital, trim(r.item_code) order by r._source desc, r._row desc) = 1
