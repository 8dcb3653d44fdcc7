"""Hard benefit of an improvement: what it saves and earns in a year against what it costs, in whole fen.

    hours   = volume a year x minutes saved each time / 60
    labour  = hours x yuan per hour                              (rounded once, half away from zero)
    benefit = labour + material saved + cost avoided + income gained
    net     = benefit - yearly cost
    payback = one-time cost / net                                simple, in years; None where nothing is earned back
    worth   = net - one-time cost / years of use                 what is left of a year when the investment is spread

The price of an hour is an input and never a fact: `implied_hour` says which price a claimed saving means.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

YEARS = 5


class DirectError(ValueError):
    """Figures that mean nothing; `code` is negative | life, for the words of a page."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Direct:
    """What was stated of one improvement. Money is fen, `minutes` per time, `life` the years it is used."""

    volume: Decimal = Decimal(0)
    minutes: Decimal = Decimal(0)
    hour: int = 0
    saved: int = 0
    avoided: int = 0
    income: int = 0
    once: int = 0
    yearly: int = 0
    life: int = YEARS

    def __post_init__(self) -> None:
        amounts = (
            self.volume,
            self.minutes,
            self.hour,
            self.saved,
            self.avoided,
            self.income,
            self.once,
            self.yearly,
        )
        if any(one < 0 for one in amounts):
            raise DirectError("negative", "no figure of an improvement can be below zero")
        if self.life < 1:
            raise DirectError("life", "an improvement is used for at least one year")

    @property
    def hours(self) -> Decimal:
        """Hours of work saved in a year."""
        return self.volume * self.minutes / 60

    @property
    def labour(self) -> int:
        """What these hours cost."""
        return _whole(Fraction(self.volume) * Fraction(self.minutes) * self.hour / 60)

    @property
    def benefit(self) -> int:
        """Everything it brings in a year."""
        return self.labour + self.saved + self.avoided + self.income

    @property
    def net(self) -> int:
        """Benefit of a year less what running it costs."""
        return self.benefit - self.yearly

    @property
    def payback(self) -> Decimal | None:
        """Years until the one-time cost is earned back; None where a year brings nothing, 0 where nothing was spent."""
        return Decimal(self.once) / self.net if self.net > 0 else None

    @property
    def cost(self) -> int:
        """Cost of a year with the one-time cost spread over the years of use."""
        return self.yearly + _whole(Fraction(self.once, self.life))

    @property
    def worth(self) -> int:
        """What is left of a year's benefit after that cost."""
        return self.benefit - self.cost


def implied_hour(volume: Decimal, minutes: Decimal, amount: int) -> int | None:
    """The price of an hour, in fen, that a claimed saving of a year means; None without any time saved."""
    minutes_a_year = Fraction(volume) * Fraction(minutes)
    return _whole(Fraction(amount) * 60 / minutes_a_year) if minutes_a_year else None


def implied_investment(amount: int, payback: Decimal) -> int:
    """The one-time cost, in fen, that a yearly net saving and a payback in years mean."""
    return _whole(Fraction(amount) * Fraction(payback))


def _whole(value: Fraction) -> int:
    """Nearest whole fen, a half away from zero."""
    size = (abs(value) * 2 + 1) // 2
    return int(size if value >= 0 else -size)
