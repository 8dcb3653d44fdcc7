"""Pieces of the cockpit and of the department page.

opened.py       figures of a page, cached by snapshot; months that wait for their allocation
words.py        names, units and reasons in the session's language
why.py          an explanation of core/lineage as the drawer wants it
figures.py      cards from core figures
cockpit.py      message, pictures and table of the cockpit
department.py   the same for one department
"""
