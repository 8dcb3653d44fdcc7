-- grain: one row is one line of a system's extract x metric x side ('' numerator or amount, '/of' denominator)
-- What every extract of a system says about the operation metrics, line by line, each with its place in its file: the one
-- place that says it. mart_indicator_fact adds these lines up, and the rows behind an indicator are these same lines.
-- A new extract is one more branch: extract, the words of a line (what, detail; none that tells who a patient is), and
-- `held`: the metrics it bears on.
-- Where a system holds a metric for a month, what was reported by hand for it is left aside (mart_indicator_fact).
select hospital, period, dept_code, dept_name, p.metric, p.side, cast(p.amount as decimal(18, 4)) as amount, extract, what,
       detail, _file, _sheet, _row, _col, _batch
from (
    select hospital, period, dept_code, dept_name, 'energy' as extract, meter as what, '' as detail,
           [{'metric': 'energy_cost', 'side': '', 'amount': cast(amount as decimal(18, 4))},
            {'metric': 'electricity', 'side': '', 'amount': electricity}] as held,
           _file, _sheet, _row, _col, _batch
    from stg_energy
    union all
    select hospital, period, dept_code, dept_name, 'suggestion', coalesce(content, ''), suggestion_no,
           [{'metric': 'suggestions', 'side': '', 'amount': if(adopted, 1, 0)},
            {'metric': 'suggestions', 'side': '/of', 'amount': 1},
            {'metric': 'suggestion_savings', 'side': '', 'amount': if(adopted, coalesce(saving, 0), 0)}],
           _file, _sheet, _row, _col, _batch
    from stg_suggestion
    union all
    select hospital, period, dept_code, dept_name, 'follow_up', coalesce(how, ''), "window",
           [{'metric': "window", 'side': '', 'amount': if(done, 1, 0)}, {'metric': "window", 'side': '/of', 'amount': 1}],
           _file, _sheet, _row, _col, _batch
    from stg_follow_up
    union all
    select hospital, period, dept_code, dept_name, 'event', kind, event_no,
           case kind
               when 'satisfaction' then [{'metric': 'satisfaction', 'side': '', 'amount': points},
                                         {'metric': 'satisfaction', 'side': '/of', 'amount': if(points is null, null, full_points)}]
               when 'complaint' then [{'metric': 'complaints', 'side': '', 'amount': 1}]
               when 'compensation' then [{'metric': 'compensation', 'side': '', 'amount': coalesce(compensation, 0)}]
               when 'fall' then [{'metric': 'falls', 'side': '', 'amount': 1}, {'metric': 'adverse_events', 'side': '', 'amount': 1}]
               when 'adverse' then [{'metric': 'adverse_events', 'side': '', 'amount': 1}]
           end,
           _file, _sheet, _row, _col, _batch
    from stg_event
), unnest(held) as u(p)
where p.amount is not null
