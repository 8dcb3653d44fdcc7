"""Who owns what: people, their roles and departments, and where a message reaches them.

    roles() -> {name: Role}                       core/definitions/people.yaml
    people(settings) -> (Person, ...)             owner(settings, role, dept) -> Person | None
    set_people(store, hospital, people, actor=, at=)

People are settings of a hospital (part of the snapshot, in the history, undone like an import). No secret is kept
here: `webhook` is the name of a channel whose address stands in secrets.toml.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.catalog import DEFINITIONS, DefinitionError, Label, build, load_yaml
from core.settings import Settings, set_value
from core.store import Snapshot, Store

KEY = "people"
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_CHANNEL = re.compile(r"[\w.-]*")


@dataclass(frozen=True, slots=True)
class Role:
    """One role; `of_department`: it is held for departments and never for the whole hospital."""

    name: str
    label: Label
    aliases: tuple[str, ...] = ()
    of_department: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person. `depts`: department codes the roles are held for, () for the whole hospital."""

    name: str
    roles: tuple[str, ...]
    depts: tuple[str, ...] = ()
    email: str = ""
    webhook: str = ""


class PeopleError(ValueError):
    """A list of people that cannot be kept; `text(lang)` says why and what to do."""

    def __init__(self, reason: str, **params: Any) -> None:
        self.reason, self._params = reason, params
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """What is wrong and what to do."""
        words: str = load_yaml(DEFINITIONS / "deciding.yaml")["people"][self.reason][lang]
        shown = {key: v.of(lang) if isinstance(v, Label) else v for key, v in self._params.items()}
        return words.format(**shown)


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """All roles by name, in the order of the file."""
    path = DEFINITIONS / "people.yaml"
    made = [build(Role, raw, f"{path.name}, {raw.get('name')}") for raw in load_yaml(path)["roles"]]
    found = {role.name: role for role in made}
    if len(found) != len(made):
        raise DefinitionError(f"{path.name}: a role is given twice")
    return MappingProxyType(found)


def people(settings: Settings) -> tuple[Person, ...]:
    """Everybody the hospital listed, in the order of the list."""
    return tuple(
        Person(row["name"], tuple(row["roles"]), tuple(row["depts"]), row.get("email", ""), row.get("webhook", ""))
        for row in settings.other.get(KEY, ())
    )  # fmt: skip


def owner(settings: Settings, role: str, dept: str | None) -> Person | None:
    """Who holds `role` for department `dept` (None or '': the hospital); None if nobody does.

    Who holds it for exactly this department comes first, then who holds it for the whole hospital.
    """
    holders = [one for one in people(settings) if role in one.roles]
    if dept:
        for one in holders:
            if dept in one.depts:
                return one
    if roles()[role].of_department:
        return None
    return next((one for one in holders if not one.depts), None)


def set_people(
    store: Store, hospital: str, listed: Sequence[Person], *, actor: str, at: datetime,
    depts: Collection[str] | None = None,
) -> Snapshot:  # fmt: skip
    """Replace the list of people. With `depts` (codes of the dictionary), departments are checked against it.

    Raises:
        PeopleError: a name is missing or given twice, or a role, department, address or channel cannot be used.
    """
    seen: set[str] = set()
    for row, one in enumerate(listed, 1):
        if not one.name.strip():
            raise PeopleError("name", row=row)
        if one.name in seen:
            raise PeopleError("twice", value=one.name)
        seen.add(one.name)
        _check(one, depts)
    rows = [asdict(one) for one in listed]
    return set_value(store, hospital, KEY, rows or None, actor=actor, at=at)


def _check(one: Person, depts: Collection[str] | None) -> None:
    if not one.roles:
        raise PeopleError("no_role", name=one.name)
    for name in one.roles:
        if name not in roles():
            allowed = {
                lang: ", ".join(role.label.of(lang) for role in roles().values()) for lang in ("zh", "en")
            }
            raise PeopleError("role", name=one.name, value=name, allowed=Label(**allowed))
        if roles()[name].of_department and not one.depts:
            raise PeopleError("needs_dept", name=one.name, value=roles()[name].label)
    if one.email and not _EMAIL.fullmatch(one.email):
        raise PeopleError("email", name=one.name, value=one.email)
    if not _CHANNEL.fullmatch(one.webhook):
        raise PeopleError("webhook", name=one.name)
    for code in one.depts:
        if depts is not None and code not in depts:
            raise PeopleError("dept", name=one.name, value=code)
