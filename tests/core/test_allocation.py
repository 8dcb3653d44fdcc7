"""The statutory three steps: the printed example to the last fen, fallbacks, custom drivers, proof."""

from decimal import Decimal

import numpy as np
import pytest

from core.allocation import (
    UNMAPPED,
    AllocationInputs,
    Driver,
    DriverError,
    FallbackUse,
    IdentityBroken,
    InputError,
    Policy,
    PolicyError,
    Rule,
    Step,
    allocate,
    three_step,
)
from core.allocation.identities import identities, proven

CODES = ("A1", "A2", "C1", "C2", "C3", "T1", "T2", "X1")
KINDS = {"A": "admin", "X": "auxiliary", "T": "technical", "C": "clinical"}
DIRECT = {
    "A1": 10_000_001,
    "A2": 5_000_000,
    "X1": 3_000_000,
    "T1": 8_000_000,
    "T2": 6_000_000,
    "C1": 20_000_000,
    "C2": 15_000_000,
    "C3": 12_000_000,
}
HEADCOUNT = {"X1": 10, "T1": 20, "T2": 15, "C1": 60, "C2": 45, "C3": 37}
SERVICE = {"T1": 300, "T2": 200, "C1": 250, "C2": 150, "C3": 100}
ORDERED = {"C1": 7, "C2": 5, "C3": 3}
# full, C, A>C, X>C, T>C, A>X>C, A>T>C, X>T>C, A>X>T>C, then from A1, A2, X1, T1, T2 (fen)
PUBLISHED = {
    "C1": "34494029 20000000 4812835 750000 6533334 200535 1310159 700000 187166 4340464 2170231 1450000 3733333 2800001",
    "C2": "25416132 15000000 3609626 450000 4666666 120321 935829 500000 133690 3199644 1599822 950000 2666667 1999999",
    "C3": "19089840 12000000 2967915 300000 2800000 80214 561498 300000 80213 2459893 1229947 600000 1600000 1200000",
}
PATHS = ("C", "A>C", "X>C", "T>C", "A>X>C", "A>T>C", "X>T>C", "A>X>T>C")


def column(values, codes=CODES):
    return [values.get(code, 0) for code in codes]


def example(direct=DIRECT, drivers=None, **extra):
    """The printed example: item 'staff', layer 'own'."""
    standard = {
        "headcount": Driver.common("headcount", CODES, column(HEADCOUNT)),
        "internal_service": Driver.table(
            "internal_service", CODES, [("X1", target, "", value) for target, value in SERVICE.items()]
        ),
        "ordered_income": Driver.table(
            "ordered_income", CODES, [(t, c, "", v) for t in ("T1", "T2") for c, v in ORDERED.items()]
        ),
    }
    standard.update(drivers or {})
    standard = {name: driver for name, driver in standard.items() if driver is not None}
    amounts = np.array(column(direct), dtype=np.int64).reshape(-1, 1, 1)
    classes = tuple(KINDS[code[0]] for code in CODES)
    return AllocationInputs(CODES, classes, ("staff",), ("own",), amounts, standard, **extra)


def total(result, table, **where):
    rows = result.decode(table)
    keep = np.ones(len(rows["amount"]), dtype=bool)
    for name, value in where.items():
        keep &= rows[name] == value
    return int(rows["amount"][keep].sum())


def test_printed_example_to_the_last_fen():
    result = allocate(example(), Policy())
    for code, line in PUBLISHED.items():
        full, *parts = [int(v) for v in line.split()]
        lineage = result.lineage()
        assert total(result, result.full_cost(), receiver=code) == full
        assert [total(result, lineage, receiver=code, path=p) for p in PATHS] == parts[:8]
        assert [total(result, lineage, receiver=code, origin=o) for o in ("A1", "A2", "X1", "T1", "T2")] == (
            parts[8:]
        )
    assert total(result, result.full_cost()) == result.total == 79_000_001
    assert [i.name for i in result.identities if i.ok] == ["I1", "I2", "I3", "I4", "I5"]
    assert not len(result.unallocated()["amount"])
    assert result.fallbacks == ()


