-- macro: share(part, whole)
-- grain: one value for each call
-- A ratio to eight places, rounded once, from amounts; NULL where the whole is 0 or missing. Never a float in a view.
cast(round(cast(part as double) / nullif(cast(whole as double), 0), 8) as decimal(18, 8))
