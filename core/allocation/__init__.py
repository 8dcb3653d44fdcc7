"""Cost allocation to the fen: three-step, step-down, direct, exchange-once and reciprocal.

    inputs = AllocationInputs(departments, classes, items, layers, direct, drivers, unmapped)
    policy = Policy()                      # statutory three-step with the default drivers
    result = allocate(inputs, policy)      # exact; every identity is checked before it returns

Inputs (`inputs.py`, `drivers.py`)
    departments  tuple[str], strictly ascending codes, D of them. Ties of a fen go to the smaller code.
    classes      tuple[str], one of admin auxiliary technical clinical, or '' (class unknown: the
                 department neither gives nor receives, its own cost stays visible as unallocated).
    items        tuple[str], cost item names in report order.        layers  tuple[str], fund layers.
    direct       int64 fen [D, item, layer], may be negative (red entries).
    drivers      {name: Driver}. Made by Driver.common(name, departments, values[D]),
                 Driver.pairs(name, departments, matrix[D, D]) (row = serving, column = receiving) or
                 Driver.table(name, departments, rows) from long rows (source or '', target, item or '',
                 value[, item it arrives as]). Values may be int, Decimal, str or float; they are scaled
                 to integers (integers pass unchanged: give income in fen). Standard names: headcount,
                 internal_service, workload, area, income, ordered_income, work_hours, custom (E17).
                 'direct_cost' always exists. A standard driver that has no data is simply left out.
    unmapped     int64 fen [item, layer] of departments missing from the dictionary: an extra origin,
                 and holder, with the code UNMAPPED, that goes straight to unallocated.

Policy (`policy.py`): frozen, hashable, Policy.from_json(policy.to_json()) == policy.
    Policy(method='three_step' | 'direct' | 'step_down' | 'reciprocal' | 'double',
           admin=Rule(drivers=('headcount',), fallbacks=('headcount', 'direct_cost')),
           auxiliary=Rule(('internal_service', 'workload', 'income', 'area'), ...),
           technical=Rule(('ordered_income', 'workload'), ...),
           order=(Step(source, driver='', items=(), level=None), ...),   # step_down only; () = by class, code
           reopen=False,    # step_down: may a department that has given still receive, to give at a later level
           use_custom=True) # E17 'custom' parameters are tried before the rule's drivers
    Policy.with_driver('technical', 'workload') gives the what-if copy.

Result (`result.py`). Every table is a dict of numpy arrays of one length, sorted, rows with amount 0 left
out. Columns of codes hold positions (int32); result.labels[column] is the tuple of words, and
result.decode(table) swaps positions for words. Amounts are int64 fen.
    lineage()      receiver origin origin_item path item layer amount     money at its final department
    unallocated()  holder   origin origin_item path item layer amount     money that found no driver, or unmapped
    full_cost()    receiver item layer direct indirect amount             amount = direct + indirect
    flows()        step source source_item target item layer amount       the published allocation tables
    steps()        step department item layer before received given after balances around each step
    rules()        step source item driver weight receivers               which driver moved which money; weight is the
                                                    driver total (reciprocal: 1, its totals are in rates)
    rates()        source item gross units rate     reciprocal only: gross service cost (fen), driver total,
                                                    fen per unit (float)
    fallbacks      tuple[FallbackUse(step, source, item, wanted, used, amount, planned)]; planned is True
                   when `used` is a later choice of the same rule, False when it came from the fallback chain
    identities     tuple[Identity(name, ok, difference, where)] I1..I5
    negatives      tuple[NegativeWeight(driver, source, target, value)] weights below 0, counted as 0
    total          int, sum of everything that came in
`item` is the item the money arrives as, `origin_item` the one it started as; they differ only where a driver
says that its money arrives as another item.

Errors: AllocationError and its kinds (errors.py), each with a sentence that says what to do.
Source: three-step step-down of the public-hospital costing rules (2021); textbook examples in tests/golden.
"""

from core.allocation.drivers import Driver, NegativeWeight
from core.allocation.errors import (
    AllocationError,
    DriverError,
    IdentityBroken,
    InputError,
    OrderError,
    PolicyError,
)
from core.allocation.identities import Identity, check_flows, identities
from core.allocation.inputs import CLASSES, LETTERS, UNMAPPED, AllocationInputs
from core.allocation.methods import allocate, direct, double, reciprocal, step_down
from core.allocation.policy import Policy, Rule, Step
from core.allocation.result import AllocationResult, FallbackUse
from core.allocation.three_step import three_step

__all__ = [
    "CLASSES",
    "LETTERS",
    "UNMAPPED",
    "AllocationError",
    "AllocationInputs",
    "AllocationResult",
    "Driver",
    "DriverError",
    "FallbackUse",
    "Identity",
    "IdentityBroken",
    "InputError",
    "NegativeWeight",
    "OrderError",
    "Policy",
    "PolicyError",
    "Rule",
    "Step",
    "allocate",
    "check_flows",
    "direct",
    "double",
    "identities",
    "reciprocal",
    "step_down",
    "three_step",
]
