"""Does the strategy work: which of the four perspectives, which objective, which indicator is behind its target?"""

import streamlit as st

from pages._ui import frame
from pages._ui.scorecard import adopt, figures, league, panels

with frame.page("scorecard", filters=("period", "class", "dept"), empty=figures.needs()) as page:
    figures.waiting(page)
    if not figures.decided(page)[0]:
        adopt.adopt(page)
        st.stop()
    span = panels.segment("span", panels.spans(page.period), "scorecard.span_")
    if not league.takes_part(page):
        st.stop()
    found = figures.card(page, span, panels.dept_of(page))
    if league.unaimed(page, span, found):
        st.stop()
    panels.message(page, found)
    league.stands(page, span, found)
    panels.cards_row(page, found)
    if page.dept is None:
        panels.map_panel(page, found)
    left, right = st.columns(2, gap="small")
    with left:
        panels.behind_panel(found)
        if page.dept is not None:
            panels.trend_panel(page, found)
    with right:
        if page.dept is None:
            panels.trend_panel(page, found)
        else:
            league.peers_panel(page, span, found)
    panels.lines_panel(found)
    if page.dept is None:
        league.league_panel(page, span)
