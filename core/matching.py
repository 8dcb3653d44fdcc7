"""Likeness of names: headings to columns, departments to the dictionary. The only door to rapidfuzz.

Likeness ranks, it never decides: a fuzzy hit is a proposal that a person confirms. What decides is equality after a
stated normalisation, and only when exactly one candidate is equal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.lexicon import even, lexicon, squeeze, trim

PROPOSE_FROM = 60  # below this likeness a proposal would be noise
_BRACKETED = re.compile(r"[(\[<{][^()\[\]<>{}]*[)\]>}]")
_SEPARATORS = re.compile(r"[;,|/\N{IDEOGRAPHIC COMMA}]")
_LOST_ZERO = re.compile(r"\.0+$")


def rank(text: str, choices: Mapping[str, Sequence[str]], limit: int = 3) -> list[tuple[str, int]]:
    """The `limit` choices most like `text`, best first, as (name, 0..100). A choice is as like as its best spelling."""
    plain = squeeze(text)
    scored = [
        (name, round(max((likeness(plain, squeeze(spelling)) for spelling in spellings), default=0)))
        for name, spellings in choices.items()
    ]
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[:limit]


def likeness(one: str, other: str) -> float:
    """0..100 for two squeezed texts; short words that share one character are not alike."""
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    whole = float(fuzz.ratio(one, other))
    inside = float(fuzz.partial_ratio(one, other)) * 0.9 if min(len(one), len(other)) >= 2 else 0.0
    return min(
        99.0, max(whole, inside * min(len(one), len(other)) / max(len(one), len(other)) + whole * 0.2, whole)
    )


@dataclass(frozen=True, slots=True)
class DeptHit:
    """What a department text was found to be.

    how   code | alias | repaired | name | normalised | proposed | unknown. 'proposed' is not a match until confirmed.
    """

    code: str | None
    name: str
    how: str
    score: int
    alternatives: tuple[tuple[str, str, int], ...] = ()
    disagrees: bool = False


class Departments:
    """The department dictionary of a hospital, and the ways a text may meet it.

    Args:
        departments: (code, name, class, former names separated by ; , | or the Chinese comma); only two are needed.
        aliases: (raw code, raw name, department code) that people confirmed before.
    """

    def __init__(self, departments: Iterable[Sequence[str]], aliases: Iterable[Sequence[str]] = ()) -> None:
        self.names: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_stem: dict[str, set[str]] = defaultdict(set)
        self._by_bare: dict[str, set[str]] = defaultdict(set)
        self._spellings: dict[str, list[str]] = {}
        for entry in departments:
            code, name = trim(entry[0]), trim(entry[1])
            former = _SEPARATORS.split(even(entry[3])) if len(entry) > 3 and entry[3] else []
            self.names[code] = name
            self._spellings[code] = [name, *(trim(text) for text in former if trim(text))]
            self._by_bare[bare_code(code)].add(code)
            for spelling in self._spellings[code]:
                self._by_name[squeeze(spelling)].add(code)
                self._by_stem[stem(spelling)].add(code)
        self._aliases = {(trim(code), squeeze(name)): target for code, name, target in aliases}

    def __bool__(self) -> bool:
        return bool(self.names)

    def find(self, raw_code: str, raw_name: str) -> DeptHit:
        """The department a row means. A code decides over a name; if both speak and differ, `disagrees` is set."""
        code, name = trim(raw_code), trim(raw_name)
        by_code = self._code(code, name)
        by_name = self._name(name) if name else None
        if by_code is not None:
            spoken = (
                by_name is not None and by_name.code is not None and by_name.how in ("name", "normalised")
            )
            disagrees = by_code.how != "alias" and (
                by_name.code != by_code.code if spoken and by_name else self._stranger(by_code.code, name)
            )
            return DeptHit(by_code.code, by_code.name, by_code.how, 100, (), disagrees)
        if by_name is not None:
            return by_name
        return DeptHit(None, "", "unknown", 0, self.propose(name or code))

    def propose(self, text: str, limit: int = 3) -> tuple[tuple[str, str, int], ...]:
        """The departments most like a name, as (code, name, 0..100)."""
        if not text or not self.names:
            return ()
        hits = rank(text, self._spellings, limit)
        return tuple((code, self.names[code], score) for code, score in hits if score >= PROPOSE_FROM)

    def _code(self, code: str, name: str) -> DeptHit | None:
        if code in self.names:
            return DeptHit(code, self.names[code], "code", 100)
        target = self._aliases.get((code, squeeze(name))) or (self._aliases.get((code, "")) if code else None)
        if target in self.names and target is not None:
            return DeptHit(target, self.names[target], "alias", 100)
        alike = self._by_bare.get(bare_code(code), set()) if code else set()
        if len(alike) == 1:
            (only,) = alike
            return DeptHit(only, self.names[only], "repaired", 100)
        return None

    def _name(self, name: str) -> DeptHit:
        alias = self._aliases.get(("", squeeze(name)))
        if alias in self.names and alias is not None:
            return DeptHit(alias, self.names[alias], "alias", 100)
        for how, found in (
            ("name", self._by_name.get(squeeze(name))),
            ("normalised", self._by_stem.get(stem(name))),
        ):
            if found and len(found) == 1:
                (code,) = found
                if how == "normalised" and {place(name), place(self.names[code])} == {
                    "outpatient",
                    "inpatient",
                }:
                    continue
                return DeptHit(code, self.names[code], how, 100)
        proposals = self.propose(name)
        if proposals:
            code, label, score = proposals[0]
            return DeptHit(code, label, "proposed", score, proposals)
        return DeptHit(None, "", "unknown", 0)

    def _stranger(self, code: str | None, name: str) -> bool:
        """True if a name is nothing like the names its code goes by."""
        if not name or code is None:
            return False
        return max(likeness(squeeze(name), squeeze(text)) for text in self._spellings[code]) < PROPOSE_FROM


def bare_code(code: str) -> str:
    """A code without what spreadsheets do to it: no '.0' at the end, no zeros in front, no case."""
    plain = _LOST_ZERO.sub("", squeeze(code)) if re.fullmatch(r"\d+\.0+", squeeze(code)) else squeeze(code)
    return plain.lstrip("0") or ("0" if plain else "")


def stem(name: str) -> str:
    """A department name without what is in brackets and without endings such as ward or clinic, squeezed."""
    return _parted(name)[0]


def place(name: str) -> str:
    """'outpatient', 'inpatient' or '' by the endings and bracketed words of a department name."""
    return _parted(name)[1]


def _parted(name: str) -> tuple[str, str]:
    plain = squeeze(name)
    places = lexicon().dept_places
    said = next(
        (where for inside in _BRACKETED.findall(plain) for word, where in places.items() if word in inside),
        "",
    )
    plain = _BRACKETED.sub("", plain) or plain
    for word, where in places.items():
        if plain.endswith(word) and len(plain) - len(word) >= 2:
            return plain[: -len(word)], said or where
    return plain, said
