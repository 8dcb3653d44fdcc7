"""The other methods over the same inputs: direct, step-down in a given order, exchange once.

All of them are waves over the same ledger, so they conserve to the fen and carry the same lineage.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.allocation.choice import Choice, Chooser
from core.allocation.errors import OrderError
from core.allocation.identities import proven
from core.allocation.inputs import AllocationInputs
from core.allocation.ledger import Ledger
from core.allocation.policy import Policy, Step
from core.allocation.reciprocal import reciprocal
from core.allocation.result import AllocationResult, collect
from core.allocation.three_step import three_step

Bools = NDArray[np.bool_]


def allocate(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Allocate `inputs` by `policy` (default: the statutory three steps). See core/allocation/__init__.py.

    Errors: OrderError, PolicyError, DriverError for settings that do not fit; IdentityBroken if money was
    lost, doubled or moved the wrong way, in which case nothing is returned.
    """
    policy = policy or Policy()
    methods: dict[str, Callable[[AllocationInputs, Policy], AllocationResult]] = {
        "three_step": three_step,
        "direct": direct,
        "step_down": step_down,
        "reciprocal": reciprocal,
        "double": double,
    }
    return methods[policy.method](inputs, policy)


def direct(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Every admin, auxiliary and technical department gives straight to the clinical ones.

    share(s>c) = D(s) * P(s,c) / sum over clinical departments; use by other services is left out.
    """
    policy = replace(policy or Policy(), method="direct", order=())
    chooser = Chooser(inputs, policy)
    services, final = _services(inputs)
    ledger = Ledger(inputs, chooser, [services], final)
    clinical = final[chooser.node_dept]

    def weigh(dept: int, item: int) -> Choice:
        return chooser.choose(dept, item, chooser.rule_of(dept), clinical)

    ledger.give(1, weigh)
    return proven(collect(ledger, policy))


def double(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Exchange once (the Chinese one-time interactive method), then direct.

    Step 1: service s gives D(s) * P(s,j) / sum of all use of s, its own included, to every other service j
    and keeps the rest. Step 2: what it then holds goes to the clinical departments alone.
    """
    policy = replace(policy or Policy(), method="double", order=())
    chooser = Chooser(inputs, policy)
    services, final = _services(inputs)
    ledger = Ledger(inputs, chooser, [services, services], final)
    kind = ledger.classes[chooser.node_dept]

    def exchange(dept: int, item: int) -> Choice:
        choice = chooser.choose(dept, item, chooser.rule_of(dept), kind >= 0, own_use=True)
        kept = (kind == 3) | (chooser.node_dept == dept)
        weights = np.where(kept, 0, choice.weights)
        weights[dept] = int(choice.weights[kept].sum())
        return replace(choice, weights=weights)

    def outward(dept: int, item: int) -> Choice:
        return chooser.choose(dept, item, chooser.rule_of(dept), kind == 3)

    ledger.give(1, exchange)
    ledger.give(2, outward)
    return proven(collect(ledger, policy))


def step_down(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Departments give one after another to those that have not given yet.

    Without an order every admin, auxiliary and technical department gives once, by class and code, and
    money ends at clinical departments. With an order, only the steps listed give, and money ends at every
    department that is no step's source. Steps of one level run at once.

    reopen False: a department receives nothing from the level of its first step on.
    reopen True: an account (department, item) may receive as long as a later step of its own follows, so a
    department can give its wages on level 1, receive 'overheads', and give those on level 2.
    What a source holds in items that none of its steps names stays visible as unallocated.

    Errors: OrderError for a source or item that is unknown, an account listed twice on one level, a
    department on several levels without reopen, or levels given for some steps only.
    """
    policy = replace(policy or Policy(), method="step_down")
    chooser = Chooser(inputs, policy)
    waves = _waves(inputs, policy)
    shape = (len(inputs.departments) + 1, len(inputs.items))
    gives = [np.zeros(shape, dtype=bool) for _ in waves]
    for wave, accounts in zip(waves, gives, strict=True):
        for account in wave:
            accounts[account] = True
    known = np.append(inputs.class_index >= 0, False)
    sources = np.any([g.any(axis=1) for g in gives], axis=0) if gives else ~known
    final = (~sources & known) if policy.order else np.append(inputs.of_class("clinical"), False)
    ledger = Ledger(inputs, chooser, gives, final)
    first = np.full(shape, len(waves) + 1)
    for number in range(len(waves), 0, -1):
        first[gives[number - 1].any(axis=1)] = number
    for number, wave in enumerate(waves, start=1):
        if policy.reopen:
            open_ = (ledger.closes == 0) | (ledger.closes > number)
        else:
            open_ = first > number
        open_ &= known[:, None]
        arrives = chooser.node_item[None, :]
        landing = np.where(arrives < 0, np.arange(shape[1])[:, None], arrives)
        may_receive = open_[chooser.node_dept[None, :], landing]

        def weigh(
            dept: int, item: int, wave: dict[tuple[int, int], str] = wave, may: Bools = may_receive
        ) -> Choice:
            return chooser.choose(dept, item, chooser.rule_of(dept, wave[dept, item]), may[item])

        ledger.give(number, weigh)
    return proven(collect(ledger, policy))


def _services(inputs: AllocationInputs) -> tuple[Bools, Bools]:
    """Accounts of admin, auxiliary and technical departments [D + 1, I], and the clinical ones [D + 1]."""
    services = np.append(inputs.of_class("admin", "auxiliary", "technical"), False)
    return np.repeat(services[:, None], len(inputs.items), axis=1), np.append(
        inputs.of_class("clinical"), False
    )


def _waves(inputs: AllocationInputs, policy: Policy) -> list[dict[tuple[int, int], str]]:
    """The steps as waves: per level a map (department, item) -> driver named by the step or ''."""
    order = policy.order or tuple(
        Step(code)
        for kind in ("admin", "auxiliary", "technical")
        for code, own in zip(inputs.departments, inputs.classes, strict=True)
        if own == kind
    )
    given = [step.level is not None for step in order]
    if any(given) and not all(given):
        raise OrderError(
            "Some steps have a level and some have none.", "Give a level to all steps or to none."
        )
    at = {code: i for i, code in enumerate(inputs.departments)}
    item_at = {name: i for i, name in enumerate(inputs.items)}
    levels: dict[float, dict[tuple[int, int], str]] = {}
    seen: dict[str, float] = {}
    for number, step in enumerate(order):
        level = float(number) if step.level is None else float(step.level)
        if step.source not in at or not inputs.classes[at[step.source]]:
            raise OrderError(
                f"Step {number + 1} gives from {step.source!r}, which is no department with a class.",
                "Correct the code, map it in the dictionary, or take the step out.",
            )
        if not policy.reopen and seen.setdefault(step.source, level) != level:
            raise OrderError(
                f"Department {step.source!r} gives on two levels.",
                "Put its steps on one level, or set reopen so that it may receive in between.",
            )
        wave = levels.setdefault(level, {})
        for name in step.items or inputs.items:
            if name not in item_at:
                raise OrderError(
                    f"Step {number + 1} names the item {name!r}.", "Use a cost item of the inputs."
                )
            account = (at[step.source], item_at[name])
            if account in wave:
                raise OrderError(
                    f"{step.source!r} gives {name!r} twice on one level.", "Leave one of the two steps out."
                )
            wave[account] = step.driver
    return [levels[level] for level in sorted(levels)]
