"""Figures as people read them: one unit a page, the same decimals, a dash for what is missing.

Exact money is `Decimal` yuan or `int` fen. Rounding happens only here, half up, on the way to the screen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

from core.money import half_up
from pages._ui.text import lang, t

Amount = Decimal | int | float | None
MISSING = "—"
UP, DOWN = "▲", "▼"
_FEN = Decimal(100)


@dataclass(frozen=True, slots=True)
class Unit:
    """How one kind of figure is written.

    Attributes:
        label: what stands beside the figure, e.g. the word for 10,000 yuan; '' for bare numbers.
        divisor: of the base amount (yuan, or the plain number; 0.01 turns a ratio into per cent).
        decimals: digits after the point, always the same.
        money: an int is fen when True.
        spaced: whether a space stands between figure and label ('12 days', '31.6%').
    """

    label: str
    divisor: Decimal = Decimal(1)
    decimals: int = 0
    money: bool = False
    spaced: bool = True

    def exact(self, value: Amount) -> Decimal | None:
        """The amount in this unit, unrounded; None when missing."""
        if value is None or (isinstance(value, float) and not isfinite(value)):
            return None
        number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
        if self.money and isinstance(value, int) and not isinstance(value, bool):
            number /= _FEN
        return number / self.divisor

    def scale(self, value: Amount) -> float | None:
        """The amount in this unit as a number for drawing."""
        number = self.exact(value)
        return None if number is None else float(number)

    def cell(self, value: Amount) -> float | None:
        """The amount in this unit as a number that a browser rounds to what `text` writes.

        1,234.35 is a little less than that as a double, so a browser would show 1,234.3 beside a card's 1,234.4.
        Such a figure is given rounded; every other keeps its digits, for sorting and copying.
        """
        number = self.exact(value)
        if number is None:
            return None
        drawn, shown = round(float(number), max(self.decimals, 6)), half_up(number, self.decimals)
        return drawn if half_up(Decimal(drawn), self.decimals) == shown else float(shown)

    def shown(self, number: Decimal) -> str:
        """A figure that is in this unit already, as `text` writes it."""
        return f"{half_up(number, self.decimals):,.{self.decimals}f}"

    def text(self, value: Amount, *, signed: bool = False, unit: bool = False) -> str:
        """The figure with thousands separators; '—' when missing. `unit` appends the label."""
        number = self.exact(value)
        if number is None:
            return MISSING
        number = half_up(number, self.decimals)
        if number == 0:
            number = abs(number)
        words = f"{number:{'+' if signed and number else ''},.{self.decimals}f}"
        return f"{words}{' ' if self.spaced and self.label else ''}{self.label}" if unit else words

    @property
    def sprintf(self) -> str:
        """The same in the browser's table format."""
        return f"%,.{self.decimals}f"

    @property
    def d3(self) -> str:
        """The same in the charts' format."""
        return f",.{self.decimals}f"


def _steps() -> tuple[tuple[Decimal, str, int], ...]:
    """Money units of the language, small to large: (yuan, key, decimals)."""
    if lang() == "zh":
        return ((Decimal(1), "yuan", 2), (Decimal(10_000), "wan", 1), (Decimal(100_000_000), "yi", 2))
    return ((Decimal(1), "yuan", 2), (Decimal(1_000), "thousand", 1), (Decimal(1_000_000), "million", 1))


def _money(step: tuple[Decimal, str, int]) -> Unit:
    return Unit(t(f"unit.{step[1]}"), step[0], step[2], money=True)


def yuan(decimals: int = 2) -> Unit:
    """Exact yuan, for vouchers and proofs."""
    return Unit(t("unit.yuan"), Decimal(1), decimals, money=True)


def money_unit(values: Iterable[Amount]) -> Unit:
    """The one money unit of a page.

    Chosen from the largest absolute amount so that it keeps at most five digits before the point
    (12,800.0 of 10^4 yuan rather than 1.28 of 10^8, which hides the differences).
    """
    base = yuan()
    largest = max((abs(x) for v in values if (x := base.exact(v)) is not None), default=Decimal(0))
    steps = _steps()
    chosen = steps[0]
    for step in steps[1:]:
        if largest / chosen[0] >= 100_000:
            chosen = step
    return _money(chosen)


def money(value: Amount) -> str:
    """One amount alone, in the unit that reads best, with its unit: '1.28 <10^8 yuan>'."""
    number = yuan().exact(value)
    if number is None:
        return MISSING
    return _money(_best(number)).text(value, unit=True)


def _best(number: Decimal) -> tuple[Decimal, str, int]:
    chosen = _steps()[0]
    for step in _steps()[1:]:
        if abs(number) >= step[0]:
            chosen = step
    return chosen


def short_money(value: Amount) -> tuple[str, str]:
    """`money` as (figure, short unit), for cards that set the unit smaller."""
    number = yuan().exact(value)
    if number is None:
        return MISSING, ""
    chosen = _best(number)
    return t("unit.currency") + _money(chosen).text(value), t(f"unit.short_{chosen[1]}")


def percent(decimals: int = 1) -> Unit:
    """A ratio as per cent: 0.316 -> 31.6%."""
    return Unit("%", Decimal("0.01"), decimals, spaced=False)


def points(decimals: int = 1) -> Unit:
    """A difference of two ratios in percentage points: -0.008 -> -0.8."""
    return Unit(t("unit.points"), Decimal("0.01"), decimals, spaced=lang() == "en")


def number(label: str = "", decimals: int = 0) -> Unit:
    """A plain number with the given unit words."""
    return Unit(label, Decimal(1), decimals)


def count(key: str = "") -> Unit:
    """A count; `key` names a word of `unit.*` ('visits', 'bed_days', 'people')."""
    return Unit(t(f"unit.{key}") if key else "")


def show(value: Amount, unit: Unit) -> str:
    """Figure and unit."""
    return unit.text(value, unit=True)


def change(value: Amount, unit: Unit) -> str:
    """A difference with arrow and sign: an increase is an up arrow whether it is good or not."""
    figure = unit.text(value, signed=True, unit=True)
    number = unit.exact(value)
    if number is None:
        return MISSING
    rounded = half_up(number, unit.decimals)
    return figure if rounded == 0 else f"{UP if rounded > 0 else DOWN}{figure}"


def tone(delta: Amount, better: str) -> str:
    """'good', 'bad' or 'flat': what a difference means under the definition's direction."""
    if delta is None or delta == 0 or better not in ("lower", "higher"):
        return "flat"
    return "good" if (delta > 0) == (better == "higher") else "bad"


def period(value: int, style: str = "long") -> str:
    """202503 -> the month in words; 'axis' is short ('25-03'), 'month' has no year."""
    year, month = divmod(int(value), 100)
    if style == "axis":
        return f"{year % 100:02d}-{month:02d}"
    names = t("date.months").split()
    if style == "month":
        return names[month - 1]
    return t("date.period", year=year, month=names[month - 1])


def day(value: date) -> str:
    """A date, ISO: unambiguous in both languages."""
    return value.strftime("%Y-%m-%d")


def stamp(value: datetime) -> str:
    """Date and minute."""
    return value.strftime("%Y-%m-%d %H:%M")
