"""Departments like this one, ranked by their unit cost.

peers_of(warehouse, hospital, cube, dept, period, measure) -> (Peer, ...)      the dearest first
near(peers, count) -> ((rank, Peer), ...)                                       a window around the department
median(peers) -> Decimal | None
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.figures.common import LAST_YEAR, NIL, Cube, Dept, base_period
from core.measures import by_department
from core.warehouse import Warehouse

PEERS = 12


@dataclass(frozen=True, slots=True)
class Peer:
    """A department of the same class and care setting with its unit cost now and a year before."""

    dept: Dept
    value: Decimal | None
    last_year: Decimal | None
    here: bool


def peers_of(
    warehouse: Warehouse, hospital: str, box: Cube, dept: Dept, period: int, name: str
) -> tuple[Peer, ...]:
    """Same class and care setting, the dearest first; the department itself always among the first PEERS."""
    now = by_department(warehouse, hospital, [period], [name], box.scope)
    then = by_department(warehouse, hospital, [base_period(period, LAST_YEAR)], [name], box.scope)
    like = [
        one
        for one in box.depts.values()
        if (one.dept_class, one.care_setting) == (dept.dept_class, dept.care_setting)
    ]
    made = [
        Peer(one, now.get(one.code, {}).get(name), then.get(one.code, {}).get(name), one.code == dept.code)
        for one in like
    ]
    return tuple(
        sorted(
            (peer for peer in made if peer.value is not None or peer.here),
            key=lambda peer: (peer.value is None, -(peer.value or NIL), peer.dept.code),
        )
    )


def near(peers: tuple[Peer, ...], count: int = PEERS) -> tuple[tuple[int, Peer], ...]:
    """At most `count` peers with their rank: the department in the middle of its neighbours, first and last kept."""
    ranked = tuple(enumerate(peers, 1))
    if len(ranked) <= count:
        return ranked
    at = next((i for i, (_, peer) in enumerate(ranked) if peer.here), 0)
    start = min(max(at - (count - 2) // 2, 1), len(ranked) - count + 1)
    return (ranked[0], *ranked[start : start + count - 2], ranked[-1])


def median(peers: tuple[Peer, ...]) -> Decimal | None:
    """Of the peers that have a value."""
    known = sorted(peer.value for peer in peers if peer.value is not None)
    return (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2 if known else None
