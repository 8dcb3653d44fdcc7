"""Responsibility letters as a PDF for signature: A4, either language, one letter after another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.export.paper import typeset
from core.money import half_up
from core.responsibility.letters import Letter
from core.responsibility.targets import Target
from core.responsibility.words import words

DASH = "\N{EM DASH}"


def letters_pdf(
    letters: Sequence[Letter], hospital: str, lang: str, *, created: datetime | None = None
) -> bytes:
    """One PDF of all letters, each with its own page numbers. `hospital`: its name in `lang`."""
    made = typeset("letter", letters_data(letters, hospital, lang), created=created)
    assert isinstance(made, bytes)
    return made


def letters_data(letters: Sequence[Letter], hospital: str, lang: str) -> dict[str, Any]:
    """What the template is filled with."""
    papers = [_paper(one, hospital, lang) for one in letters]
    return {"title": papers[0]["title"] if papers else "", "lang": lang, "letters": papers}


def _paper(letter: Letter, hospital: str, lang: str) -> dict[str, Any]:
    said = {name: label.of(lang) for name, label in words("paper").items()}
    plain = [one for one in letter.targets if not one.code.startswith("red.") and (one.base or one.target)]
    lines = [one for one in letter.targets if one.code.startswith("red.")]
    note = ""
    if letter.version > 1:
        note = said["replaces"].format(version=letter.version - 1, why=letter.why)
    signers = (("hospital_side", letter.leader), ("dept_side", letter.head), ("officer", letter.officer))
    return {
        "hospital": hospital,
        "dept": letter.name,
        "title": letter.text("title", lang, hospital),
        "opening": letter.text("opening", lang, hospital),
        "rewards": letter.text("rewards", lang, hospital),
        "validity": letter.text("validity", lang, hospital),
        "duties": list(letter.duties(lang, hospital)),
        "note": note,
        "number": said["number"].format(number=letter.key.replace("/", "-"), version=letter.version),
        "snapshot": said["snapshot"].format(id=letter.snapshot),
        "page": said["page"],
        "heads": [said["col_target"], said["col_base"], said["col_value"], said["col_change"]],
        "rows": [_row(one, lang, said) for one in plain],
        "line_heads": [said["col_red"], said["col_limit"]],
        "lines": [[one.label(lang), _limit(one, said)] for one in lines],
        "signers": [{"role": said[role], "name": name, "date": letter.signed_on} for role, name in signers],
        "words": {key: said[key] for key in (
            "targets", "unit", "red_lines", "duties", "own", "rewards", "validity", "signature", "date",
        )},
    }  # fmt: skip


def _row(one: Target, lang: str, said: dict[str, str]) -> list[str]:
    change = one.change if one.unit == "yuan" else None
    shown = DASH if change is None else _number(change * 100, 1, signed=True) + "%"
    value = shown_value(one.target, one.unit, said)
    if one.unit != "yuan" and one.target is not None:
        value = said["at_least" if one.better == "higher" else "at_most"].format(value=value)
    return [one.label(lang), shown_value(one.base, one.unit, said), value, shown]


def _limit(one: Target, said: dict[str, str]) -> str:
    if one.target is None:
        return said["undecided"]
    value = shown_value(one.target, one.unit, said)
    if not one.target and one.better == "lower":
        return value
    return said["at_least" if one.better == "higher" else "at_most"].format(value=value)


def shown_value(value: Decimal | None, unit: str, said: dict[str, str]) -> str:
    """A figure as the paper shows it: yuan with two places, ratios in per cent."""
    if value is None:
        return DASH
    if unit == "yuan":
        return _number(value, 2)
    if unit == "percent":
        return _number(value * 100, 2).rstrip("0").rstrip(".") + "%"
    if unit in ("points", "count"):
        return said[unit].format(value=f"{value.normalize():f}")
    return _number(value, 2)


def _number(value: Decimal, places: int, *, signed: bool = False) -> str:
    rounded = half_up(value, places)
    sign = "-" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return f"{sign}{abs(rounded):,.{places}f}"
