"""What an owner is written: how many alerts, the worst first, each in one line, and where to open them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from core.alerts.life import Status
from core.alerts.rules import definition, rule_of
from core.alerts.wording import short, subject
from core.catalog import DEFINITIONS, Label, load_yaml
from core.people import Person

MOST = 20


@lru_cache(maxsize=1)
def _words() -> dict[str, Label]:
    return {key: Label(**words) for key, words in load_yaml(DEFINITIONS / "messages.yaml")["message"].items()}


def title(statuses: Sequence[Status], lang: str) -> str:
    """How many, and how many of them serious."""
    serious = sum(status.run.level == "serious" for status in statuses)
    text = _words()["title"].of(lang).format(count=len(statuses))
    return text + (_words()["serious"].of(lang).format(count=serious) if serious else "")


def line(status: Status, lang: str) -> str:
    """One alert in a line."""
    run = status.run
    text = (
        _words()["line"]
        .of(lang)
        .format(
            level=definition().levels[run.level].of(lang),
            subject=subject(run, lang),
            rule=rule_of(run.name).label.of(lang),
            short=short(run, lang),
            due=f"{status.due.astimezone():%Y-%m-%d %H:%M}" if status.due else "—",
        )
    )
    return text + (_words()["again"].of(lang) if status.reopened else "")


def body(person: Person, statuses: Sequence[Status], url: str, lang: str) -> str:
    """The whole message."""
    lines = [_words()["greeting"].of(lang).format(name=person.name)]
    lines += [line(status, lang) for status in statuses[:MOST]]
    if len(statuses) > MOST:
        lines.append(_words()["more"].of(lang).format(count=len(statuses) - MOST))
    if url:
        lines.append(_words()["open"].of(lang).format(url=f"{url.rstrip('/')}/alerts"))
    return "\n".join(lines)


def probe_message(lang: str) -> tuple[str, str]:
    """Title and text of a message that only shows that the channel works."""
    return _words()["test_title"].of(lang), _words()["test"].of(lang)
