"""Which driver divides the money of one account: preference, custom parameters, fallback chain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.allocation.drivers import Driver
from core.allocation.errors import DriverError, PolicyError
from core.allocation.inputs import AllocationInputs
from core.allocation.policy import STANDARD_DRIVERS, Policy, Rule

UNALLOCATED = "unallocated"


@dataclass(frozen=True, eq=False)
class Choice:
    """The weights int64 [nodes] of one account and how they were found. total 0 = nothing can divide it."""

    weights: NDArray[np.int64]
    total: int
    decimals: int
    wanted: str
    used: str
    planned: bool


class Chooser:
    """Looks drivers up for (department, item) accounts of one set of inputs under one policy.

    Nodes are the places money can arrive at: the D departments (money keeps its item), then any
    (department, item) pairs that drivers name. node_dept, node_item int64 [N]; node_item -1 = keeps its item.

    Errors: PolicyError for a driver nobody knows; DriverError for an arrival item that does not exist.
    """

    def __init__(self, inputs: AllocationInputs, policy: Policy) -> None:
        self.inputs, self.policy = inputs, policy
        own = np.maximum(inputs.direct.sum(axis=(1, 2)), 0)
        built = Driver.common("direct_cost", inputs.departments, own)
        self.drivers: dict[str, Driver] = {"direct_cost": built, **inputs.drivers}
        self._check_names()
        count = len(inputs.departments)
        nodes: dict[tuple[int, int], int] = {(d, -1): d for d in range(count)}
        self._at: dict[str, NDArray[np.int64]] = {}
        item_at = {item: i for i, item in enumerate(inputs.items)}
        for name, driver in self.drivers.items():
            at = []
            for dept, item in driver.nodes:
                if item and item not in item_at:
                    raise DriverError(
                        f"Money by driver {name!r} should arrive as {item!r}, which is not a cost item.",
                        "Add that item to the inputs, or correct the driver.",
                    )
                at.append(nodes.setdefault((dept, item_at[item] if item else -1), len(nodes)))
            self._at[name] = np.array(at, dtype=np.int64)
        pairs = np.array(list(nodes), dtype=np.int64).reshape(-1, 2)
        self.node_dept, self.node_item = pairs[:, 0].copy(), pairs[:, 1].copy()

    def _check_names(self) -> None:
        policy = self.policy
        asked = [name for rule in (policy.admin, policy.auxiliary, policy.technical) for name in rule.drivers]
        asked += [n for rule in (policy.admin, policy.auxiliary, policy.technical) for n in rule.fallbacks]
        asked += [step.driver for step in policy.order if step.driver]
        for name in asked:
            if name not in self.drivers and name not in STANDARD_DRIVERS:
                raise PolicyError(
                    f"Driver {name!r} is unknown.",
                    f"Give its values, or choose one of {', '.join(sorted({*self.drivers, *STANDARD_DRIVERS}))}.",
                )

    def rule_of(self, dept: int, named: str = "") -> Rule:
        """The rule of a department: that of its class, led by the driver its step names."""
        rule = self.policy.rule(self.inputs.classes[dept])
        return Rule((named,), rule.fallbacks) if named else rule

    def choose(
        self, dept: int, item: int, rule: Rule, may_receive: NDArray[np.bool_], *, own_use: bool = False
    ) -> Choice:
        """The first driver of custom, rule.drivers, rule.fallbacks with a total > 0 over the receivers.

        may_receive: bool [N]. own_use: whether the account may keep a part for its own consumption.
        """
        source, item_name = self.inputs.departments[dept], self.inputs.items[item]
        names = [(name, True) for name in rule.drivers] + [(name, False) for name in rule.fallbacks]
        custom = self.drivers.get("custom") if self.policy.use_custom else None
        if custom is not None and "custom" not in rule.drivers and custom.find(source, item_name) is not None:
            names.insert(0, ("custom", True))
        wanted = names[0][0] if names else UNALLOCATED
        for name, planned in names:
            driver = self.drivers.get(name)
            row = driver.find(source, item_name) if driver else None
            if driver is None or row is None:
                continue
            weights = np.zeros(len(self.node_dept), dtype=np.int64)
            weights[self._at[name]] = row
            weights *= may_receive
            if not own_use:
                weights[(self.node_dept == dept) & ((self.node_item < 0) | (self.node_item == item))] = 0
            total = int(weights.sum())
            if total > 0:
                return Choice(weights, total, driver.decimals, wanted, name, planned)
        return Choice(np.zeros(len(self.node_dept), dtype=np.int64), 0, 0, wanted, UNALLOCATED, False)
