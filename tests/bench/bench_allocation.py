"""One month's three-step allocation with lineage, beside a bare float matrix step-down of the same size.

python -m tests.bench.bench_allocation
"""

from __future__ import annotations

import numpy as np

from core.allocation import AllocationInputs, Driver, Policy, allocate
from tests.bench.timing import alone, paired

CLASS_SIZES = {"admin": 25, "auxiliary": 8, "technical": 20, "clinical": 62}
RUNS = 7


def hospital(layers: int, *, seed: int = 7, sizes: dict[str, int] = CLASS_SIZES) -> AllocationInputs:
    """A dense hospital-month: every department has money in all seven items and all layers."""
    rng = np.random.default_rng(seed)
    classes = tuple(name for name, count in sizes.items() for _ in range(count))
    count = len(classes)
    codes = tuple(f"{i:04d}" for i in range(count))
    direct = rng.integers(10_000, 500_000_000, size=(count, 7, layers))
    kind = np.array(classes)
    service = rng.integers(1, 10_000, size=(count, count)) * (kind == "auxiliary")[:, None]
    ordered = rng.integers(1, 10**9, size=(count, count)) * (
        (kind == "technical")[:, None] & (kind == "clinical")[None, :]
    )
    drivers = {
        "headcount": Driver.common("headcount", codes, rng.integers(1, 80, size=count)),
        "internal_service": Driver.pairs("internal_service", codes, service),
        "ordered_income": Driver.pairs("ordered_income", codes, ordered),
    }
    items = ("staff", "materials", "drugs", "depreciation", "amortisation", "risk_fund", "other")
    return AllocationInputs(
        codes, classes, items, ("own", "fiscal", "science", "other")[:layers], direct, drivers
    )


def bare_float(inputs: AllocationInputs) -> np.ndarray:
    """The same three steps as float matrix products: no lineage, no exact fen, no checks."""
    kind = np.array(inputs.classes)
    held = inputs.direct.reshape(len(kind), -1).astype(float)
    names = ("headcount", "internal_service", "ordered_income")
    order = ("admin", "auxiliary", "technical", "clinical")
    for step, name in enumerate(names):
        sources = np.flatnonzero(kind == order[step])
        below = np.isin(kind, order[step + 1 :])
        driver = inputs.drivers[name]
        weights = np.stack([driver.find(inputs.departments[s], "") * below for s in sources]).astype(float)
        weights /= weights.sum(axis=1, keepdims=True)
        held += weights.T @ held[sources]
        held[sources] = 0
    return held


def main() -> None:
    """One line per size, each beside the bare float step-down; then the other methods at full size."""
    for layers in (1, 2, 4):
        inputs = hospital(layers)
        rows = len(allocate(inputs).lineage()["amount"])
        print(
            paired(
                f"three steps, {layers} layer(s), {rows:,} lineage rows",
                lambda i=inputs: allocate(i),
                "bare float matrix step-down",
                lambda i=inputs: bare_float(i),
                RUNS,
                "<= 0.3 s" if layers == 4 else "",
            )
        )
    inputs = hospital(4)
    for method in ("direct", "double", "reciprocal", "step_down"):
        print(alone(f"{method}, 4 layers", lambda m=method: allocate(inputs, Policy(m)), 3))


if __name__ == "__main__":
    main()
