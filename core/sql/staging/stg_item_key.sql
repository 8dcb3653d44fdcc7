-- grain: one row is one way to find a cost item (hospital x how x key), only keys that fit exactly one item
-- kept: snapshot
with candidate as (
    select hospital, 'code' as how, item_code as key, item_code from stg_item
    union all
    select hospital, 'repaired', bare_code(item_code), item_code from stg_item where bare_code(item_code) <> ''
    union all
    select hospital, 'name', item_name, item_code from stg_item
    union all
    select hospital, 'normalised', loose_name(item_name), item_code from stg_item where loose_name(item_name) <> ''
)
select hospital, how, key, min(item_code) as item_code
from candidate
group by hospital, how, key
having count(distinct item_code) = 1
