"""Numbers as people write them in spreadsheets, read exactly. The only definition of what an amount may look like.

    parse_amount('(1,234.50)')  ->  Decimal('-1234.50')

Nothing here is a float: text becomes Decimal. What cannot be read raises `Unreadable` with an issue code.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from core.lexicon import even, lexicon, squeeze

LIMIT = Decimal(10) ** 16  # DECIMAL(18,2) holds sixteen digits before the point
_EXCEL = Context(prec=15, rounding=ROUND_HALF_UP)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_SCIENTIFIC = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)E[+-]?\d{1,3}")
ERROR_MARK = "#"
NOT_CALCULATED = "#NOT_CALCULATED!"


class Unreadable(ValueError):
    """A text is not what its column needs. `code` is an issue code, `params` fill its sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@lru_cache(maxsize=1)
def _forms() -> tuple[dict[int, str], frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """Dash translation, texts that mean nil, what may stand around the digits, and digit grouping."""
    words = lexicon().amount
    dashes = {ord(dash): "-" for dash in words.dashes if len(dash) == 1}
    nil = frozenset(squeeze(text) for text in (*words.nil, *(d for d in words.dashes if len(d) > 1)))
    currency = "|".join(
        sorted((re.escape(squeeze(c)).upper() for c in words.currency), key=len, reverse=True)
    )
    marks = "".join(re.escape(mark) for mark in words.separators)
    minus = "|".join(re.escape(word) for word in words.minus_words)
    around = re.compile(
        rf"(?P<open>\()?(?P<sign1>[-+]|{minus})?(?:{currency})?(?P<sign2>[-+])?"
        rf"(?P<number>[\d.][\d.{marks}E+-]*?)(?P<after>[-+])?(?:{currency})?(?P<close>\))?"
    )
    grouped = re.compile(rf"\d{{1,3}}(?:([{marks}])\d{{3}})(?:\1\d{{3}})*(?:\.\d*)?")
    return dashes, nil, around, grouped


def parse_amount(text: str) -> Decimal:
    """The exact value of an amount cell.

    Understood: thousands separators in groups of three, currency signs and words, full-width digits, parentheses or
    a minus before or after for negatives, 'red' words, scientific notation, dashes for nil, blanks of every kind.
    A text with more than 15 significant digits is what a spreadsheet makes of a float: it is cut to the 15 the
    spreadsheet itself shows.

    Raises:
        Unreadable: amount_text, amount_error, amount_not_calculated, amount_percent, amount_range.
    """
    plain = even(text)
    if plain.startswith(ERROR_MARK):
        raise Unreadable("amount_not_calculated" if plain == NOT_CALCULATED else "amount_error")
    dashes, nil, around, grouped = _forms()
    plain = plain.translate(dashes).upper()
    if squeeze(plain) in nil:
        return Decimal(0)
    if plain.endswith("%"):
        raise Unreadable("amount_percent")
    found = around.fullmatch(plain) or around.fullmatch(plain.replace(" ", ""))
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise Unreadable("amount_text")
    number = found["number"].strip()
    if grouped.fullmatch(number):
        number = "".join(ch for ch in number if ch.isdigit() or ch == ".")
    elif not (_PLAIN.fullmatch(number) or _SCIENTIFIC.fullmatch(number)):
        raise Unreadable("amount_text")
    signs = [sign for sign in (found["sign1"], found["sign2"], found["after"]) if sign]
    if len(signs) > 1 or (signs and found["open"] and signs != ["-"]):
        raise Unreadable("amount_text")
    value = _decimal(number)
    negative = bool(found["open"]) or (bool(signs) and signs[0] != "+")
    return -value if negative else value


def parse_quantity(text: str) -> Decimal:
    """Like `parse_amount`, but a percentage is a number too: '85.3%' is 0.853."""
    plain = even(text)
    if plain.endswith("%") and len(plain) > 1:
        return parse_amount(plain[:-1]) / 100
    return parse_amount(text)


def parse_integer(text: str) -> Decimal:
    """Like `parse_amount`, for whole numbers; '12.0' is 12, '12.5' raises integer_fraction."""
    value = parse_amount(text)
    if value != value.to_integral_value():
        raise Unreadable("integer_fraction")
    return value.to_integral_value()


def find_unit(text: str) -> tuple[str, Decimal] | None:
    """The unit of money a heading or title names, as (word, yuan per unit).

    A unit counts in brackets, after a slash, or after a unit label: 'amount (wan yuan)', 'unit: wan yuan'.
    """
    plain = squeeze(text)
    for word, factor in lexicon().units:
        if _unit_pattern(word).search(plain):
            return word, factor
    return None


@lru_cache(maxsize=64)
def _unit_pattern(word: str) -> re.Pattern[str]:
    words = lexicon()
    labels = "|".join(re.escape(label) for label in words.unit_labels)
    prefixes = "|".join(re.escape(prefix) for prefix in words.unit_prefixes)
    unit = rf"(?:{prefixes})?{re.escape(word)}"
    return re.compile(rf"[(\[<](?:(?:{labels}):?)?{unit}[)\]>]|[/-]{unit}$|(?:{labels})[:=]?[(]?{unit}(?!\w)")


def unit_factor(text: str) -> Decimal | None:
    """Yuan per unit of a declared unit: a unit word, or the factor itself ('10000')."""
    plain = squeeze(text)
    for word, factor in lexicon().units:
        if plain in (word, format(factor, "f")):
            return factor
    return None


def unit_name(factor: Decimal) -> str:
    """The word for a factor as it is shown to a person; the factor itself if it has no word."""
    return lexicon().unit_names.get(factor, format(factor, "f"))


def _decimal(number: str) -> Decimal:
    try:
        value = Decimal(number)
    except InvalidOperation:
        raise Unreadable("amount_text") from None
    if abs(value) >= LIMIT:
        raise Unreadable("amount_range")
    if len(value.as_tuple().digits) > 15:
        value = _EXCEL.plus(value)
    return value
