"""The demo hospital's account balances: 36 months that close on what is reported by hand for the same months.

Assets, liabilities, current ones, stock, income and expenses are the numerators and denominators of the reported
ratios; cash, payables, loans and the accumulated surplus take up what is left, so that every month balances.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.demo.numbers import split
from core.demo.organisation import periods
from core.demo.roster import rules, stated

YUAN = 100
CREDIT = ("2", "3")
Balances = dict[str, int]


def _reported(metric: str, period: int) -> tuple[int, int]:
    """Numerator and denominator in fen; (0, 0) where nobody reported it."""
    found = [one for one in stated(metric, period) if not one.dept]
    return (found[0].top * YUAN, (found[0].bottom or 0) * YUAN) if found else (0, 0)


def _closing(period: int) -> Balances:
    """Debit balances by account code, in fen (credit balances negative)."""
    said = rules()["accounts"]
    debts, assets = _reported("debt_ratio", period)
    current, due = _reported("current_ratio", period)
    quick, _ = _reported("quick_ratio", period)
    _, stock = _reported("stock_turnover", period)
    held: Balances = {}

    def part(name: str, whole: int, sign: int = 1) -> int:
        code, _, share = said[name]
        held[code] = sign * (whole * int(share) // 1000)
        return held[code]

    held[said["stock"][0]] = stock
    for (code, _, _), fen in zip(
        said["stock_parts"],
        split(stock, [share for *_, share in said["stock_parts"]]).tolist(),
        strict=True,
    ):
        held[code] = int(fen)
    held[said["prepaid"][0]] = current - quick - stock
    held[said["cash"][0]] = 40_000 * YUAN
    taken = 40_000 * YUAN + sum(part(name, quick) for name in ("quota", "receivable", "other_receivable"))
    taken += part("doubtful", quick, -1)
    held[said["bank"][0]] = quick - taken
    rest = assets - current
    other = part("building", rest) + part("intangible", rest) + part("amortised", rest, -1)
    worn = part("worn", rest, -1)
    held[said["fixed"][0]] = rest - other - worn
    owed = sum(part(name, due, -1) for name in ("wages", "taxes", "advance", "other_payable"))
    held[said["payable"][0]] = -due - owed
    longer = -(debts - due)
    held[said["loan"][0]] = longer - part("long_payable", debts - due, -1)
    own = assets - debts
    held[said["surplus"][0]] = -own - part("fund", own, -1)
    return held


def _flows(period: int) -> dict[str, int]:
    """What income and expense accounts took in, in fen; they are carried to the surplus at the end of the month."""
    said = rules()["accounts"]
    income, _ = _reported("total_income", period)
    expense, _ = _reported("total_expense", period)
    research, _ = _reported("research_funds", period)
    found: dict[str, int] = {}
    for name, whole in (
        ("fiscal_income", income), ("other_income", income), ("office_expense", expense), ("other_expense", expense),
    ):  # fmt: skip
        code, _, share = said[name]
        found[code] = whole * int(share) // 1000
    found[said["business_income"][0]] = (
        income - found[said["fiscal_income"][0]] - found[said["other_income"][0]]
    )
    if research:
        found[said["research_income"][0]] = research
        found[said["medical_income"][0]] = found[said["business_income"][0]] - research
    found[said["business_expense"][0]] = (
        expense - found[said["office_expense"][0]] - found[said["other_expense"][0]]
    )
    return found


def balance_rows() -> Iterator[tuple[Any, ...]]:
    """period, account_code, account_name, direction, opening, debit, credit, closing (fen, on the account's side)."""
    said = rules()["accounts"]
    named = {entry[0]: entry[1] for name, entry in said.items() if name != "stock_parts"}
    named |= {code: name for code, name, _ in said["stock_parts"]}
    before = _closing(periods()[0])
    for period in periods():
        now, flows = _closing(period), _flows(period)
        issued, _ = _reported("stock_turnover", period)
        for code in sorted({*now, *flows}):
            if code in flows:
                yield period, code, named[code], "flat", 0, flows[code], flows[code], 0
                continue
            opening, closing = before[code], now[code]
            turned = issued if code == said["stock"][0] else _share(code, issued, abs(closing))
            debit, credit = _turnover(opening, closing, turned)
            sign = -1 if closing < 0 or code[0] in CREDIT else 1
            side = "credit" if sign < 0 else "debit"
            yield period, code, named[code], side, sign * opening, debit, credit, sign * closing
        before = now


def _share(code: str, issued: int, closing: int) -> int:
    """Credit turnover of an account: of stock parts their share of what was issued, of others a third of what they hold."""
    parts = rules()["accounts"]["stock_parts"]
    at = {part: place for place, (part, *_) in enumerate(parts)}
    return (
        int(split(issued, [share for *_, share in parts])[at[code]]) if code in at else closing // 300 * 100
    )


def _turnover(opening: int, closing: int, credit: int) -> tuple[int, int]:
    """Debit and credit of a month that leads from opening to closing, neither below nothing."""
    debit = closing - opening + credit
    return (debit, credit) if debit >= 0 else (0, credit - debit)
