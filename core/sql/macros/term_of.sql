-- macro: term_of(words, said)
-- grain: one value for each call
-- The member of a closed list (a column of ref_words) that a text names: the text as a whole, else the longest word of
-- the list inside it.
coalesce(words.exact[loose_name(said)],
         list_filter(words.inside, lambda w: contains(loose_name(said), w.alias))[1].name)
