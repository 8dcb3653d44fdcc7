"""Forecasts of the hospital's own figures: what can be forecast, what people decided about it, how good it was.

    target = Target("cost_drugs", dept="0402")            a subject (measure or fact) of the hospital or of a department
    past = history(warehouse, hospital, target)           its months, from the marts
    found = answer(warehouse, hospital, target, 12)       statistical forecast, outliers, decisions, final figures
    family(warehouse, hospital, "cost", 12)               hospital and departments together, made to add up; where
                                                          departments add up, the answer's months are the family's
    parts(warehouse, hospital, target, 12)                cost items beside the cost, out- and inpatient beside the income
    decisions                                             exclude a month, mark a step, adjust, keep: with a reason
    held(journal, hospital, target, past)                 kept forecasts against what came
    accuracy_by_month(warehouse, journal, hospital)       L22 and value added, by month and department

The statistics are core/forecast; nothing there knows a hospital. A forecast is stored under <data>/derived/forecast by
what it was made from, so a new snapshot that leaves a series alone computes nothing. People's decisions are entries of
core/journal.py: they stand beside the statistical forecast and never inside it.
"""

from core.forecasting.answer import Answer, Point, answer
from core.forecasting.family import Family, family
from core.forecasting.held import Held, Scored, accuracy_by_month, held
from core.forecasting.parts import Part, parts
from core.forecasting.targets import Past, Target, choices, history

__all__ = [
    "Answer",
    "Family",
    "Held",
    "Part",
    "Past",
    "Point",
    "Scored",
    "Target",
    "accuracy_by_month",
    "answer",
    "choices",
    "family",
    "held",
    "history",
    "parts",
]
