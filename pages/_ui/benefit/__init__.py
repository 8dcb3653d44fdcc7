"""Pieces of the page of improvements.

figures.py   improvements evaluated, cached by snapshot and journal
panels.py    sentence, cards, the picture of cost, benefit and satisfaction, the table with its workbook
detail.py    one improvement opened: how its figures are made, experts, indicators before and after, its versions
write.py     the calculator: an improvement written down or revised
experts.py   criteria, weights and scores of experts
words.py     names, money, moves of indicators in words
"""
