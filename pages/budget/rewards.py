"""Who earned what by saving, what do the red lines take, and what was recorded?"""

import streamlit as st

from core.rewards.choice import Choice
from core.rewards.evaluate import simulate
from core.rewards.rules import rules
from pages._ui import format, frame, lacking, states
from pages._ui.boards import opened as boards
from pages._ui.rewards import controls, lines, opened, others, records, views
from pages._ui.rewards import simulate as drawn

with frame.page("rewards", filters=("period",), empty=opened.needs()) as page:
    boards.waiting(page)
    rule, rates = rules()["w1"], opened.in_force(page)
    view = views.choose()
    first = controls.first_row(rule) if view != "records" else ("year", (), ())
    now = Choice(*first)
    found = opened.found(page, now)
    if view == "records":
        records.table(page)
        st.stop()
    if view == "rules":
        outcomes = simulate(found, rates, now)
        others.overview(found, outcomes)
        others.one(page, found, outcomes, rates)
        records.button(page, outcomes, found.span, {})
        st.stop()
    if not found.spent:
        states.partial([views.no_budget(found)])
        lacking.offer(["budget"], "rewards")
        st.stop()
    top = st.container()
    tray, left, right = st.columns([1.1, 1.5, 1.5], gap="small")
    with tray, frame.panel(views.tray_title(), key="tray"):
        tried = controls.sliders(rule, rates)
    choice = controls.choice(first, tried)
    actual, made = (simulate(found, rates, one)["w1"] for one in (now, choice))
    unit, small = format.money_unit([made.base]), format.money_unit([made.pool])
    with top:
        drawn.message(page, found, made, actual, tried=choice.tried)
        drawn.cards_row(made, actual, tried=choice.tried)
    with left:
        drawn.goes(made, small, tried=choice.tried)
    with right:
        drawn.ranking(made, small, tried=choice.tried)
    lines.matrix(made, rule, choice.rates(rates))
    lines.table(page, found, made, rule, choice.rates(rates), unit)
    records.button(page, {"w1": made}, found.span, dict(choice.values))
