-- grain: one row is one survey, complaint or event (E30)
-- shape: dept_line(table=event)
f.event_no, f.happened_on, f.kind, f.points, coalesce(f.full_points, 100) as full_points, f.compensation, f.note