def test_red_entries_mirror_black_ones():
    black = allocate(example()).lineage()
    red = allocate(example({code: -fen for code, fen in DIRECT.items()})).lineage()
    for name, values in black.items():
        assert (red[name] == (-values if name == "amount" else values)).all(), name


def test_steps_show_what_every_department_held_before_and_after():
    result = allocate(example())
    rows = result.decode(result.steps())
    at = {(s, d): i for i, (s, d) in enumerate(zip(rows["step"], rows["department"], strict=True))}
    cells = [
        tuple(int(rows[c][at[key]]) for c in ("before", "received", "given", "after"))
        for key in ((1, "A1"), (1, "X1"), (2, "X1"), (3, "T1"), (3, "C1"))
    ]
    assert cells == [
        (10_000_001, 0, 10_000_001, 0),
        (3_000_000, 802_139, 0, 3_802_139),
        (3_802_139, 0, 3_802_139, 0),
        (10_744_919, 0, 10_744_919, 0),
        (25_763_370, 8_730_659, 0, 34_494_029),
    ]
    assert total(result, result.flows(), step=1, source="A1", target="X1") == 534_759
    assert total(result, result.flows(), step=1, source="A2", target="X1") == 267_380
    rules = result.decode(result.rules())
    used = dict(
        zip(
            rules["source"],
            zip(rules["driver"], rules["weight"], rules["receivers"], strict=True),
            strict=True,
        )
    )
    assert used["A1"] == ("headcount", 187, 6)
    assert used["X1"] == ("internal_service", 1000, 5)
    assert used["T2"] == ("ordered_income", 15, 3)


def test_full_cost_is_direct_plus_indirect():
    result = allocate(example())
    rows = result.decode(result.full_cost())
    assert list(rows["receiver"]) == ["C1", "C2", "C3"]
    assert rows["direct"].tolist() == [20_000_000, 15_000_000, 12_000_000]
    assert rows["indirect"].tolist() == [14_494_029, 10_416_132, 7_089_840]


def test_a_technical_department_without_orders_falls_back_and_says_so():
    orders = Driver.table("ordered_income", CODES, [("T1", c, "", v) for c, v in ORDERED.items()])
    result = allocate(example(drivers={"ordered_income": orders}))
    assert result.fallbacks == (
        FallbackUse(3, "T2", "staff", "ordered_income", "headcount", 7_963_636, False),
    )
    assert total(result, result.full_cost()) == 79_000_001


def test_a_later_choice_of_the_rule_is_planned_the_chain_is_not():
    workload = Driver.common("workload", CODES, column({"C1": 1, "C3": 1}))
    result = allocate(example(drivers={"internal_service": None, "workload": workload}))
    assert [(u.source, u.wanted, u.used, u.planned) for u in result.fallbacks] == [
        ("X1", "internal_service", "workload", True)
    ]
    only_direct = allocate(example(drivers={"internal_service": None, "headcount": None}))
    assert {(u.source, u.used, u.planned) for u in only_direct.fallbacks} == {
        ("A1", "direct_cost", False),
        ("A2", "direct_cost", False),
        ("X1", "direct_cost", False),
    }
    # Direct cost of the receivers of step 2: T1 8, T2 6, C1 20, C2 15, C3 12 million of 61.
    assert total(only_direct, only_direct.flows(), step=2, source="X1", target="C1") == round(
        total(
            only_direct,
            only_direct.steps() | {"amount": only_direct.steps()["given"]},
            step=2,
            department="X1",
        )
        * 20
        / 61
    )


