"""The five identities that every allocation must satisfy, checked on every run.

    I1  sum_c Full(c,k) + unallocated(k) = sum_d D(d,k)              per item and layer
    I2  a department that gave holds nothing but its unallocated money
    I3  sum_origin,path lineage(c,.,.,k) = Full(c,k)                 Full from the allocation tables
    I4  sum_c,path lineage(.,origin,.,k) + unallocated of the origin = D(origin,k)
    I5  money only moves forward: never into an account that has given for the last time; in the
        three-step method also strictly down the classes A < X < T < C and along the eight paths
All sums are int64 and exact. Where a driver changes the item money arrives as, I1 counts it as moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.allocation.errors import IdentityBroken
from core.allocation.inputs import UNMAPPED, AllocationInputs
from core.allocation.result import AllocationResult, Table

EIGHT = {"C", "A>C", "X>C", "T>C", "A>X>C", "A>T>C", "X>T>C", "A>X>T>C"}
Int64 = NDArray[np.int64]


@dataclass(frozen=True)
class Identity:
    """One identity: whether it holds, the largest difference in fen, and where that is ('' if it holds)."""

    name: str
    ok: bool
    difference: int
    where: str


def identities(inputs: AllocationInputs, result: AllocationResult) -> tuple[Identity, ...]:
    """I1..I5 from the inputs and the tables of a result. Does not raise."""
    shape = (len(inputs.departments) + 1, len(inputs.items), len(inputs.layers))
    direct = np.concatenate([inputs.direct, inputs.loose[None]])
    lineage, loose, flows, full = result.lineage(), result.unallocated(), result.flows(), result.full_cost()
    full_cost = _sum(full, ("receiver", "item", "layer"), shape)
    unallocated = _sum(loose, ("holder", "item", "layer"), shape)
    given = _sum(flows, ("source", "source_item", "layer"), shape)
    received = _sum(flows, ("target", "item", "layer"), shape)
    changed = (received - given).sum(axis=0)
    departments = (*inputs.departments, UNMAPPED)
    names = (departments, inputs.items, inputs.layers)

    one = full_cost.sum(axis=0) + unallocated.sum(axis=0) - direct.sum(axis=0) - changed
    held = (direct - given + received)[~result.final] - unallocated[~result.final]
    three = _sum(lineage, ("receiver", "item", "layer"), shape) - full_cost
    origin = ("origin", "origin_item", "layer")
    four = _sum(lineage, origin, shape) + _sum(loose, origin, shape) - direct
    resting = tuple(np.array(departments, dtype=object)[~result.final])
    return (
        _identity("I1", one, names[1:]),
        _identity("I2", held, (resting, *names[1:])),
        _identity("I3", three, names),
        _identity("I4", four, names),
        _forward(inputs, result),
    )


def proven(result: AllocationResult) -> AllocationResult:
    """The result with its identities. Errors: IdentityBroken for the first that does not hold."""
    found = identities(result.inputs, result)
    for identity in found:
        if not identity.ok:
            raise IdentityBroken(identity.name, identity.difference, identity.where)
    return replace(result, identities=found)


def check_flows(
    direct: Mapping[str, int], flows: Iterable[tuple[str, str, int]], sources: Sequence[str]
) -> dict[str, int]:
    """Check an allocation table somebody else published, and return what every department then holds.

    direct: fen by department; flows: (source, target, fen) in the order they happened; sources:
    departments that must end with nothing. Errors: IdentityBroken I1 when what ends outside the sources
    does not add up to what came in (money vanished into, or came out of, a source that had closed).
    """
    held = dict(direct)
    for source, target, amount in flows:
        held[source] = held.get(source, 0) - amount
        held[target] = held.get(target, 0) + amount
    lost = {name: held[name] for name in sources if held.get(name)}
    if lost:
        where, amount = max(lost.items(), key=lambda pair: abs(pair[1]))
        raise IdentityBroken("I1", abs(amount), where)
    return held


def _sum(table: Table, by: tuple[str, ...], shape: tuple[int, ...]) -> Int64:
    total = np.zeros(int(np.prod(shape)), dtype=np.int64)
    at = np.zeros(len(table["amount"]), dtype=np.int64)
    for name, length in zip(by, shape, strict=True):
        at *= length
        at += table[name]
    np.add.at(total, at, table["amount"])
    return total.reshape(shape)


def _identity(name: str, difference: Int64, labels: tuple[tuple[str, ...], ...]) -> Identity:
    if not difference.any():
        return Identity(name, True, 0, "")
    at = np.unravel_index(int(np.argmax(np.abs(difference))), difference.shape)
    where = " / ".join(words[i] for words, i in zip(labels, at, strict=True))
    return Identity(name, False, abs(int(difference[at])), where)


def _forward(inputs: AllocationInputs, result: AllocationResult) -> Identity:
    flows = result.flows()
    closing = result.closes[flows["target"], flows["item"]]
    wrong = (closing > 0) & (closing <= flows["step"])
    path_wrong: set[str] = set()
    if result.policy.method == "three_step":
        kind = np.append(inputs.class_index, -1)
        wrong |= kind[flows["source"]] >= kind[flows["target"]]
        used = np.unique(result.lineage()["path"])
        path_wrong = {result.labels["path"][p] for p in used} - EIGHT
    if not wrong.any() and not path_wrong:
        return Identity("I5", True, 0, "")
    if not wrong.any():
        return Identity("I5", False, 0, f"path {sorted(path_wrong)[0]}")
    worst = int(np.argmax(np.where(wrong, np.abs(flows["amount"]), -1)))
    names = (*inputs.departments, UNMAPPED)
    where = f"{names[flows['source'][worst]]} > {names[flows['target'][worst]]}"
    return Identity("I5", False, abs(int(flows["amount"][worst])), f"step {flows['step'][worst]}, {where}")
