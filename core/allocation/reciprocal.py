"""The reciprocal method: all services serve each other at once (simultaneous equations).

With S(i,j) the share of service i used by service j (own use on the diagonal) and B(i,c) the share used by
final department c, rows of [S B] adding up to 1:
    gross service cost   g = D + S' g                 D direct cost of the services
    final shares         F = (I - S)^-1 B             where one fen that starts in i ends
    full cost            Full(c) = D(c) + sum_i D(i) F(i,c)
F is solved in float64 and turned into weights of 10^13 parts; each origin's own cost is then divided in whole
fen by largest remainder, so every total and every lineage row is exact although F is not.
A service from which no final department can be reached (a closed circle, or no driver) keeps what it gets:
that money is shown as unallocated there. Paths name only the class it came from and the class it reached.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.allocation.choice import Choice, Chooser
from core.allocation.errors import PolicyError
from core.allocation.identities import proven
from core.allocation.inputs import AllocationInputs
from core.allocation.ledger import Ledger
from core.allocation.policy import Policy
from core.allocation.result import AllocationResult, FallbackUse, Table, collect

PARTS = 10**13
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Network:
    """Who uses whom, for one cost item. Services in rows; `choices` one for each.

    ends     float [services, D]: shares of where a fen ends (finals, and services that keep it)
    keeps    bool [services]: services that keep what they get
    inverse  float [services, services]: (I - S)^-1 over the services that do not keep, else 0
    """

    choices: list[Choice]
    ends: Floats
    keeps: NDArray[np.bool_]
    inverse: Floats


def reciprocal(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Allocate by simultaneous equations, own use included. rates() gives gross cost and unit rates.

    Errors: PolicyError if a driver lets money arrive as another item (there is no order to do that in).
    """
    policy = replace(policy or Policy(), method="reciprocal", order=())
    chooser = Chooser(inputs, policy)
    if len(chooser.node_dept) != len(inputs.departments):
        raise PolicyError(
            "The reciprocal method cannot change the item money arrives as.",
            "Choose step_down, or a driver without arrival items.",
        )
    services = np.flatnonzero((inputs.class_index >= 0) & (inputs.class_index < 3))
    row_of = {int(d): row for row, d in enumerate(services)}
    by_item = any(driver.by_item for driver in chooser.drivers.values())
    networks: list[Network] = []
    for item in range(len(inputs.items)):
        networks.append(_network(chooser, services, item) if by_item or not item else networks[0])

    # A service that keeps what it gets is no giver: its money is never due.
    wave = np.zeros((len(inputs.departments) + 1, len(inputs.items)), dtype=bool)
    for item, network in enumerate(networks):
        wave[services[~network.keeps], item] = True
    ledger = Ledger(inputs, chooser, [wave], np.append(inputs.of_class("clinical"), False))

    def weigh(dept: int, item: int) -> Choice:
        network, row = networks[item], row_of[dept]
        choice = network.choices[row]
        # Fallbacks are noted in _rates, with gross amounts; hence wanted = used here.
        weights = np.rint(network.ends[row] * PARTS).astype(np.int64)
        total = int(weights.sum())
        return replace(choice, weights=weights, total=total, decimals=13, wanted=choice.used)

    ledger.give(1, weigh)
    rates = _rates(inputs, services, networks, ledger)
    return proven(collect(ledger, policy, rates))


def _network(chooser: Chooser, services: NDArray[np.int64], item: int) -> Network:
    inputs = chooser.inputs
    known = inputs.class_index >= 0
    choices = [chooser.choose(int(d), item, chooser.rule_of(int(d)), known, own_use=True) for d in services]
    count = len(services)
    share = np.zeros((count, len(inputs.departments)))
    for row, choice in enumerate(choices):
        if choice.total:
            share[row] = choice.weights / choice.total
    between = share[:, services]
    reaches = share[:, inputs.class_index == 3].any(axis=1)
    for _ in range(count):
        reaches = reaches | (between[:, reaches] > 0).any(axis=1)
    keeps = ~reaches
    moving = np.flatnonzero(reaches)
    out = share.copy()
    out[:, services[moving]] = 0
    ends = np.zeros_like(share)
    inverse = np.zeros((count, count))
    if len(moving):
        system = np.eye(len(moving)) - between[np.ix_(moving, moving)]
        ends[moving] = np.maximum(np.linalg.solve(system, out[moving]), 0)
        inverse[np.ix_(moving, moving)] = np.linalg.inv(system)
    return Network(choices, ends, np.asarray(keeps), inverse)


def _rates(
    inputs: AllocationInputs, services: NDArray[np.int64], networks: list[Network], ledger: Ledger
) -> Table:
    """Gross cost of every service and item, and fen per unit of its driver (own use counted)."""
    sources, items, gross, units, rate = [], [], [], [], []
    for item, network in enumerate(networks):
        own = inputs.direct[services, item].sum(axis=1)
        total = np.rint(network.inverse.T @ own.astype(np.float64)).astype(np.int64)
        kept = own + own @ network.ends[:, services]
        total[network.keeps] = np.rint(kept[network.keeps]).astype(np.int64)
        for row, dept in enumerate(services.tolist()):
            choice = network.choices[row]
            if not total[row] and not own[row]:
                continue
            if choice.used != choice.wanted:
                use = (inputs.departments[dept], inputs.items[item], choice.wanted, choice.used)
                ledger.fallbacks.append(FallbackUse(1, *use, int(total[row]), choice.planned))
            volume = choice.total / 10**choice.decimals
            sources.append(dept)
            items.append(item)
            gross.append(int(total[row]))
            units.append(volume)
            rate.append(int(total[row]) / volume if volume else np.nan)
    return {
        "source": np.array(sources, dtype=np.int32),
        "item": np.array(items, dtype=np.int32),
        "gross": np.array(gross, dtype=np.int64),
        "units": np.array(units, dtype=np.float64),
        "rate": np.array(rate, dtype=np.float64),
    }
