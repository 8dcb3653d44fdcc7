-- grain: one row is one member of staff on the roster of a month (E14)
-- staff_category, title_level, degree_level, nurse_grade: the words of the roster in the terms of systems.yaml.
-- on_books: false for those whom the roster lists as gone.
-- shape: dept_line(table=employee, words=cross join ref_words w)
f.emp_code, f.category, f.title, f.degree, f.nurse_level, f.post, f.is_cross_trained, f.hired_on, f.left_on, f.state,
term_of(w.staff_categories, f.category) as staff_category,
term_of(w.title_levels, f.title) as title_level,
term_of(w.degrees, f.degree) as degree_level,
term_of(w.nurse_grades, f.nurse_level) as nurse_grade,
term_of(w.staff_posts, f.post) = 'cost_officer' as is_cost_officer,
coalesce(f.left_on > last_day(make_date(f.period // 100, f.period % 100, 1)), true)
    and coalesce(term_of(w.staff_gone, f.state) <> 'gone', true) as on_books
