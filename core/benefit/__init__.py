"""Improvements (projects and measures): what they cost, what they bring, and whether people are more satisfied.

    direct.py     hard benefit: time, material, income and avoided cost against what was spent; payback
    indirect.py   soft benefit: experts' scores with their spread
    book.py       improvements kept in the journal: written, revised with a reason, withdrawn in the open
    figures.py    one improvement evaluated: indicators before and after, the price of an hour, its quadrant

Money is whole fen inside. Every figure of an improvement is the hospital's own statement with a grade (measured, estimated,
opinion); the figures of indicators are read from the marts.
"""
