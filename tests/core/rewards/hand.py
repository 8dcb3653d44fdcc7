"""Figures by hand: four clinical departments and an office in 2025, so that every award can be checked on paper."""

from collections.abc import Mapping
from decimal import Decimal

from core.figures.common import Dept
from core.parameters import parameters
from core.rewards.choice import Rates
from core.rewards.figures import Figures, Span, Spent, Value

D = Decimal
SPAN = Span("year", 202512)
DEPTS = {
    code: Dept(code, name, kind, "inpatient")
    for code, name, kind in (
        ("0401", "骨科病区", "clinical"), ("0402", "心内科病区", "clinical"), ("0403", "肿瘤内科病区", "clinical"),
        ("0404", "神经外科病区", "clinical"), ("0101", "院办", "admin"),
    )
}  # fmt: skip


def value(dept: str, top: str, bottom: str | None = None, thing: str = "", name: str = "") -> Value:
    return Value(dept, thing, name or thing, D(top), None if bottom is None else D(bottom))


def found(**more: tuple[Value, ...]) -> Figures:
    """0401 saves 1,000,000.00; 0402 saves 333,333.33 but fails; 0403 saves 200,000.01 without satisfaction; 0404 overspends."""
    spent = {
        "0401": Spent(1_000_000_000, 900_000_000),
        "0402": Spent(500_000_000, 466_666_667),
        "0403": Spent(100_000_000, 79_999_999),
        "0404": Spent(100_000_000, 112_000_000),
        "0101": Spent(10_000_000, 9_000_000),
    }
    values = {
        "complications": (
            value("0401", "20", "1000"), value("0402", "41", "1000"), value("0403", "30", "1000"), value("0404", "1", "100"),
        ),
        "satisfaction": (value("0401", "92", "100"), value("0402", "90", "100"), value("0404", "95", "100")),
        **more,
    }  # fmt: skip
    over = {
        "0404": (*[False] * 18, *[True] * 6),
        "0401": (*[True] * 23, False),
        "0402": (*[True] * 19, None, *[True] * 4),
    }
    return Figures(SPAN, DEPTS, spent, over, values, {})


def in_force(changes: Mapping[str, str | None] | None = None) -> Rates:
    changed = {name: None if v is None else D(v) for name, v in (changes or {}).items()}

    def rates(name: str) -> Decimal | None:
        if name in changed:
            return changed[name]
        return [one.value for one in parameters()[name].values if one.since <= SPAN.period][-1]

    return rates
