"""Pieces of the cockpit and of the department page.

opened.py       figures of a page, cached by snapshot; months that wait for their allocation
words.py        names, units and reasons in the session's language
why.py          an explanation of core/lineage as the drawer wants it
figures.py      cards from core figures
message.py      the sentence of a board, made from its figures by rule
cockpit.py      message, cards and pictures of the cockpit
lines.py        the table of departments, and the way to a department's page
department.py   message, cards and pictures of one department
units.py        its unit costs, volumes and income
"""
