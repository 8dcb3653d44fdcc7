"""What will this figure be in the months to come, how sure is that, and where will the year end?"""

import streamlit as st

from pages._ui import frame, lacking
from pages._ui.boards import opened
from pages._ui.forecast import choose, decide, explained, figures, head, lines, picture, stock, words

NEEDS = ("dept", "ledger_cost", "income", "workload_op", "workload_ip", "operation_value")

with frame.page("forecast", filters=("scope", "dept"), empty=lacking.needs(NEEDS, NEEDS[1:3])) as page:
    waiting = opened.waiting(page)
    choice = choose.row(page)
    found = figures.found(page, choice, waiting)
    unit = words.unit(found)
    head.message(page, found, choice)
    if not found.points or not found.past.known:
        st.stop()
    head.cards_row(found, unit)
    picture.fan(page, found, choice, unit)
    view = choose.view(choice)
    if view == "models":
        picture.models(found, unit)
    elif view == "why":
        explained.panel(found, unit)
    elif view == "decide":
        decide.panel(page, found, choice, unit)
    elif view == "departments":
        lines.departments(page, found)
    elif view == choose.PARTS:
        lines.parts(page, found, choice, waiting)
    else:
        lines.months(page, found, unit)
        stock.panel(page, found, unit)
