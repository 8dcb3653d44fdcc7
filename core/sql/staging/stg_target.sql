-- grain: one row is one target: hospital x indicator x caliber x department ('*' hospital, '*clinical' a class) x since
-- Kept in the hospital's settings (key "targets"). A target holds from `since` (yyyymm) until the next one of its key.
with said as (
    select hospital, unnest(json_extract(json, '$[*]')) as one
    from (from raw_settings where key = 'targets' qualify seq = max(seq) over (partition by hospital))
    where json is not null
)
select
    hospital,
    one ->> '$.indicator' as indicator,
    coalesce(one ->> '$.caliber', 'main') as caliber,
    coalesce(one ->> '$.dept', '*') as dept_code,
    cast(one ->> '$.since' as integer) as since,
    coalesce(lead(cast(one ->> '$.since' as integer)) over (
        partition by hospital, one ->> '$.indicator', coalesce(one ->> '$.caliber', 'main'), coalesce(one ->> '$.dept', '*')
        order by cast(one ->> '$.since' as integer)), 999912) as until,
    cast(one ->> '$.baseline' as decimal(28, 8)) as baseline,
    cast(one ->> '$.target' as decimal(28, 8)) as target,
    cast(one ->> '$.low' as decimal(28, 8)) as low,
    cast(one ->> '$.high' as decimal(28, 8)) as high,
    cast(one ->> '$.due' as integer) as due,
    one ->> '$.owner' as owner,
    one ->> '$.strategy' as strategy
from said
