-- macro: loose_name(name)
-- grain: one value for each call
-- A name reduced to its letters and digits, so spaces, brackets and dashes of any width do not matter.
lower(regexp_replace(name, '[^\p{L}\p{N}]', '', 'g'))
