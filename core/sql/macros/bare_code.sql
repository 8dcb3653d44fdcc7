-- macro: bare_code(code)
-- grain: one value for each call
-- A code without what spreadsheets do to it: a trailing '.0' gained, leading zeros lost.
ltrim(regexp_replace(trim(code), '\.0+$', ''), '0')
