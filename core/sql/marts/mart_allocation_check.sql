-- grain: one row is one identity checked on one allocation: hospital x period x name; difference in yuan, place of the largest
select hospital, period, name, ok, difference, "where" as place
from alloc_identity
