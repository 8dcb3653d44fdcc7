"""Are targets and weights set as they should be: what is aimed at, by whom, until when, and who changed it and why?"""

import streamlit as st

from pages._ui import frame
from pages._ui.scorecard import adopt, aims, changes, edit, figures, panels, weigh

with frame.page("aims", filters=("period", "class", "dept"), empty=figures.needs()) as page:
    figures.waiting(page)
    if not figures.decided(page)[0]:
        adopt.adopt(page)
        st.stop()
    aims.message(page)
    view = panels.segment("view", ("targets", "weights", "history"), "aims.view_")
    if view == "targets":
        left, right = st.columns([3, 2], gap="small")
        with right:
            edit.panel(page)
        with left:
            aims.panel(page)
    elif view == "weights":
        weigh.panel(page)
    else:
        changes.panel(page)
