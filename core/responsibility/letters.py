"""Cost-control responsibility letters: one per department and year, from draft to signature.

    draft(store, hospital, year, {dept: (name, targets)}, wording, ...)   letters for departments that have none
    revise(store, hospital, key, ...)       other targets: freely while a draft, else a supplementary letter (version + 1)
    advance(store, hospital, keys, state, ...)    draft -> agreed -> printed -> signed
    letters(store, hospital, year) -> (Letter, ...)       history(store, hospital, key) -> (Entry, ...)

Every step is a new journal entry that carries the whole letter and the fingerprint of the one before (core/chain). A
signed letter never changes: a supplementary letter names the version it replaces and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core import chain
from core.journal import Entry, Writer, journal
from core.responsibility.targets import Target
from core.responsibility.words import TEXTS, ResponsibilityError, proposed_wording, words
from core.settings import Settings, set_value
from core.store import Snapshot, Store

LETTER, WORDING = "letter", "letter_wording"
DRAFT, AGREED, PRINTED, SIGNED = STATES = ("draft", "agreed", "printed", "signed")
# From -> to. Printing again is no step; an agreed or printed letter may be taken back to a draft.
STEPS = {
    DRAFT: (AGREED,),
    AGREED: (PRINTED, DRAFT),
    PRINTED: (SIGNED, PRINTED, DRAFT),
    SIGNED: (),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it stands. `signed_on` and the names are '' before the signature."""

    key: str
    year: int
    dept: str
    name: str
    version: int
    state: str
    targets: tuple[Target, ...]
    wording: Mapping[str, Any]
    snapshot: str
    head: str
    leader: str
    officer: str
    signed_on: str
    why: str
    seq: int
    by: str
    at: datetime
    broken: tuple[int, ...]

    def text(self, name: str, lang: str, hospital: str) -> str:
        """One text of the wording with its places filled in."""
        return _filled(self.wording[name][lang], hospital, self.name, self.year)

    def duties(self, lang: str, hospital: str) -> tuple[str, ...]:
        """The duties, one line each."""
        return tuple(_filled(line, hospital, self.name, self.year) for line in self.wording["duties"][lang])


def _filled(text: str, hospital: str, dept: str, year: int) -> str:
    """Replaces the three places only, so that a brace somebody typed breaks nothing."""
    for place, what in (("{hospital}", hospital), ("{dept}", dept), ("{year}", str(year))):
        text = text.replace(place, what)
    return text


def wording(settings: Settings) -> dict[str, Any]:
    """The hospital's wording, or the proposal where it wrote none."""
    own = settings.other.get(WORDING) or {}
    return {**proposed_wording(), **own}


def set_wording(
    store: Store, hospital: str, texts: Mapping[str, Any] | None, *, actor: str, at: datetime
) -> Snapshot:
    """Keep the hospital's wording ({name: {zh, en}}, duties as lists); None goes back to the proposal.

    Letters that exist keep the wording they were drafted with.

    Raises:
        ResponsibilityError: a text or all duties are empty.
    """
    for name in (*TEXTS, "duties") if texts is not None else ():
        for lang in ("zh", "en"):
            said = texts[name][lang] if texts else ""
            if not (any(line.strip() for line in said) if isinstance(said, list) else said.strip()):
                raise ResponsibilityError("trace_missing", what=f"{name} ({lang})")
    return set_value(store, hospital, WORDING, texts, actor=actor, at=at)


def draft(
    store: Store,
    hospital: str,
    year: int,
    wanted: Mapping[str, tuple[str, Sequence[Target]]],
    texts: Mapping[str, Any],
    *,
    snapshot: str,
    by: str,
    at: datetime,
    people: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Entry, ...]:
    """Letters for the departments of `wanted` ({code: (name, targets)}) that have none yet, all or none.

    people: {code: {head, leader, officer}} names to print, where they are known.

    Raises:
        ResponsibilityError: a department has no target of cost; all of them have letters already.
    """
    drafts = []
    with journal(store).changing(hospital) as writer:
        held = writer.latest(LETTER)
        for dept, (name, targets) in wanted.items():
            key = f"{year}/{dept}"
            if key in held:
                continue
            _checked(name, targets)
            known = {"head": "", "leader": "", "officer": "", **((people or {}).get(dept, {}))}
            data = {
                "year": year, "dept": dept, "name": name, "version": 1, "state": DRAFT,
                "targets": [one.data() for one in targets], "wording": dict(texts), "snapshot": snapshot,
                "signed_on": "", "why": "", **known,
            }  # fmt: skip
            drafts.append((LETTER, key, chain.linked(data, None)))
        if not drafts:
            dept, (name, _) = next(iter(wanted.items()))
            latest = held[f"{year}/{dept}"].data
            raise ResponsibilityError(
                "letter_exists", name=name, year=year, version=latest["version"], state=words("letter_states")[latest["state"]],
            )  # fmt: skip
        return writer.add(drafts, by=by, at=at)