def test_money_without_any_driver_stays_visible_with_holder_origin_and_path():
    bare = Rule(("internal_service",), ())
    inputs = example(drivers={"internal_service": None})
    result = allocate(inputs, Policy(auxiliary=bare))
    rows = result.decode(result.unallocated())
    assert list(zip(rows["holder"], rows["origin"], rows["path"], rows["amount"].tolist(), strict=True)) == [
        ("X1", "A1", "A>X", 534_759),
        ("X1", "A2", "A>X", 267_380),
        ("X1", "X1", "X", 3_000_000),
    ]
    assert result.fallbacks == (
        FallbackUse(2, "X1", "staff", "internal_service", "unallocated", 3_802_139, False),
    )
    assert total(result, result.full_cost()) == 79_000_001 - 3_802_139


def test_unmapped_and_classless_money_is_an_origin_of_its_own():
    inputs = example(unmapped=np.array([[777]]))
    classes = tuple("" if code == "X1" else kind for code, kind in zip(CODES, inputs.classes, strict=True))
    inputs = AllocationInputs(
        CODES, classes, inputs.items, inputs.layers, inputs.direct, inputs.drivers, inputs.unmapped
    )
    result = allocate(inputs)
    rows = result.decode(result.unallocated())
    assert list(zip(rows["holder"], rows["origin"], rows["path"], rows["amount"].tolist(), strict=True)) == [
        ("X1", "X1", "?", 3_000_000),
        (UNMAPPED, UNMAPPED, "?", 777),
    ]
    assert result.total == 79_000_778
    assert total(result, result.flows(), target="X1") == 0


def test_custom_parameters_most_specific_key_wins():
    rows = [
        ("", "C1", "", 1),
        ("", "C2", "other", 1),
        ("A2", "C3", "", 1),
        ("A1", "C3", "", 1),
        ("A1", "C1", "other", 1),
        ("A1", "C2", "other", 3),
    ]
    base = example()
    direct = np.zeros((8, 2, 1), dtype=np.int64)
    direct[[0, 1, 7]] = 400
    custom = Driver.table("custom", CODES, rows)
    drivers = {**base.drivers, "custom": custom}
    inputs = AllocationInputs(CODES, base.classes, ("other", "staff"), ("own",), direct, drivers)
    result = allocate(inputs)
    rows = result.decode(result.flows())
    got = {
        (s, i, t): int(a)
        for s, i, t, a in zip(rows["source"], rows["item"], rows["target"], rows["amount"], strict=True)
    }
    assert got == {
        ("A1", "other", "C1"): 100,  # source and item
        ("A1", "other", "C2"): 300,
        ("A1", "staff", "C3"): 400,  # source
        ("A2", "other", "C3"): 400,  # source before item
        ("A2", "staff", "C3"): 400,
        ("X1", "other", "C2"): 400,  # item
        ("X1", "staff", "C1"): 400,  # all
    }
    plain = allocate(inputs, Policy(use_custom=False))
    assert set(plain.decode(plain.rules())["driver"]) == {"headcount", "internal_service", "ordered_income"}


def test_decimal_drivers_and_negative_weights():
    area = Driver.common("area", CODES, column({"C1": "12.5", "C2": "37.5", "C3": "-4", "X1": None}))
    assert area.decimals == 1
    result = allocate(example(drivers={"area": area}), Policy().with_driver("admin", "area"))
    assert total(result, result.flows(), source="A2", target="C1") == 1_250_000
    assert total(result, result.flows(), source="A2", target="C3") == 0
    assert [(n.driver, n.target, n.value) for n in result.negatives] == [("area", "C3", -40)]
    assert result.decode(result.rules())["weight"][0] == 50.0


def test_what_if_changes_only_what_it_touches():
    before, after = allocate(example()), allocate(example(), Policy().with_driver("technical", "headcount"))
    assert before.total == after.total
    same = before.decode(before.flows()), after.decode(after.flows())
    first_two = [[tuple(r) for r in zip(*(t[c][t["step"] < 3] for c in t), strict=True)] for t in same]
    assert first_two[0] == first_two[1]
    assert total(after, after.full_cost(), receiver="C1") != total(before, before.full_cost(), receiver="C1")


