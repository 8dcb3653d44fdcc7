"""Pieces of the forecast page.

choose.py     measure, horizon, drivers, what-if: choices that live in the URL
figures.py    answers cached by snapshot, choice and journal
words.py      units, names, reasons
head.py       the sentence and the cards
picture.py    fan chart, comparison of models, backtest
explained.py  the readable regression: equation and contributions
decide.py     months that do not fit, steps, adjustments, keeping: each with a reason
stock.py      what to order from the demand and the stock at hand
odd.py        months that do not fit, opened down to the row of the sheet
book.py       workbook and picture
lines.py      table of months, departments that add up, kept forecasts
"""
