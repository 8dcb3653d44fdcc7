-- grain: one row is one cost item of the dictionary (hospital x item_code) and the statutory item it belongs to
-- kept: snapshot
select
    hospital,
    trim(item_code) as item_code,
    coalesce(nullif(trim(item_name), ''), trim(item_code)) as item_name,
    coalesce(nullif(item_class, ''), find_term('cost_items', item_name), find_term('cost_items', item_code), 'other')
        as item_class,
    coalesce(nullif(item_class, ''), find_term('cost_items', item_name), find_term('cost_items', item_code)) is not null
        as classed,
    behaviour,
    controllable,
    origin,
    allocation_type,
    coalesce(stopped, false) as stopped,
    _source, _batch, _file, _sheet, _row, _col
from raw_cost_item
where trim(item_code) <> ''
qualify row_number() over (partition by hospital, trim(item_code) order by _source desc, _row desc) = 1
