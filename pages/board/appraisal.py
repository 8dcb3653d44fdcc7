"""How did the period go, signed off: who reached the targets, who did not and why, and what is being done about it?"""

import streamlit as st

from core.indicators.appraisal import frozen
from pages._ui import frame
from pages._ui.scorecard import adopt, appraisal, figures, follow, panels

with frame.page("appraisal", filters=("period",), empty=figures.needs()) as page:
    figures.waiting(page)
    if not figures.decided(page)[0]:
        adopt.adopt(page)
        st.stop()
    cycle = panels.segment("cycle", appraisal.cycles(page.period), "scorecard.span_")
    records = frozen(appraisal.book(), page.hospital, cycle, page.period)
    appraisal.message(page, cycle, records)
    appraisal.sign_off(page, cycle, records)
    if records:
        appraisal.cards_row(records)
        appraisal.league_panel(page, records)
        appraisal.reasons_panel(records)
    follow.panel(page, records)
