"""Is the budget being kept: which department and item, ahead of or behind time, and where will the year end?"""

import streamlit as st

from pages._ui import frame
from pages._ui.execution import figures, panels, review, table, versions
from pages._ui.execution.message import message

with frame.page("execution", filters=("period", "class", "dept"), empty=figures.needs()) as page:
    waiting = figures.waiting(page)
    choice = panels.choose(page)
    found = figures.execution(page, choice, waiting)
    if not message(page, found):
        st.stop()
    unit = panels.unit_of(found)
    panels.cards_row(page, found, unit)
    left, right = st.columns([3, 2], gap="small")
    with left:
        panels.overspent(page, found, unit)
    with right:
        panels.bridge(page, found, unit)
    left, right = st.columns([3, 2], gap="small")
    with left:
        panels.heat(page, found)
    with right:
        panels.progress(page, found, unit)
    shown = panels.segment("tab", ("table", "versions", "review"), "execution.tab_")
    if shown == "review":
        review.draw(page)
    elif shown == "versions":
        versions.draw(page, found, unit)
    else:
        table.draw(page, found)
