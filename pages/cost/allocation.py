"""Where did indirect cost go, by which driver, does it add up, and what if another driver were used?"""

import streamlit as st

from pages._ui import format, frame
from pages._ui.allocation import controls, drill, figures, panels, tabs

with frame.page("allocation", filters=("period", "scope", "class")) as page:
    scenario = controls.whatif(page)
    found = figures.results(page, scenario)
    unit = format.money_unit(row.full for row in found.received)
    panels.message(page, scenario, found)
    panels.figures_row(found)
    left, right = st.columns([3, 2], gap="small")
    with left:
        panels.flow(page, scenario, unit)
    with right:
        if scenario:
            panels.effect(page, found, unit)
        else:
            panels.balances(page, scenario, unit, found)
        panels.proof(found)
    shown = tabs.choose()
    if shown == "result":
        drill.act(page, scenario, tabs.result(page, found, unit, bool(scenario)))
    elif shown == "tables":
        tabs.published(page, scenario, unit)
    elif shown == "methods":
        tabs.methods(page, scenario, unit)
    else:
        tabs.loose(page, found, unit)
