-- grain: one row is one line of a system's extract x metric x side ('' numerator or amount, '/of' denominator)
-- What every extract of a system says about the operation metrics, line by line, each with its place in its file: the one
-- place that says it. mart_indicator_fact adds these lines up, and the rows behind an indicator are these same lines.
-- A new extract is one more branch: extract, the words of a line (what, detail; none that tells who a patient is), and
-- `held`: the metrics it bears on.
-- Extracts too large to be read line by line (visits, orders, examinations, payroll) are added up in month_metric instead.
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
    union all
    -- A state: the roster of a month. Who has left is not on the books.
    select hospital, period, dept_code, dept_name, 'employee', coalesce(category, ''), coalesce(title, ''),
           [{'metric': 'headcount', 'side': '', 'amount': 1},
            {'metric': 'doctors', 'side': '', 'amount': if(staff_category = 'doctor', 1, 0)},
            {'metric': 'nurses', 'side': '', 'amount': if(staff_category = 'nurse', 1, 0)},
            {'metric': 'senior_titles', 'side': '/of', 'amount': if(health and titled, 1, null)},
            {'metric': 'senior_titles', 'side': '', 'amount': if(health and titled, if(title_level = 'senior', 1, 0), null)},
            {'metric': 'degrees', 'side': '/of', 'amount': if(degree_level is null, null, 1)},
            {'metric': 'degrees', 'side': '', 'amount': if(higher, 1, if(degree_level is null, null, 0))},
            {'metric': 'nurse_levels', 'side': '/of@N0', 'amount': graded}, {'metric': 'nurse_levels', 'side': '@N0', 'amount': graded * (nurse_grade = 'N0')::int},
            {'metric': 'nurse_levels', 'side': '/of@N1', 'amount': graded}, {'metric': 'nurse_levels', 'side': '@N1', 'amount': graded * (nurse_grade = 'N1')::int},
            {'metric': 'nurse_levels', 'side': '/of@N2', 'amount': graded}, {'metric': 'nurse_levels', 'side': '@N2', 'amount': graded * (nurse_grade = 'N2')::int},
            {'metric': 'nurse_levels', 'side': '/of@N3', 'amount': graded}, {'metric': 'nurse_levels', 'side': '@N3', 'amount': graded * (nurse_grade = 'N3')::int},
            {'metric': 'nurse_levels', 'side': '/of@N4', 'amount': graded}, {'metric': 'nurse_levels', 'side': '@N4', 'amount': graded * (nurse_grade = 'N4')::int},
            {'metric': 'cross_trained', 'side': '', 'amount': if(is_cross_trained is null, null, if(is_cross_trained, 1, 0))},
            {'metric': 'cost_officers', 'side': '/of', 'amount': if(posts > 0 and first_of_dept, 1, null)},
            {'metric': 'cost_officers', 'side': '', 'amount': if(first_officer, 1, if(posts > 0 and first_of_dept and officers = 0, 0, null))}],
           _file, _sheet, _row, _col, _batch
    from (
        select *, kind_of(w.staff_categories, staff_category) = 'health' as health, kind_of(w.degrees, degree_level) = 'high' as higher, if(nurse_grade is null, null, 1) as graded,
               max(title_level is not null) over (partition by hospital, period) as titled,
               count(post) over (partition by hospital, period) as posts,
               count(*) filter (where is_cost_officer) over (partition by hospital, period, dept_code) as officers,
               row_number() over (partition by hospital, period, dept_code order by _file, _row) = 1 as first_of_dept,
               is_cost_officer and row_number() over (
                   partition by hospital, period, dept_code, is_cost_officer order by _file, _row) = 1 as first_officer
        from stg_employee
        cross join ref_words w
        where on_books
    )
    union all
    -- Coverage and hours are stated for quarters; somebody in two courses about cost is covered once: in the quarter, and in
    -- the half and the year so far ('~half', '~year': whoever was not yet in one).
    select hospital, counts_for, dept_code, dept_name, 'train', course, emp_code,
           [{'metric': 'training', 'side': '', 'amount': if(on_cost and row_number() over (
                partition by hospital, counts_for, emp_code, on_cost order by held_on, _row) = 1, 1, 0)},
            {'metric': 'training', 'side': '~half', 'amount': if(on_cost and row_number() over (
                partition by hospital, counts_for // 100, counts_for % 100 > 6, emp_code, on_cost order by counts_for, held_on, _row) = 1, 1, 0)},
            {'metric': 'training', 'side': '~year', 'amount': if(on_cost and row_number() over (
                partition by hospital, counts_for // 100, emp_code, on_cost order by counts_for, held_on, _row) = 1, 1, 0)},
            {'metric': 'training_hours', 'side': '', 'amount': hours}],
           _file, _sheet, _row, _col, _batch
    from stg_train
    union all
    -- Accounts by group (ref_account): an account that stands beside its own details counts, its details do not. Income and
    -- expense accounts that are carried to the surplus at the end of the month stand at nothing: what they took in counts.
    select hospital, period, '*', '*', 'balance', account_code || ' ' || coalesce(account_name, ''), account_group,
           case account_group
               when 'assets' then [{'metric': 'debt_ratio', 'side': '/of', 'amount': closing_net}]
               when 'liabilities' then [{'metric': 'debt_ratio', 'side': '', 'amount': -closing_net}]
               when 'current_assets' then [{'metric': 'current_ratio', 'side': '', 'amount': closing_net},
                                           {'metric': 'quick_ratio', 'side': '', 'amount': closing_net}]
               when 'current_liabilities' then [{'metric': 'current_ratio', 'side': '/of', 'amount': -closing_net},
                                                {'metric': 'quick_ratio', 'side': '/of', 'amount': -closing_net}]
               when 'not_quick' then [{'metric': 'quick_ratio', 'side': '', 'amount': -closing_net}]
               when 'stock' then [{'metric': 'stock_turnover', 'side': '/of',
                                   'amount': cast((opening_net + closing_net) * 0.5::decimal(2, 1) as decimal(18, 3))}]
               when 'issued' then [{'metric': 'stock_turnover', 'side': '', 'amount': credit}]
               when 'income' then [{'metric': 'total_income', 'side': '',
                                    'amount': coalesce(credit, 0) - if(closing_net = 0, 0, coalesce(debit, 0))}]
               when 'expense' then [{'metric': 'total_expense', 'side': '',
                                     'amount': coalesce(debit, 0) - if(closing_net = 0, 0, coalesce(credit, 0))}]
               when 'research' then [{'metric': 'research_funds', 'side': '',
                                      'amount': coalesce(credit, 0) - if(closing_net = 0, 0, coalesce(debit, 0))}]
           end,
           _file, _sheet, _row, _col, _batch
    from (select b.*, a.account_group from stg_balance b join ref_account a on starts_with(b.account_code, a.prefix)) b
    where not exists (
        select 1 from stg_balance o
        join ref_account p on p.account_group = b.account_group and starts_with(o.account_code, p.prefix)
        where o.hospital = b.hospital and o.period = b.period and o._source = b._source
            and o.account_code <> b.account_code and starts_with(b.account_code, o.account_code))
), unnest(held) as u(p)
where p.amount is not null
