"""Alerts: rules A01 to A18, what they found, what became of it, and telling the people it belongs to.

    definition() rules() case(name) rule_of(name)            the rules as data (definitions/alerts.yaml)
    evaluate(warehouse, hospital, settings) -> Found          all rules, all months, set-wise
    found(warehouse, hospital) -> (fingerprint, Found)        the same, kept per state of the data
    tend(store, hospital, at=) -> Tended                      the journal in step with what was found
    keep_up(store, at=)                                       tend and deliver for every hospital
    inbox(store, snapshot, hospital) -> Inbox                 alerts with state and owner;   mart_alert is the same as a view
    act(store, hospital, keys, to, actor=, at=, note=)        take, finish, call false, open again
    comment(store, hospital, key, note, actor=, at=)
    response(statuses, as_of, start, end) -> Response         how quickly people answer (indicator P31)
    evidence(warehouse, hospital, run) -> (Part, ...)         the rows of files behind an alert
    formula(case, settings, period, lang)  arithmetic(run, lang)  short(run, lang)  subject(run, lang)
    deliver(store, hospital, channels, at=)  log_of(store, hospital, key)  default_channels()

A cause is a case, a department, an object and an unbroken run of months; it fires once. See life.py and tending.py.
"""

from core.alerts.delivery import deliver, log_of
from core.alerts.evaluate import Found, Tested, evaluate
from core.alerts.evidence import Part, evidence, history
from core.alerts.inbox import Alert, Inbox, NotNow, act, comment, inbox
from core.alerts.kept import found
from core.alerts.life import PAST, SHORT, STATES, Run, Status
from core.alerts.response import Response, response
from core.alerts.rules import LEVELS, Case, Rule, case, definition, rule_of, rules
from core.alerts.tending import Tended, tend
from core.alerts.watch import default_channels, keep_up
from core.alerts.wording import arithmetic, formula, owner_words, quantity, scope_word, short, subject

__all__ = [
    "LEVELS", "PAST", "SHORT", "STATES", "Alert", "Case", "Found", "Inbox", "NotNow", "Part", "Response", "Rule", "Run",
    "Status", "Tended", "Tested", "act", "arithmetic", "case", "comment", "default_channels", "definition", "deliver",
    "evaluate", "evidence", "formula", "found", "history", "inbox", "keep_up", "log_of", "owner_words", "quantity",
    "response", "rule_of", "rules", "scope_word", "short", "subject", "tend",
]  # fmt: skip
