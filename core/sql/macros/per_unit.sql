-- macro: per_unit(amount, units)
-- grain: one value for each call
-- Yuan per unit, rounded half away from zero to the fen in whole numbers; NULL where there are no units.
cast(sign(amount) * ((abs(cast(amount * 100 as hugeint)) * 2 + units) // nullif(2 * units, 0)) as decimal(18, 0))
* 0.01::decimal(3, 2)
