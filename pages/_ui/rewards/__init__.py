"""Pieces of the rewards page.

opened.py     figures, parameters in force and records, cached by snapshot and journal
controls.py   span, cost items, classes, ratio and red lines: what a person tries
simulate.py   message, cards, where the pool goes, ranking
lines.py      the red-line matrix and the table of departments; why one award is what it is
others.py     every rule with its totals, and the lines of one
records.py    recording, corrections and their history
words.py      spans, states and reasons in the session's language
"""
