"""Random hospitals: every identity holds to the fen, whatever the ledger and the drivers look like."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.allocation import AllocationInputs, Driver, Policy, Rule, Step, allocate
from core.money import divide_exact

CLASSES = ("admin", "auxiliary", "technical", "clinical")
LETTER = dict(zip(CLASSES, "AXTC", strict=True))
NAMES = ("headcount", "internal_service", "ordered_income", "workload", "custom")


@st.composite
def hospitals(draw, classes=("", *CLASSES)):
    """Up to nine departments of any classes; red, huge and missing money; zero, missing and circular drivers."""
    kinds = tuple(draw(st.lists(st.sampled_from(classes), min_size=1, max_size=9)))
    count = len(kinds)
    codes = tuple(f"{i:02d}" for i in range(count))
    items = ("staff", "other")[: draw(st.integers(1, 2))]
    layers = ("own", "fiscal", "science", "other")[: draw(st.integers(1, 2))]
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    shape = (count, len(items), len(layers))
    size = draw(st.sampled_from([3, 100, 10**9, 2**50, 2**56]))
    lowest = -size if draw(st.booleans()) else 0
    direct = rng.integers(lowest, size, size=shape) * (rng.random(shape) < draw(st.sampled_from([0.3, 1.0])))
    unmapped = rng.integers(lowest, size, size=shape[1:]) if draw(st.booleans()) else None
    drivers = {}
    for name in NAMES:
        form = draw(st.sampled_from(["none", "zero", "common", "pairs", "items"]))
        weight = draw(st.sampled_from([2, 50, 10**12, 2**55]))
        density = draw(st.sampled_from([0.2, 0.7, 1.0]))
        square = rng.integers(0, weight, size=(count, count)) * (rng.random((count, count)) < density)
        if form == "zero":
            drivers[name] = Driver.common(name, codes, [0] * count)
        elif form == "common":
            drivers[name] = Driver.common(name, codes, square[0])
        elif form == "pairs":
            drivers[name] = Driver.pairs(name, codes, square)
        elif form == "items":
            rows = [
                (
                    codes[i] if i % 2 else "",
                    codes[j],
                    items[i % len(items)] if i % 3 else "",
                    int(square[i, j]),
                )
                for i in range(count)
                for j in range(count)
            ]
            drivers[name] = Driver.table(name, codes, rows)
    return AllocationInputs(codes, kinds, items, layers, direct, drivers, unmapped)


def check(result):
    """Identities by plain Python sums, not by the code under test."""
    assert [i.name for i in result.identities if i.ok] == ["I1", "I2", "I3", "I4", "I5"]
    arrived = sum(result.lineage()["amount"].tolist())
    stays = sum(result.unallocated()["amount"].tolist())
    assert arrived + stays == result.total
    assert sum(result.full_cost()["amount"].tolist()) == arrived
    steps = {name: values.tolist() for name, values in result.steps().items()}
    for before, received, given_, after in zip(
        steps["before"], steps["received"], steps["given"], steps["after"], strict=True
    ):
        assert before + received - given_ == after
    for table in (result.lineage(), result.unallocated()):
        keys = list(zip(*(v.tolist() for k, v in table.items() if k != "amount"), strict=True))
        assert keys == sorted(set(keys))
        assert 0 not in table["amount"]


def reference(inputs, policy):
    """Three steps with Python integers and one list of parcels: slow, and written apart from the kernel."""
    result = {}
    rules = {"admin": policy.admin, "auxiliary": policy.auxiliary, "technical": policy.technical}
    own = [max(int(v), 0) for v in inputs.direct.sum(axis=(1, 2))]
    for i, item in enumerate(inputs.items):
        for layer in range(len(inputs.layers)):
            held = {
                d: {(d, LETTER.get(k, "?")): int(inputs.direct[d, i, layer])}
                for d, k in enumerate(inputs.classes)
            }
            for step, kind in enumerate(CLASSES[:3]):
                targets = [d for d, k in enumerate(inputs.classes) if k in CLASSES[step + 1 :]]
                for s in [d for d, k in enumerate(inputs.classes) if k == kind]:
                    names = ["custom", *rules[kind].drivers, *rules[kind].fallbacks]
                    weights = None
                    for name in names:
                        driver = inputs.drivers.get(name)
                        row = driver.find(inputs.departments[s], item) if driver else None
                        if name == "direct_cost":
                            row = own
                        if row is not None and sum(int(row[t]) for t in targets) > 0:
                            weights = [int(row[t]) for t in targets]
                            break
                    if weights is None:
                        continue
                    parcels, held[s] = held[s], {}
                    for sign in (1, -1):
                        some = sorted((o, p, abs(a)) for (o, p), a in parcels.items() if a * sign > 0)
                        rest = divide_exact(sum(a for _, _, a in some), weights) if some else []
                        for origin, path, amount in some:
                            share = divide_exact(amount, rest)
                            rest = [r - x for r, x in zip(rest, share, strict=True)]
                            for t, x in zip(targets, share, strict=True):
                                key = (origin, f"{path}>{LETTER[inputs.classes[t]]}")
                                held[t][key] = held[t].get(key, 0) + sign * x
            for d, parcels in held.items():
                for (origin, path), amount in parcels.items():
                    if amount:
                        result[d, origin, path, i, layer] = amount
    return result


@st.composite
def busy_hospitals(draw):
    """Every class is there and money takes all eight paths, in amounts small enough for many ties."""
    kinds = (
        "admin",
        "admin",
        "auxiliary",
        "auxiliary",
        "clinical",
        "clinical",
        "clinical",
        "technical",
        "technical",
    )
    codes = tuple("abcdefghi")
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    direct = rng.integers(draw(st.sampled_from([-60, 0])), 60, size=(9, 2, 1))
    square = rng.integers(0, draw(st.sampled_from([3, 40])), size=(9, 9))
    names = ("headcount", "internal_service", "ordered_income")
    drivers = {name: Driver.pairs(name, codes, np.roll(square, i, axis=0)) for i, name in enumerate(names)}
    return AllocationInputs(codes, kinds, ("staff", "other"), ("own",), direct, drivers)


@settings(max_examples=300, deadline=None)
@given(st.one_of(hospitals(), busy_hospitals()))
def test_three_step_equals_plain_python_parcel_by_parcel(inputs):
    result = allocate(inputs)
    check(result)
    paths = result.labels["path"]
    got = {}
    for table, holder in ((result.lineage(), "receiver"), (result.unallocated(), "holder")):
        for row in zip(
            *(table[c].tolist() for c in (holder, "origin", "path", "item", "layer", "amount")), strict=True
        ):
            if row[0] < len(inputs.departments):
                got[row[0], row[1], paths[row[2]], row[3], row[4]] = row[5]
    assert got == reference(inputs, result.policy)


@settings(max_examples=150, deadline=None)
@given(hospitals(), st.sampled_from(["direct", "step_down", "reciprocal", "double"]))
def test_other_methods_hold_every_identity(inputs, method):
    rule = Rule(("internal_service", "ordered_income"), ("headcount", "direct_cost"))
    check(allocate(inputs, Policy(method, admin=rule, auxiliary=rule, technical=rule)))


@settings(max_examples=150, deadline=None)
@given(hospitals(CLASSES), st.randoms(use_true_random=False), st.booleans())
def test_step_down_in_any_order_and_level(inputs, random, reopen):
    steps, seen = [], set()
    for code in inputs.departments:
        if random.random() < 0.4:
            continue
        level = random.randint(1, 3)
        for item in inputs.items:
            at = random.randint(1, 3) if reopen else level
            if (code, item, at) not in seen:
                seen.add((code, item, at))
                steps.append(Step(code, random.choice(["", "headcount", "workload"]), (item,), at))
    random.shuffle(steps)
    result = allocate(inputs, Policy("step_down", order=tuple(steps), reopen=reopen))
    check(result)


@settings(max_examples=60, deadline=None)
@given(st.one_of(hospitals(), busy_hospitals()), st.integers(2, 6))
def test_weights_times_a_constant_give_the_same_money(inputs, factor):
    """Only shares count."""
    assume(all(float(row.sum()) * factor < 2**60 for d in inputs.drivers.values() for row in d.rows.values()))
    scaled = {}
    for name, driver in inputs.drivers.items():
        rows = [
            (source, inputs.departments[t], item, int(w) * factor)
            for (source, item), row in driver.rows.items()
            for t, w in enumerate(row.tolist())
        ]
        scaled[name] = Driver.table(name, inputs.departments, rows)
    other = AllocationInputs(
        inputs.departments,
        inputs.classes,
        inputs.items,
        inputs.layers,
        inputs.direct,
        scaled,
        inputs.unmapped,
    )
    one, two = allocate(inputs).lineage(), allocate(other).lineage()
    assert all((one[name] == two[name]).all() for name in one)


@pytest.mark.parametrize("method", ["three_step", "direct", "step_down", "reciprocal", "double"])
def test_the_smallest_hospitals(method):
    for kinds in (("clinical",), ("admin",), ("",), ("technical", "clinical"), ()):
        count = len(kinds)
        direct = np.full((count, 1, 1), 7, dtype=np.int64)
        codes = tuple(str(i) for i in range(count))
        result = allocate(AllocationInputs(codes, kinds, ("staff",), ("own",), direct), Policy(method))
        check(result)
        assert result.total == 7 * count
        expected = {"technical": 14, "clinical": 7}.get(kinds[0] if kinds else "", 0)
        assert int(result.full_cost()["amount"].sum()) == expected


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31))
@example(5)
def test_fifty_departments_with_cycles_under_every_method(seed):
    rng = np.random.default_rng(seed)
    count = 50
    kinds = tuple(rng.choice(CLASSES, size=count).tolist())
    codes = tuple(f"{i:02d}" for i in range(count))
    direct = rng.integers(-(10**9), 10**10, size=(count, 3, 2))
    use = rng.integers(0, 10**9, size=(count, count)) * (rng.random((count, count)) < 0.3)
    inputs = AllocationInputs(
        codes,
        kinds,
        ("a", "b", "c"),
        ("own", "fiscal"),
        direct,
        {"internal_service": Driver.pairs("internal_service", codes, use)},
    )
    rule = Rule(("internal_service",), ("direct_cost",))
    for method in ("three_step", "direct", "step_down", "reciprocal", "double"):
        check(allocate(inputs, Policy(method, admin=rule, auxiliary=rule, technical=rule)))
