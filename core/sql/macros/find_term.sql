-- macro: find_term(list_name, word)
-- grain: one value for each call
-- The name of a closed list's member (cost_items, charge_classes, ...) for a word a file uses, NULL if unknown.
(select t.name from ref_term t where t.list = list_name and t.alias = loose_name(word))
