"""Rewards and sanctions W1 to W12: declared as data, computed in whole fen, recorded and never edited.

rules.py     rules() and red_lines() of definitions/rewards.yaml; Rule.formula(lang, values); RewardError
kernels.py   shares, lump sums, splits, funds: plain figures in, plain figures out
figures.py   Span(kind, period); figures(warehouse, hospital, span, metrics, items, violations) -> Figures
choice.py    Choice: what a person tries in the simulator; nothing stored changes
evaluate.py  simulate(figures, rates, choice) -> {rule: Outcome}
awards.py    Award and Outcome: payable, pending, cancelled, charged, kept; they add up to the fen
records.py   record, correct, history, records: in the journal, each correction naming what it replaces
"""
