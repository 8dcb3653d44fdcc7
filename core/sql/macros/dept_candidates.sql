-- macro: dept_candidates(code, name)
-- grain: one value for each call
-- Every key a department text may be found by in stg_dept_key, best first.
[
    {'rank': 1, 'how': 'code', 'key': trim(code)},
    {'rank': 2, 'how': 'alias', 'key': trim(code) || '|' || trim(name)},
    {'rank': 3, 'how': 'repaired', 'key': bare_code(code)},
    {'rank': 4, 'how': 'name', 'key': trim(name)},
    {'rank': 5, 'how': 'normalised', 'key': loose_name(name)}
]
