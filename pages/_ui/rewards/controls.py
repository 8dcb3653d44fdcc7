"""What a person tries: span, cost items, classes, the ratio and the red lines. In the URL; nothing stored changes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from core.catalog import catalog
from core.parameters import parameter
from core.rewards.choice import Choice, Rates
from core.rewards.figures import SPANS, YEAR
from core.rewards.rules import Rule, red_lines
from pages._ui import format, url
from pages._ui.rewards.words import spoken
from pages._ui.text import lang, t

ALL, CONTROLLABLE = "all", "controllable"
ITEMS = {ALL: (), CONTROLLABLE: ("materials", "drugs", "other")}
STEPS = {
    "red_complication": [Decimal(n) / 400 for n in range(1, 33)],  # 0.25 % to 8 %
    "red_satisfaction": [Decimal(n) / 2 for n in range(120, 199)],  # 60 to 99 points
    "red_violations": [Decimal(n) for n in range(6)],
}


def first_row(rule: Rule) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Span, cost items and classes: (span, items, classes)."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        span = _segments("span", SPANS, YEAR)
        items = _segments("items", tuple(ITEMS), ALL)
        offered = catalog().names("dept_classes")
        classes = _classes(rule, offered)
    return span, ITEMS[items], classes if set(classes) != set(rule.classes) else ()


def _segments(name: str, options: Sequence[str], default: str) -> str:
    url.seed(name, options, default)
    st.segmented_control(
        t(f"rewards.{name}"), options, key=name, format_func=spoken(options, lambda code: t(f"rewards.{name}_{code}")), required=True,
        persist_state="session",
    )  # fmt: skip
    chosen: str = st.session_state[name]
    url.publish(name, chosen, default)
    return chosen


def _classes(rule: Rule, offered: Sequence[str]) -> tuple[str, ...]:
    words = {name: catalog().term("dept_classes", name).brief(lang()) for name in offered}
    combined = ["clinical", "clinical,technical", "clinical,technical,auxiliary,admin"]
    default = ",".join(rule.classes)
    options = combined if default in combined else [default, *combined]
    url.seed("sharing", options, default)
    st.selectbox(
        t("rewards.classes"), options, key="sharing", persist_state="session", width=220,
        format_func=spoken(options, lambda code: t("rewards.join").join(words[name] for name in code.split(","))),
    )  # fmt: skip
    url.publish("sharing", st.session_state["sharing"], default)
    return tuple(st.session_state["sharing"].split(","))


def sliders(rule: Rule, rates: Rates) -> tuple[tuple[str, Decimal], ...]:
    """The ratio within its bounds and the limit of every red line; what differs from what is in force."""
    low, high = rates(rule.low), rates(rule.high)
    tried = []
    if low is not None and high is not None:
        steps = [low + Decimal(n) / 200 for n in range(int((high - low) * 200) + 1)]
        tried.append((rule.rate, _slider(rule.rate, steps, rates(rule.rate))))
    for name in rule.red_lines:
        limit = red_lines()[name].limit
        tried.append((limit, _slider(limit, STEPS[limit], rates(limit))))
    changed = tuple((name, value) for name, value in tried if value is not None and value != rates(name))
    if changed:
        st.button(
            t("rewards.back"),
            icon=":material/undo:",
            on_click=_clear,
            args=([name for name, _ in tried],),
            type="tertiary",
        )
    return changed


def _slider(name: str, steps: Sequence[Decimal], now: Decimal | None) -> Decimal | None:
    """A slider over the steps with the value in force among them; None where nothing is decided or tried."""
    values = sorted({*steps, *([now] if now is not None else [])})
    codes = {f"{value.normalize():f}": value for value in values}
    default = f"{now.normalize():f}" if now is not None else next(iter(codes))
    one = parameter(name)
    key = f"try_{name}"
    url.seed(key, list(codes), default)
    st.select_slider(
        one.label.of(lang()), list(codes), key=key, help=one.about.of(lang()), persist_state="session",
        format_func=spoken(codes, lambda code: _shown(codes[code], one.unit)),
    )  # fmt: skip
    chosen: str = st.session_state[key]
    url.publish(key, chosen, default)
    return codes[chosen]


def _shown(value: Decimal, unit: str) -> str:
    if unit == "percent":
        return format.show(value, format.percent(2 if (value * 1000) % 1 else 1))
    if unit == "score":
        return format.show(value, format.number(t("rewards.points"), 1))
    return format.show(value, format.number(t("rewards.cases")))


def _clear(names: Sequence[str]) -> None:
    for name in names:
        st.session_state.pop(f"try_{name}", None)
        url.publish(f"try_{name}", None, "")


def choice(
    first: tuple[str, tuple[str, ...], tuple[str, ...]], values: tuple[tuple[str, Decimal], ...]
) -> Choice:
    """Both rows together."""
    return Choice(*first, values)