def _checked(name: str, targets: Sequence[Target]) -> None:
    if not any(one.code.startswith("cost.") and one.target is not None for one in targets):
        raise ResponsibilityError("letter_targets", name=name)
    for one in targets:
        if one.code.startswith("cost.") and (one.target is None or one.target < 0):
            raise ResponsibilityError("amount", label=_Both(one))


class _Both:
    """A target's words in the language somebody reads the refusal in."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def __str__(self) -> str:
        return f"{self._target.label('zh')} / {self._target.label('en')}"


def revise(
    store: Store,
    hospital: str,
    key: str,
    targets: Sequence[Target],
    *,
    replaces: int,
    by: str,
    at: datetime,
    snapshot: str = "",
    why: str = "",
    texts: Mapping[str, Any] | None = None,
) -> Entry:
    """Other targets (and wording). A draft is rewritten; anything later becomes the draft of the next version.

    Raises:
        ResponsibilityError: no such letter; changed meanwhile; no reason for a supplementary letter.
    """
    with journal(store).changing(hospital) as writer:
        before, data = _held(writer, key)
        _fresh(before, replaces)
        _checked(data["name"], targets)
        if data["state"] != DRAFT:
            if not why.strip():
                raise ResponsibilityError("letter_reason")
            data |= {"version": data["version"] + 1, "state": DRAFT, "signed_on": "", "why": why.strip()}
        data |= {"targets": [one.data() for one in targets], "snapshot": snapshot or data["snapshot"]}
        data |= {"wording": dict(texts)} if texts is not None else {}
        return writer.add([(LETTER, key, chain.linked(data, before))], by=by, at=at)[0]


def advance(
    store: Store,
    hospital: str,
    keys: Iterable[str],
    state: str,
    *,
    by: str,
    at: datetime,
    signed_on: date | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[Entry, ...]:
    """Take letters to the next state, all of them or none. `names`: {head, leader, officer} of a signature.

    Raises:
        ResponsibilityError: no such letter; not the next state; a signature without names or date.
    """
    drafts = []
    with journal(store).changing(hospital) as writer:
        for key in keys:
            before, data = _held(writer, key)
            if state not in STEPS[data["state"]]:
                code = "letter_signed" if data["state"] == SIGNED else "letter_order"
                raise ResponsibilityError(
                    code, name=data["name"], state=words("letter_states")[data["state"]], wanted=words("letter_states")[state],
                )  # fmt: skip
            data |= {"state": state}
            if state == SIGNED:
                data |= {name: said.strip() for name, said in (names or {}).items() if said.strip()}
                if not (data["head"] and data["leader"] and signed_on):
                    raise ResponsibilityError("letter_names")
                data["signed_on"] = signed_on.isoformat()
            drafts.append((LETTER, key, chain.linked(data, before)))
        return writer.add(drafts, by=by, at=at)


def letters(store: Store, hospital: str, year: int) -> tuple[Letter, ...]:
    """The letters of a year as they stand, by department code."""
    chains: dict[str, list[Entry]] = {}
    for entry in journal(store).entries(LETTER, hospital):
        if entry.data["year"] == year:
            chains.setdefault(entry.key, []).append(entry)
    return tuple(_letter(chains[key]) for key in sorted(chains))


def history(store: Store, hospital: str, key: str) -> tuple[Entry, ...]:
    """Everything that happened to a letter, oldest first."""
    return journal(store).entries(LETTER, hospital, key)


def _held(writer: Writer, key: str) -> tuple[Entry, dict[str, Any]]:
    entries = writer.entries(LETTER, key)
    if not entries:
        raise ResponsibilityError("letter_unknown", key=key)
    return entries[-1], dict(entries[-1].data)


def _fresh(before: Entry, replaces: int) -> None:
    if before.seq != replaces:
        raise ResponsibilityError("letter_changed", name=before.data["name"])


def _letter(entries: list[Entry]) -> Letter:
    newest = entries[-1]
    data = newest.data
    return Letter(
        newest.key, data["year"], data["dept"], data["name"], data["version"], data["state"],
        tuple(Target.of(row) for row in data["targets"]), data["wording"], data["snapshot"], data["head"], data["leader"],
        data["officer"], data["signed_on"], data["why"], newest.seq, newest.by, newest.at, chain.broken(entries),
    )  # fmt: skip
