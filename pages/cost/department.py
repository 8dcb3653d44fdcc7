"""What does one department cost, directly and in full, compared with its past, its peers and its income?"""

import streamlit as st

from pages._ui import frame
from pages._ui.alerts import strip
from pages._ui.boards import department, opened, units

board, title = department.opened_board()
with frame.page(
    "department",
    filters=("period", "scope", "dept", "compare"),
    board=board,
    title=title,
    empty=opened.needs(),
) as page:
    waiting = opened.waiting(page)
    if page.dept is None:
        department.choose(page, waiting)
        st.stop()
    found = opened.department(page, waiting)
    unit = department.unit_of(found)
    stands = department.message(page, found)
    strip.here(page)
    department.to_scorecard(page)
    department.cards_row(page, found)
    if not stands:
        department.trend(page, found, unit)
        st.stop()
    left, right = st.columns([3, 2], gap="small")
    with left:
        department.composition(page, found, unit)
    with right:
        department.trend(page, found, unit)
    for rows in (
        (department.peers, department.flows),
        (units.unit_costs, units.income),
    ):
        for column, draw in zip(st.columns(2, gap="small"), rows, strict=True):
            with column:
                draw(page, found, unit)
