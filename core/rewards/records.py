"""Rewards as recorded: what a committee decided for a span, kept in the journal and never edited.

    record(store, hospital, outcomes, span, ...)      one new record per award; refuses what is recorded already
    correct(store, hospital, key, replaces, ...)      a new record that names the one it replaces, with a reason
    records(store, hospital) -> (Recorded, ...)       the newest record of each award
    history(store, hospital, key) -> (Entry, ...)     all of them, oldest first, with what broke the chain

A record is filed under rule/span/object ('w1/2025Q3/0401'). Each carries the fingerprint of the one before it
(core/chain), so one that was altered outside the program is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core import chain
from core.journal import Entry, journal
from core.rewards.awards import CANCELLED, CHARGE, FLAG, NONE, PAYABLE, PENDING, Award, Outcome
from core.rewards.figures import YEAR, Span
from core.rewards.rules import RewardError, rules
from core.store import Store

REWARD = "reward"
KEPT_KINDS = (PAYABLE, PENDING, CANCELLED, CHARGE, FLAG)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The newest record of one award. `count` records stand behind it; `broken` ones do not fit their chain."""

    key: str
    rule: str
    span: str
    through: int
    object: str
    name: str
    dept: str
    amount: int | None
    state: str
    seq: int
    by: str
    at: datetime
    count: int
    broken: tuple[int, ...]
    data: Mapping[str, Any]


def key_of(award: Award, span: Span) -> str:
    """What a record is filed under."""
    return f"{award.rule}/{span.code}/{award.key}"


def record(
    store: Store,
    hospital: str,
    outcomes: Iterable[Outcome],
    span: Span,
    *,
    snapshot: str,
    by: str,
    at: datetime,
    tried: Mapping[str, Decimal] | None = None,
    skip_recorded: bool = False,
) -> tuple[Entry, ...]:
    """Write the awards down, all of them or none. Lines that earned nothing are not written.

    tried: parameters that differed from those in force, so that a record says what it was computed with.
    skip_recorded: leave awards alone that have a record, instead of refusing.

    Raises:
        RewardError: nothing to record; recorded already; a negative amount where the rule allows none.
    """
    drafts = {
        key_of(award, span): (award, _data(award, span, snapshot, tried or {}))
        for outcome in outcomes
        for award in outcome.awards
        if award.state in KEPT_KINDS
    }
    for award, _ in drafts.values():
        if (award.amount or 0) < 0 and rules()[award.rule].kind not in ("lump", "split"):
            raise RewardError("negative", name=award.name)
    with journal(store).changing(hospital) as writer:
        held = writer.latest(REWARD)
        for key, (award, _) in list(drafts.items()):
            if key in held and skip_recorded:
                del drafts[key]
            elif key in held:
                raise RewardError("recorded", name=award.name, span=span.code, seq=held[key].seq)
        if not drafts:
            raise RewardError("nothing")
        quarters = settled(map(_recorded, _grouped(writer.entries(REWARD)).values()), span)
        made = [
            (REWARD, key, chain.linked({**data, "already": quarters.get(f"{a.rule}/{a.key}", 0)}, None))
            for key, (a, data) in drafts.items()
        ]
        return writer.add(made, by=by, at=at)


def correct(
    store: Store,
    hospital: str,
    key: str,
    *,
    replaces: int,
    amount: int | None,
    state: str,
    why: str,
    by: str,
    at: datetime,
    snapshot: str = "",
) -> Entry:
    """A new record in place of number `replaces`; that one stays as it was.

    Raises:
        RewardError: no such record; it was replaced meanwhile; no reason; nothing differs; a negative amount.
    """
    if not why.strip():
        raise RewardError("reason")
    with journal(store).changing(hospital) as writer:
        chained = writer.entries(REWARD, key)
        if not chained:
            raise RewardError("unknown", key=key)
        newest = chained[-1]
        if newest.seq != replaces:
            raise RewardError("stale", seq=newest.seq)
        held = newest.data
        if (amount or 0) < 0 and rules()[held["rule"]].kind not in ("lump", "split"):
            raise RewardError("negative", name=held["name"])
        amount = {PENDING: None, CANCELLED: 0, FLAG: 0, NONE: 0}.get(state, amount)
        if (amount, state) == (held["amount"], held["state"]):
            raise RewardError("same")
        data = {**held, "amount": amount, "state": state, "reason": why.strip()}
        data["snapshot"] = snapshot or held["snapshot"]
        return writer.add([(REWARD, key, chain.linked(data, newest))], by=by, at=at)[0]


def history(store: Store, hospital: str, key: str) -> tuple[Entry, ...]:
    """Every record of one award, oldest first."""
    return journal(store).entries(REWARD, hospital, key)


def records(store: Store, hospital: str) -> tuple[Recorded, ...]:
    """The newest record of every award, newest first."""
    made = [_recorded(entries) for entries in _grouped(journal(store).entries(REWARD, hospital)).values()]
    return tuple(sorted(made, key=lambda one: -one.seq))


def settled(found: Iterable[Recorded], span: Span) -> dict[str, int]:
    """What quarters of the year have recorded already, by rule/object: {'w1/0401': fen}. Empty for a quarter.

    A year's record carries this as `already`; what is still due is amount - already.
    """
    sums: dict[str, int] = {}
    if span.kind != YEAR:
        return sums
    for one in found:
        if one.span.startswith(f"{span.code}Q") and one.state in (PAYABLE, CHARGE):
            key = f"{one.rule}/{one.key.split('/', 2)[2]}"
            sums[key] = sums.get(key, 0) + (one.amount or 0)
    return sums


def _grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    by_key: dict[str, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(entry.key, []).append(entry)
    return by_key


def _data(award: Award, span: Span, snapshot: str, tried: Mapping[str, Decimal]) -> dict[str, Any]:
    return {
        "rule": award.rule,
        "span": span.code,
        "through": span.period,
        "object": award.object,
        "bears": award.bears,
        "name": award.name,
        "dept": award.dept,
        "base": award.base,
        "rate": None if award.rate is None else str(award.rate),
        "full": award.full,
        "amount": award.amount,
        "state": award.state,
        "why": list(award.why),
        "lines": dict(award.lines),
        "measured": {name: None if v is None else str(v) for name, v in award.measured.items()},
        "tried": {name: str(value) for name, value in tried.items()},
        "snapshot": snapshot,
        "reason": "",
    }


def _recorded(entries: list[Entry]) -> Recorded:
    newest = entries[-1]
    data = newest.data
    return Recorded(
        newest.key, data["rule"], data["span"], data["through"], data["object"], data["name"], data["dept"],
        data["amount"], data["state"], newest.seq, newest.by, newest.at, len(entries), chain.broken(entries), data,
    )  # fmt: skip
