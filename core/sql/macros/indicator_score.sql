-- macro: indicator_score(better, v, baseline, target, low, high)
-- grain: one value for each call
-- baseline -> 60, target -> 100, straight between and beyond, kept within 0 to 120. Where the target is not better than the
-- baseline (a limit to be kept), pass or fail: 100 when met, else 0.
-- A range counts 100 inside and falls by the distance in widths of the range, not below 0. NULL where nothing is aimed at.
case
    when v is null then null
    when better = 'range' then case
        when low is null or high is null or high <= low then null
        when v between low and high then 100
        else greatest(0, 100 - 100 * (case when v < low then low - v else v - high end) / (high - low)) end
    when better = 'watch' or baseline is null or target is null then null
    when (better = 'lower' and target >= baseline) or (better = 'higher' and target <= baseline)
        then case when (better = 'lower' and v <= target) or (better = 'higher' and v >= target) then 100 else 0 end
    else least(120, greatest(0, 60 + 40 * (v - baseline) / (target - baseline)))
end
