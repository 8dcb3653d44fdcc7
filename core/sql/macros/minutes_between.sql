-- macro: minutes_between(first, last, most)
-- grain: one value for each call
-- Minutes from one moment to another; NULL where either is missing, they stand the wrong way round, or it is more than `most`.
case when date_diff('second', first, last) between 0 and most * 60
    then cast(date_diff('second', first, last) / 60 as decimal(18, 4)) end
