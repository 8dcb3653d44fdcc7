"""A formula with the figures put in: the same parts that compute it, each word replaced by its number.

    filled(caliber, now, before) -> '(4,000 − 600) ÷ (12,000 − 600)'
`now` and `before` are ready texts by fact name, of the span and of the same span a year earlier.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.indicators.define import Caliber, Part

Texts = Mapping[str, str]


def filled(caliber: Caliber, now: Texts, before: Texts) -> str:
    """The right-hand side in figures; '' where one of them is not there."""
    years = [now, before] if caliber.kind in ("growth", "function") else [now]
    if any(fact not in year for year in years for fact in _needed(caliber, now)):
        return ""
    if caliber.kind == "function":
        top, top0 = _sum(caliber.top, now), _sum(caliber.top, before)
        if caliber.function == "fall":
            return f"{top0} − {top}"
        sign = "−" if caliber.function == "growth_gap" else "÷"
        bottom, bottom0 = _sum(caliber.bottom, now), _sum(caliber.bottom, before)
        return f"({top} ÷ {top0} − 1) {sign} ({bottom} ÷ {bottom0} − 1)"
    if caliber.kind == "growth":
        return f"({_quotient(caliber, now)}) ÷ ({_quotient(caliber, before)}) − 1"
    if caliber.kind == "difference":
        return f"{_sum(caliber.top, now)} − {_sum(caliber.bottom, now, held=True)}"
    return _quotient(caliber, now)


def _needed(caliber: Caliber, now: Texts) -> list[str]:
    """Facts without which there is no figure; where any of the bottom will do, those that are there."""
    bottom = [part.fact for part in caliber.bottom]
    there = [fact for fact in bottom if fact in now] if caliber.any else bottom
    return [*(part.fact for part in caliber.top), *(there or bottom)]


def _quotient(caliber: Caliber, texts: Texts) -> str:
    top = _sum(caliber.top, texts, held=bool(caliber.bottom))
    if not caliber.bottom:
        return top
    times = f" × {caliber.times:,}" if caliber.times != 1 else ""
    return f"{top} ÷ {_sum(caliber.bottom, texts, held=True)}{times}"


def _sum(parts: tuple[Part, ...], texts: Texts, *, held: bool = False) -> str:
    words, count = "", 0
    for part in parts:
        if part.fact not in texts:
            continue
        sign = (" − " if part.sign < 0 else " + ") if words or part.sign < 0 else ""
        words, count = words + sign + texts[part.fact], count + 1
    return f"({words})" if held and count > 1 else words
