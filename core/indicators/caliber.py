"""One way to compute an indicator: its parts, how months and departments come together, and the formula in words.

A formula is one of seven kinds over sums of facts T (top) and B (bottom); n0 is the same span a year earlier:
    sum T · ratio, share T / B · per_unit T x times / B · difference T - B · growth v / v0 - 1 with v = T x times / B or T
    function growth_gap g(T) - g(B) · growth_ratio g(T) / g(B) · fall T0 - T
The text on screen is made from the same parts that SQL computes with (mart_indicator_value).
"""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import Label
from core.indicators.facts import definition, facts

KINDS = ("sum", "ratio", "per_unit", "difference", "growth", "share", "function")
FUNCTIONS = ("growth_gap", "growth_ratio", "fall")
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Part:
    """A fact in a formula, added or taken off."""

    fact: str
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Caliber:
    """One way to compute an indicator; the first of an indicator is called 'main'."""

    name: str
    label: Label
    kind: str
    unit: str
    top: tuple[Part, ...]
    bottom: tuple[Part, ...] = ()
    times: int = 1
    function: str = ""
    any: bool = False

    def facts(self) -> tuple[str, ...]:
        """Names of all facts, in the order of the formula."""
        return tuple(dict.fromkeys(part.fact for part in (*self.top, *self.bottom)))

    @property
    def adds(self) -> bool:
        """Whether it is an amount: departments add up to their class."""
        return self.kind in ("sum", "difference") or self.function == "fall"

    @property
    def yearly(self) -> bool:
        """Whether a longer span makes it larger, so that a target is for a whole year and a month has its twelfth of it:
        amounts that add up over months, and what is held against people, beds or stock (a mean, or a state at the end)."""
        top, bottom = ({facts()[part.fact].over for part in side} for side in (self.top, self.bottom))
        flow = top == {"sum"}
        return flow and (
            bottom <= {"sum"} if self.adds else bool(bottom) and "sum" not in bottom and self.kind != "growth"
        )

    @property
    def compared(self) -> tuple[str, ...]:
        """Which facts (by `over`) have to cover the same months: what is added up; where nothing is, means, else states."""
        rules = {facts()[name].over for name in self.facts()}
        added = ("sum", "distinct")
        return added if rules & {*added} else ("mean",) if "mean" in rules else ("last",)

    @property
    def pair(self) -> bool:
        """Whether both sides are one metric's own, so that a ratio stated alone is the value."""
        if self.adds or self.kind == "function" or len(self.top) != 1 or len(self.bottom) != 1:
            return False
        top, bottom = self.top[0].fact, self.bottom[0].fact
        return facts()[top].metric != "" and facts()[top].metric == facts()[bottom].metric

    def needs(self) -> tuple[str, ...]:
        """The extracts these facts come from."""
        return tuple(dict.fromkeys(facts()[name].needs for name in self.facts()))

    def systems(self) -> tuple[str, ...]:
        """Extracts of systems that state some of these facts, where nobody has to report them."""
        return tuple(dict.fromkeys(facts()[name].system for name in self.facts() if facts()[name].system))

    def formula(self, lang: str) -> str:
        """The right-hand side in words."""
        top, bottom = _words(self.top, lang), _words(self.bottom, lang)
        if self.kind == "function":
            pattern = {
                "growth_gap": _say("growth_gap", lang), "growth_ratio": _say("growth_ratio", lang), "fall": _say("fall", lang),
            }[self.function]  # fmt: skip
            return pattern.format(top=top, bottom=bottom)
        if self.kind == "sum":
            return f"Σ {top}"
        if self.kind == "difference":
            return f"{top} − {bottom}"
        times = f" × {self.times:,}" if self.times != 1 else ""
        quotient = f"{_held(top, self.top)} ÷ {_held(bottom, self.bottom)}{times}" if self.bottom else top
        return _say("growth", lang).format(value=quotient) if self.kind == "growth" else quotient


def _say(key: str, lang: str) -> str:
    return str(definition("words")["formula"][key][lang])


def _words(parts: tuple[Part, ...], lang: str) -> str:
    text = ""
    for part in parts:
        sign = (" − " if part.sign < 0 else " + ") if text or part.sign < 0 else ""
        text += sign + facts()[part.fact].label.of(lang)
    return text


def _held(text: str, parts: tuple[Part, ...]) -> str:
    return f"({text})" if len(parts) > 1 else text
