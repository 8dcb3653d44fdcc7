"""How high was cost this month, against what, where does it come from, and which department needs a look?"""

import streamlit as st

from pages._ui import frame
from pages._ui.alerts import strip
from pages._ui.boards import cockpit, opened
from pages._ui.boards.lines import lines

with frame.page("cockpit", filters=frame.FILTERS, empty=opened.needs()) as page:
    waiting = opened.waiting(page)
    found = opened.cockpit(page, waiting)
    unit = cockpit.unit_of(found)
    stands = cockpit.message(page, found)
    strip.here(page)
    cockpit.cards_row(page, found)
    if not stands:
        cockpit.trend(page, found, unit)
        st.stop()
    left, right = st.columns([3, 2], gap="small")
    with left:
        item = cockpit.main_picture(page, found, unit)
    with right:
        cockpit.trend(page, found, unit)
    changed, heat = cockpit.focused(page, found, item)
    left, right = st.columns([3, 2], gap="small")
    with left:
        cockpit.departments(page, found, heat, item)
    with right:
        cockpit.movers(page, found, changed, unit)
    lines(page, found, unit, waiting)
