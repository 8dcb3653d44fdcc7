"""Who answers for what: responsibility letters, tracing from a matter to its correction, the supervision board.

targets.py      Target; proposals(warehouse, settings, hospital, year)
progress.py     Progress; follow(warehouse, hospital, wanted, period, watch)
letters.py      draft, revise, advance, letters, history; wording, set_wording; the paper is core/export/letters.py
tracing.py      raise_trace, act, traces, violations
supervision.py  overview(traces, today)
words.py        the words of definitions/responsibility.yaml; ResponsibilityError
"""
