-- grain: one row is one way a cost item is written in the files (hospital x raw_code x raw_name) and what it means
-- kept: snapshot
-- In order: code, repaired code, name, loose name of the dictionary, then the words for the seven statutory items;
-- item_class is 'other' and classed false where nothing fits.
with word as (
    select distinct hospital, raw_code, raw_name, trim(raw_code) as code, trim(raw_name) as name from raw_item_word
),
found as (
    select
        w.*,
        coalesce(c.item_code, r.item_code, n.item_code, l.item_code) as found_code,
        coalesce(tn.name, tc.name) as term
    from word w
    left join stg_item_key c on c.hospital = w.hospital and c.how = 'code' and c.key = w.code
    left join stg_item_key r on r.hospital = w.hospital and r.how = 'repaired' and r.key = bare_code(w.code)
    left join stg_item_key n on n.hospital = w.hospital and n.how = 'name' and n.key = w.name
    left join stg_item_key l on l.hospital = w.hospital and l.how = 'normalised' and l.key = loose_name(w.name)
    left join ref_term tn on tn.list = 'cost_items' and tn.alias = loose_name(w.name)
    left join ref_term tc on tc.list = 'cost_items' and tc.alias = loose_name(w.code)
)
select
    f.hospital,
    f.raw_code,
    f.raw_name,
    -- Without a dictionary entry an item goes by the statutory item it names, else by its own code or name.
    coalesce(f.found_code, case when f.code = '' then f.term end, nullif(f.code, ''), f.name) as item_code,
    coalesce(i.item_name, nullif(f.name, ''), f.code) as item_name,
    coalesce(case when i.classed then i.item_class end, f.term, 'other') as item_class,
    coalesce(i.classed, false) or f.term is not null as classed
from found f
left join stg_item i on i.hospital = f.hospital and i.item_code = f.found_code
