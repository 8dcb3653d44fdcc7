"""Pieces of the responsibility page.

opened.py     letters, targets, progress and tracings, cached by snapshot and journal
letters.py    the letters of a year: message, cards, table; drafting and moving them on together
letter.py     one letter: targets beside what came, its steps, its paper, its history; other targets
wording.py    the hospital's own wording
tracing.py    the list of matters, registering one
steps.py      the next step of a matter, and its history
committee.py  the board of the supervision committee
"""
