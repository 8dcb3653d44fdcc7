"""From text to type, in bulk: what is written plainly is cast by SQL, what is not goes through its distinct texts.

Every format rule exists once, in `core.amount` and `core.period`. SQL takes only the spelling those rules would read
the same way (plain digits, ISO dates); each other distinct text is read by the rules and joined back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from core.amount import ERROR_MARK, NOT_CALCULATED, Unreadable, parse_amount, parse_integer, parse_quantity
from core.catalog import Column, catalog
from core.engine import name, quoted
from core.intake.vocabulary import term_of
from core.lexicon import even, lexicon, squeeze
from core.period import YEARS, parse_date, parse_moment, parse_month, parse_period

EXACT = "DECIMAL(28,10)"  # every readable number, before it is rounded to its stored type
STORED = {
    "code": "VARCHAR",
    "text": "VARCHAR",
    "integer": "BIGINT",
    "quantity": "DECIMAL(18,4)",
    "money": "DECIMAL(18,2)",
    "date": "DATE",
    "time": "TIMESTAMP",
    "flag": "BOOLEAN",
    "choice": "VARCHAR",
    "period": "INTEGER",
}
ERRORS = (
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#GETTING_DATA",
    NOT_CALCULATED,
)
_PLAIN_DIGITS = 16  # characters of a number that no spreadsheet has rounded
_ARROW = {"VARCHAR": pa.string(), EXACT: pa.decimal128(28, 10), "DATE": pa.date32(), "TIMESTAMP": pa.timestamp("us"),
          "BOOLEAN": pa.bool_()}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """One column to be cast.

    column     the extract's column
    text       SQL expression of its text
    index      position in the sheet, -1 for values that come from a heading
    factor     yuan per unit, for money
    year       completes bare months
    whole_year a bare year is a period
    """

    column: Column
    text: str
    index: int
    factor: Decimal = Decimal(1)
    year: int = 0
    whole_year: bool = False

    @property
    def working(self) -> str:
        """SQL type while working: numbers stay exact."""
        if self.column.type in ("money", "quantity", "integer"):
            return EXACT
        return STORED[self.column.type]


def plain(cast: Cast) -> str:
    """SQL: the value of a plainly written text, NULL for any other. Texts come without blanks at their ends."""
    text, kind = cast.text, cast.column.type
    if kind in ("code", "text"):
        return text
    if kind in ("money", "quantity", "integer"):
        value = f"try_cast({text} as {EXACT})"
        if kind == "integer":
            value = f"case when {value} = trunc({value}) then {value} end"
        return f"case when length({text}) <= {_PLAIN_DIGITS} and not contains({text}, '_') then {value} end"
    if kind == "date":
        day = f"try_cast(left({text}, 10) as date)"
        form = f"length({text}) in (10, 19) and substr({text}, 5, 1) = '-' and substr({text}, 8, 1) = '-'"
        return f"case when {form} and year({day}) between {YEARS[0]} and {YEARS[-1]} then {day} end"
    if kind == "time":
        moment = f"try_cast({text} as timestamp)"
        form = f"length({text}) = 19 and substr({text}, 5, 1) = '-' and substr({text}, 8, 1) = '-'"
        return f"case when {form} and year({moment}) between {YEARS[0]} and {YEARS[-1]} then {moment} end"
    if kind == "period":
        number = f"try_cast({text} as integer)"
        return (
            f"case when length({text}) = 6 and {number} // 100 between {YEARS[0]} and {YEARS[-1]}"
            f" and {number} % 100 between 1 and 12 then {number} end"
        )
    return f"cast(null as {STORED[kind]})"


def needs_map(cast: Cast) -> bool:
    """False for types whose every text is a value."""
    return cast.column.type not in ("code", "text")


@dataclass
class Mapped:
    """Distinct texts of one column as the rules read them: value or issue code, aligned."""

    texts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    problems: list[str | None] = field(default_factory=list)

    def table(self, working: str) -> pa.Table:
        """Arrow table (t, v, p) to be joined."""
        kind = pa.int32() if working == "INTEGER" else _ARROW[working]
        return pa.table({
            "t": pa.array(self.texts, pa.string()),
            "v": pa.array(self.values, kind),
            "p": pa.array(self.problems, pa.string()),
        })  # fmt: skip


def read_texts(cast: Cast, texts: Iterable[str]) -> Mapped:
    """Apply the one rule of the column's type to each distinct text."""
    rule = rule_of(cast)
    mapped = Mapped()
    for text in texts:
        value, problem = None, None
        try:
            if even(text):
                value = rule(text)
        except Unreadable as refusal:
            problem = refusal.code
        if isinstance(value, Decimal):
            value = value.quantize(Decimal("1e-10"))
        mapped.texts.append(text)
        mapped.values.append(value)
        mapped.problems.append(problem)
    return mapped


def rule_of(cast: Cast) -> Callable[[str], Any]:
    """The reading rule of a column."""
    column = cast.column
    if column.type == "period":
        return lambda text: parse_period(text, year=cast.year or None, whole_year=cast.whole_year)
    if column.type == "choice":
        return lambda text: read_choice(text, column)
    if column.type == "flag":
        return lambda text: read_flag(text, column)
    rules: dict[str, Callable[[str], Any]] = {
        "money": parse_amount,
        "quantity": parse_quantity,
        "integer": parse_integer,
        "date": parse_date,
        "time": parse_moment,
    }
    return rules[column.type]


def read_choice(text: str, column: Column) -> str:
    """The term a text names, by any alias, label, name, number or letter.

    Raises:
        Unreadable: choice_unknown, cell_error.
    """
    if even(text).startswith(ERROR_MARK):
        raise Unreadable("cell_error")
    terms = term_of(column.of)
    key = squeeze(text)
    found = terms.get(key) or terms.get(key.removesuffix(".0"))
    if found is None:
        raise Unreadable("choice_unknown")
    return found


def read_flag(text: str, column: Column) -> bool:
    """Yes or no; a state such as 'in use' answers by whether the column asks for running or for stopped things.

    Raises:
        Unreadable: flag_unknown, cell_error.
    """
    if even(text).startswith(ERROR_MARK):
        raise Unreadable("cell_error")
    words = lexicon().flags
    key = squeeze(text).removesuffix(".0")
    asks_stopped = "stop" in column.name
    if key in words.running:
        return not asks_stopped
    if key in words.stopped:
        return asks_stopped
    if key in words.yes:
        return True
    if key in words.no:
        return False
    raise Unreadable("flag_unknown")


def read_year_month(year: str | None, month: str | None, default_year: int) -> int:
    """yyyymm of separate year and month cells; a month cell that already holds a whole month stands by itself.

    Raises:
        Unreadable: period_text, period_no_year and what `parse_period` raises.
    """
    try:
        return parse_period(month or "")
    except Unreadable as refusal:
        if refusal.code not in ("period_no_year", "period_text"):
            raise
    number = parse_month(month or "")
    if year is None:
        if not default_year:
            raise Unreadable("period_no_year")
        return default_year * 100 + number
    return parse_period(year, whole_year=True) // 100 * 100 + number


def allowed(column: Column, lang: str) -> str:
    """The values a choice column takes, as words."""
    return " / ".join(catalog().labels(column.of, lang).values()) if column.of else ""


def stored(value: str, column: Column) -> str:
    """SQL: a working value in its stored type."""
    return f"cast({value} as {STORED[column.type]})"


def null_of(column: Column) -> str:
    """SQL: the value of a column the table does not have: its default, typed."""
    text = "null" if column.default is None else quoted(column.default)
    return f"cast({text} as {STORED[column.type]}) as {name(column.name)}"