def test_policy_is_a_value_and_survives_json():
    policy = Policy(
        "step_down", order=(Step("A1", "headcount", ("staff",), 1), Step("A2", level=2)), reopen=True
    )
    again = Policy.from_json(policy.to_json())
    assert again == policy and hash(again) == hash(policy)
    assert Policy.from_json("{}") == Policy()
    assert Policy("step_down", order=(Step("A1", level=Decimal(2)),)).to_json().count('"level":2.0') == 1
    with pytest.raises(PolicyError, match=r"Unknown setting metod.*Allowed: method"):
        Policy.from_json('{"metod": "direct"}')
    with pytest.raises(PolicyError, match="Unknown setting driver"):
        Policy.from_json('{"admin": {"driver": ["area"]}}')
    with pytest.raises(PolicyError, match="Choose one of three_step"):
        Policy("nonsense")  # type: ignore[arg-type]
    with pytest.raises(PolicyError, match="order of steps"):
        Policy("direct", order=(Step("A1"),))


def test_refuses_what_does_not_fit_and_says_what_to_do():
    with pytest.raises(PolicyError, match=r"Driver 'headcont' is unknown.*headcount"):
        allocate(example(), Policy().with_driver("admin", "headcont"))
    with pytest.raises(DriverError, match="not a department"):
        Driver.table("custom", CODES, [("", "Z9", "", 1)])
    with pytest.raises(DriverError, match="Use a larger unit"):
        Driver.common("income", CODES, np.full(8, 2**60))
    with pytest.raises(InputError, match="ascending"):
        AllocationInputs(
            ("B", "A"), ("admin", "clinical"), ("i",), ("l",), np.zeros((2, 1, 1), dtype=np.int64)
        )
    with pytest.raises(InputError, match="not whole fen"):
        AllocationInputs(("A",), ("admin",), ("i",), ("l",), np.zeros((1, 1, 1)))
    with pytest.raises(InputError, match="shape"):
        AllocationInputs(("A",), ("admin",), ("i",), ("l",), np.zeros((1, 1), dtype=np.int64))
    with pytest.raises(InputError, match="Check the unit"):
        AllocationInputs(("A",), ("admin",), ("i", "j"), ("l",), np.full((1, 2, 1), 2**61))


@pytest.mark.parametrize(
    ("table", "column", "change", "name"),
    [
        ("full_cost", "amount", 1, "I1"),
        ("unallocated", "amount", 1, "I1"),
        ("lineage", "amount", 1, "I3"),
        ("lineage", "origin", 1, "I4"),
        ("flows", "target", -1, "I2"),
    ],
)
def test_a_tampered_table_breaks_the_identity_that_guards_it(table, column, change, name):
    result = three_step(example(unmapped=np.array([[5]])))
    rows = {key: values.copy() for key, values in result.tables[table].items()}
    rows[column][0] += change
    result.tables[table] = rows
    broken = [i.name for i in identities(result.inputs, result) if not i.ok]
    assert name in broken
    with pytest.raises(IdentityBroken, match=r"off by \d+ fen at .*Nothing was published") as caught:
        proven(result)
    assert caught.value.difference > 0


def test_backward_and_sideways_flows_break_i5():
    result = three_step(example())
    names = result.labels["source"]
    for source, target in (("T1", "X1"), ("C1", "C2"), ("X1", "A1")):
        rows = {key: values.copy() for key, values in result.flows().items()}
        rows["source"][0], rows["target"][0] = names.index(source), names.index(target)
        tampered = three_step(example())
        tampered.tables["flows"] = rows
        five = identities(tampered.inputs, tampered)[4]
        assert (five.ok, five.where) == (False, f"step 1, {source} > {target}")
