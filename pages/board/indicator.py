"""What does one indicator say: how is it made, where does it stand against its target, which department makes it so?"""

import streamlit as st

from pages._ui import frame
from pages._ui.scorecard import figures, indicator, months, panels

with frame.page("indicator", filters=("period", "class", "dept"), empty=figures.needs()) as page:
    figures.waiting(page)
    one, caliber = indicator.choose()
    span = panels.segment("span", panels.spans(page.period), "scorecard.span_")
    line = indicator.line_of(page, span, one, caliber)
    indicator.message(page, span, one, caliber, line)
    indicator.own_records(page, caliber)
    left, right = st.columns([2, 3], gap="small")
    with left:
        indicator.definition_panel(page, one, caliber, line, span)
    with right:
        months.panel(page, one, caliber)
    indicator.ranked_panel(page, span, one, caliber)
