"""The statutory three-step step-down: administration, then auxiliary, then technical, onto clinical.

    Step 1:  A1(a>t,k) = D(a,k) * P(a,t) / sum over X, T, C        default driver headcount
    Step 2:  A2(x>t,k) = X1(x,k) * P(x,t) / sum over T, C          internal service, workload, income
    Step 3:  A3(t>c,k) = T2(t,k) * R(t,c) / sum over C             income executed by t, ordered by c
    Full(c,k) = D(c,k) + all it received
per cost item k and fund layer, in whole fen with exact lineage (ledger.py). Exactly eight paths can occur.
Source: public-hospital cost accounting rules, national health commission, 2021.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.allocation.choice import Choice, Chooser
from core.allocation.identities import proven
from core.allocation.inputs import AllocationInputs
from core.allocation.ledger import Ledger
from core.allocation.policy import Policy
from core.allocation.result import AllocationResult, collect


def three_step(inputs: AllocationInputs, policy: Policy | None = None) -> AllocationResult:
    """Allocate one hospital-month by the three statutory steps.

    Errors: PolicyError for an unknown driver name; IdentityBroken if I1..I5 fail (never published).
    """
    policy = replace(policy or Policy(), method="three_step", order=())
    chooser = Chooser(inputs, policy)
    classes = np.append(inputs.class_index, -1)
    waves = [np.repeat((classes == kind)[:, None], len(inputs.items), axis=1) for kind in range(3)]
    ledger = Ledger(inputs, chooser, waves, classes == 3)
    for step in (1, 2, 3):
        below = classes[chooser.node_dept] >= step

        def weigh(dept: int, item: int, below: np.ndarray = below) -> Choice:
            return chooser.choose(dept, item, chooser.rule_of(dept), below)

        ledger.give(step, weigh)
    return proven(collect(ledger, policy))
