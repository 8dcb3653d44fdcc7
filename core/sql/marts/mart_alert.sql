-- grain: one row is one alert: a rule broken by a department, item, project or group over an unbroken run of months
-- period is the newest month of the run, since its first; actual, limit and deviation are those of the newest month.
-- state: new, taken, done, false_alarm; past = of an older month, nobody has to handle it; short = not enough data.
-- "limit" is what actual was held against (for growth rules the line that follows from it); ratios are fractions.
select * from kept_alert
