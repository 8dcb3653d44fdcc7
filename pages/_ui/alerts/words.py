"""Words of the alert pages: states, levels with a shape, owners, what happened."""

from __future__ import annotations

from core.alerts import Alert, Case, Run, definition, owner_words, quantity, rule_of
from core.journal import Entry
from core.parameters import held, parameter
from core.people import roles
from core.settings import Settings
from pages._ui import format
from pages._ui.text import label, lang, t
from pages._ui.upload.people import who

# A shape and a word besides a colour.
MARKS = {"serious": "■", "warning": "▲", "notice": "●"}
COLOURS = {"serious": "red", "warning": "orange", "notice": "blue"}


def level(name: str) -> str:
    """A level with its shape."""
    return f"{MARKS[name]} {label(definition().levels[name])}"


def coloured(name: str) -> str:
    """The same in its colour, for text."""
    return f":{COLOURS[name]}[{level(name)}]"


def state(alert: Alert) -> str:
    """Where it stands; what closed itself says so."""
    status = alert.status
    if status is not None and status.state == "done" and status.gone and not status.by:
        return t("alerts.state.closed")
    return t(f"alerts.state.{alert.state}")


def owner(alert: Alert) -> str:
    """Whose it is."""
    return owner_words(alert.who, lang())


def rule(run: Run) -> str:
    """Number and name of the rule."""
    found = rule_of(run.name)
    return f"{found.number} {label(found.label)}"


def months(run: Run) -> str:
    """The month, or from when to when."""
    last = format.period(run.until)
    return last if run.since == run.until else t("alerts.span", first=format.period(run.since), last=last)


def limit_lines(case: Case, settings: Settings, period: int) -> list[str]:
    """Each limit with its value, since when, and who set it and why."""
    found = []
    names = (
        [name for name, _ in case.limits]
        + ([case.way] if case.way else [])
        + ([case.least] if case.least else [])
    )
    for name in names:
        one, value = parameter(name), held(settings, name, period)
        if value is None or value.value is None:
            found.append(f"{label(one.label)}: {t('alerts.undecided')}")
            continue
        shown = (
            label(one.choices[int(value.value)])
            if one.choices
            else quantity(value.value, unit_of(one.unit), lang())
        )
        source = (
            t("alerts.set_by", who=who(value.by), why=value.why)
            if value.own
            else t("alerts.shipped", source=label(one.source))
        )
        found.append(
            t(
                "alerts.limit_line",
                name=label(one.label),
                value=shown,
                since=format.period(value.since),
                source=source,
            )
        )
    return found


def unit_of(unit: str) -> str:
    """The unit a parameter is shown in."""
    return unit if unit in definition().units else "sigma"


def event(entry: Entry) -> str:
    """What happened, in a line."""
    data = entry.data
    name = data["event"]
    note = str(data.get("note") or "")
    if name == "state":
        words = t(f"alerts.event.{data['to']}")
    elif name in ("closed", "gone", "reopened"):
        words = t(f"alerts.event.{name}", why=t(f"alerts.why.{data.get('why') or 'corrected'}"))
    else:
        words = t(f"alerts.event.{name}")
    return t("alerts.said", what=words, note=note) if note else words


def role_names(case: Case) -> str:
    """Roles a case belongs to, in order."""
    return " → ".join(label(roles()[name].label) for name in case.owners)
