-- macro: indicator_value(kind, function, times, n, d, n0, d0)
-- grain: one value for each call
-- The value of an indicator from its sums and those a year earlier (core/indicators/define.py says what each kind means).
case kind
    when 'sum' then n
    when 'ratio' then n / nullif(d, 0)
    when 'share' then n / nullif(d, 0)
    when 'per_unit' then n * times / nullif(d, 0)
    when 'difference' then n - d
    when 'growth' then case
        when d is null then (n - n0) / nullif(abs(n0), 0)
        else (n / nullif(d, 0) - n0 / nullif(d0, 0)) / nullif(abs(n0 / nullif(d0, 0)), 0) end
    else case function
        when 'fall' then n0 - n
        when 'growth_gap' then (n - n0) / nullif(abs(n0), 0) - (d - d0) / nullif(abs(d0), 0)
        -- against a side that did not grow, times of growth say nothing
        else case when d > d0 then ((n - n0) / nullif(abs(n0), 0)) / ((d - d0) / nullif(abs(d0), 0)) end end
end
