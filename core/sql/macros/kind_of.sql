-- macro: kind_of(words, term)
-- grain: one value for each call
-- What a member of a closed list (a column of ref_words) counts as.
words.kinds[term]
