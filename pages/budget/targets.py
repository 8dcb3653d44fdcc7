"""What should next year cost, who carries it, down to the month, and which version is the budget?"""

import streamlit as st

from pages._ui import frame
from pages._ui.execution import figures
from pages._ui.execution.panels import segment
from pages._ui.targets import breakdown, helper, limits, versions, work

with frame.page("targets", empty=figures.needs()) as page:
    figures.waiting(page)
    year = work.choose_year(page)
    if not work.message(page, year):
        st.stop()
    shown = segment("step", ("breakdown", "helper", "limits", "versions"), "targets.step_")
    if shown == "helper":
        helper.draw(page, year)
    elif shown == "limits":
        limits.draw(page, year)
    elif shown == "versions":
        versions.draw(page, year)
    else:
        breakdown.draw(page, year)
