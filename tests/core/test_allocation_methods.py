"""Published examples of direct, step-down, reciprocal and exchange-once allocation; orders and levels."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from core.allocation import (
    AllocationInputs,
    Driver,
    IdentityBroken,
    OrderError,
    Policy,
    PolicyError,
    Rule,
    Step,
    allocate,
    check_flows,
)

GOLDEN = Path(__file__).parents[1] / "golden"
UNIT = 10**8  # "fen" per unit of a published figure, so that rounding to whole fen does not hide anything


class Book:
    """One textbook example as inputs: services are admin departments, all others clinical."""

    def __init__(self, name):
        data = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
        given, self.expected, self.tolerance = data["inputs"], data["expected"], data["tolerance"]
        cost = given.get("direct_cost") or given["direct_cost_million"]
        usage = given.get("basis") or given.get("usage") or given["usage_share"]
        names = sorted({*cost, *usage, *(to for row in usage.values() for to in row)})
        # A prefix keeps the published order of services in a code order that is ascending.
        self.code = {n: f"{i:02d} {n}" for i, n in enumerate([*usage, *(n for n in names if n not in usage)])}
        codes = tuple(sorted(self.code.values()))
        classes = tuple("admin" if c[3:] in usage else "clinical" for c in codes)
        direct = np.array([round(Decimal(str(cost.get(c[3:], 0))) * UNIT) for c in codes], dtype=np.int64)
        rows = [(self.code[s], self.code[t], "", v) for s, row in usage.items() for t, v in row.items()]
        self.inputs = AllocationInputs(
            codes,
            classes,
            ("cost",),
            ("own",),
            direct.reshape(-1, 1, 1),
            {"usage": Driver.table("usage", codes, rows)},
        )
        self.order = given.get("order", [])

    def run(self, method, order=()):
        steps = tuple(Step(self.code[name]) for name in order)
        return allocate(self.inputs, Policy(method, admin=Rule(("usage",), ()), order=steps))

    def final(self, result):
        rows = result.decode(result.full_cost())
        return {name[3:]: int(a) for name, a in zip(rows["receiver"], rows["amount"], strict=True)}

    def flows(self, result, step=None):
        rows = result.decode(result.flows())
        out = {}
        for s, t, a, n in zip(rows["source"], rows["target"], rows["amount"], rows["step"], strict=True):
            if step in (None, n):
                out.setdefault(s[3:], {})[t[3:]] = int(a)
        return out

    def close(self, amount, published):
        return abs(amount / UNIT - published) <= max(self.tolerance, 2 / UNIT)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("direct-cn-power-water-classroom", "direct"),
        ("direct-hospital-building-food", "direct"),
        ("direct-zimmerman-telecom-it", "direct"),
        ("step_down-bhima-docs-5dept", "step_down"),
        ("step_down-hospital-building-first", "step_down"),
        ("step_down-zimmerman-it-first", "step_down"),
        ("step_down-gary-known-wrong-answer", "step_down"),
        ("reciprocal-zimmerman-telecom-it-selfuse", "reciprocal"),
    ],
)
def test_published_example(name, method):
    book = Book(name)
    result = book.run(method, book.order)
    final = book.final(result)
    expected = book.expected.get("final") or book.expected["final_allocated"]
    assert set(final) == set(expected)
    for department, amount in expected.items():
        assert book.close(final[department], amount), (department, final[department], amount)
    flows = book.flows(result)
    for source, row in book.expected.get("allocations", {}).items():
        assert set(flows[source]) == set(row)
        for target, amount in row.items():
            assert book.close(flows[source][target], amount), (source, target)
    assert sum(final.values()) == result.total
    assert all(identity.ok for identity in result.identities)


def test_reciprocal_gross_cost_and_unit_rates_count_own_use():
    book = Book("reciprocal-zimmerman-telecom-it-selfuse")
    rates = book.run("reciprocal").rates()
    gross = [g / UNIT for g in rates["gross"].tolist()]
    expected = book.expected["gross_service_cost"]
    assert gross == pytest.approx([expected["Telecoms"], expected["IT"]], abs=1e-6)
    published = book.expected["unit_rates"]
    assert gross[0] / 3000 == pytest.approx(published["per_phone"], abs=1e-6)
    assert gross[1] / 12_000_000 == pytest.approx(published["per_gigabyte"], abs=1e-9)
    assert rates["units"].tolist() == [1.0, 1.0]
    assert rates["rate"].tolist() == rates["gross"].tolist()


def test_unit_rates_of_the_direct_and_exchange_examples():
    book = Book("direct-cn-power-water-classroom")
    result = book.run("direct")
    rules = result.decode(result.rules())
    given = dict(zip(rules["source"], rules["weight"], strict=True))
    assert 2400 / given[book.code["供电"]] == book.expected["rates"]["供电"]
    assert 1500 / given[book.code["供水"]] == pytest.approx(book.expected["rates"]["供水"])


def test_exchange_once():
    book = Book("double-cn-power-water-interactive")
    result = book.run("double")
    exchange, outward = book.flows(result, 1), book.flows(result, 2)
    for pair, amount in book.expected["exchange"].items():
        source, target = pair.split("->")
        assert exchange[source] == {target: amount * UNIT}
    for source, row in book.expected["allocations"].items():
        assert sum(outward[source].values()) == book.expected["external_cost"][source] * UNIT
        assert outward[source] == {t: round(Decimal(str(a)) * UNIT) for t, a in row.items()}


def test_gary_all_three_methods_and_the_published_wrong_table_is_caught():
    book = Book("step_down-gary-known-wrong-answer")
    for method, key in (("direct", "direct_method_final"), ("reciprocal", "reciprocal_final")):
        final = book.final(book.run(method))
        for department, amount in book.expected[key].items():
            assert book.close(final[department], amount)
    rates = book.run("reciprocal").rates()
    assert (rates["gross"] / UNIT).tolist() == pytest.approx(
        list(book.expected["reciprocal_gross"].values()), abs=1e-6
    )
    direct = {"Administrative": 54_000, "Maintenance": 42_000}
    right, wrong = book.expected["allocations"], book.expected["published_wrong"]
    first = [("Administrative", target, amount) for target, amount in right["Administrative"].items()]
    good = first + [("Maintenance", target, amount) for target, amount in right["Maintenance"].items()]
    assert check_flows(direct, good, ["Administrative", "Maintenance"])["Downtown"] == 50_520
    bad = first + [
        ("Maintenance", target, wrong[f"Maintenance_to_{target}"])
        for target in ("Administrative", "Suburban", "Downtown")
    ]
    with pytest.raises(IdentityBroken, match="off by 8800 fen at Administrative"):
        check_flows(direct, bad, ["Administrative", "Maintenance"])


CODES = ("A1", "A2", "C1", "C2", "X1")
CLASSES = ("admin", "admin", "clinical", "clinical", "auxiliary")


def small(rows, direct, items=("wages", "other")):
    amounts = np.zeros((5, len(items), 1), dtype=np.int64)
    for (code, item), fen in direct.items():
        amounts[CODES.index(code), items.index(item), 0] = fen
    drivers = {name: Driver.table(name, CODES, listed) for name, listed in rows.items()}
    return AllocationInputs(CODES, CLASSES, items, ("own",), amounts, drivers)


def cells(result, table, *columns):
    rows = result.decode(table)
    return sorted(zip(*(rows[c] for c in columns), rows["amount"].tolist(), strict=True))


def test_step_down_by_default_goes_by_class_then_code():
    rows = {"headcount": [("", code, "", 1) for code in CODES]}
    inputs = small(rows, {("A1", "wages"): 4000, ("X1", "wages"): 30})
    result = allocate(inputs, Policy("step_down", auxiliary=Rule(("headcount",))))
    assert cells(result, result.flows(), "step", "source", "target") == [
        (1, "A1", "A2", 1000),
        (1, "A1", "C1", 1000),
        (1, "A1", "C2", 1000),
        (1, "A1", "X1", 1000),
        (2, "A2", "C1", 334),
        (2, "A2", "C2", 333),
        (2, "A2", "X1", 333),
        (3, "X1", "C1", 682),
        (3, "X1", "C2", 681),
    ]
    # A1 to A2 to C1 stays within one class, so its path is A>C like the straight one.
    assert cells(result, result.lineage(), "receiver", "origin", "path") == [
        ("C1", "A1", "A>C", 1334),
        ("C1", "A1", "A>X>C", 667),
        ("C1", "X1", "X>C", 15),
        ("C2", "A1", "A>C", 1333),
        ("C2", "A1", "A>X>C", 666),
        ("C2", "X1", "X>C", 15),
    ]


OVERHEADS = {
    "wages": [("", c, "", w, "overheads") for c, w in {"A1": 9, "A2": 1, "C1": 2, "C2": 1}.items()],
    "floor": [("", c, "", w, "overheads") for c, w in {"A1": 2, "C1": 1, "C2": 1}.items()],
}
LEVELS = (
    Step("A1", "wages", ("wages", "other"), 1),
    Step("A1", "wages", ("overheads",), 2),
    Step("A2", "floor", ("other",), 1),
    Step("A2", "floor", ("overheads",), 2),
)


def test_levels_of_department_and_item_with_money_arriving_as_another_item():
    inputs = small(
        OVERHEADS,
        {("A1", "wages"): 1300, ("A2", "other"): 400, ("A2", "wages"): 7, ("C1", "wages"): 50},
        ("other", "overheads", "wages"),
    )
    result = allocate(inputs, Policy("step_down", order=LEVELS, reopen=True))
    # On level 1 the overheads of A1 and A2 are still to come, so both receive; on level 2 neither does.
    assert cells(result, result.flows(), "step", "source", "source_item", "target", "item") == [
        (1, "A1", "wages", "A1", "overheads", 900),
        (1, "A1", "wages", "A2", "overheads", 100),
        (1, "A1", "wages", "C1", "overheads", 200),
        (1, "A1", "wages", "C2", "overheads", 100),
        (1, "A2", "other", "A1", "overheads", 200),
        (1, "A2", "other", "C1", "overheads", 100),
        (1, "A2", "other", "C2", "overheads", 100),
        (2, "A1", "overheads", "C1", "overheads", 733),
        (2, "A1", "overheads", "C2", "overheads", 367),
        (2, "A2", "overheads", "C1", "overheads", 50),
        (2, "A2", "overheads", "C2", "overheads", 50),
    ]
    assert cells(result, result.unallocated(), "holder", "origin", "item") == [("A2", "A2", "wages", 7)]
    assert cells(result, result.full_cost(), "receiver", "item") == [
        ("C1", "overheads", 1083),
        ("C1", "wages", 50),
        ("C2", "overheads", 617),
    ]
    lineage = cells(result, result.lineage(), "origin", "origin_item", "item")
    assert sum(a for o, k, i, a in lineage if (o, k, i) == ("A1", "wages", "overheads")) == 1300


def test_reopening_is_refused_unless_asked_for():
    inputs = small(OVERHEADS, {("A1", "wages"): 1300}, ("other", "overheads", "wages"))
    with pytest.raises(OrderError, match=r"'A1' gives on two levels.*set reopen"):
        allocate(inputs, Policy("step_down", order=LEVELS))
    once = allocate(
        inputs, Policy("step_down", order=(Step("A1", "wages", level=1), Step("A2", "floor", level=2)))
    )
    assert cells(once, once.flows(), "step", "source", "target") == [
        (1, "A1", "A2", 325),
        (1, "A1", "C1", 650),
        (1, "A1", "C2", 325),
        (2, "A2", "C1", 163),
        (2, "A2", "C2", 162),
    ]


def test_a_department_may_give_twice_when_reopened():
    rows = {"headcount": [("", c, "", 1) for c in ("A1", "A2", "C1")]}
    inputs = small(rows, {("A1", "wages"): 900, ("A2", "wages"): 300})
    order = (Step("A1"), Step("A2"), Step("A1"))
    result = allocate(inputs, Policy("step_down", order=order, reopen=True))
    assert cells(result, result.flows(), "step", "source", "target") == [
        (1, "A1", "A2", 450),
        (1, "A1", "C1", 450),
        (2, "A2", "A1", 375),
        (2, "A2", "C1", 375),
        (3, "A1", "C1", 375),
    ]


def test_orders_that_make_no_sense_are_refused():
    inputs = small({}, {("A1", "wages"): 1})
    for order, text in (
        ((Step("Z"),), "no department"),
        ((Step("A1", items=("food",)),), "names the item 'food'"),
        ((Step("A1", level=1), Step("A2")), "to all steps or to none"),
        ((Step("A1", level=1), Step("A1", items=("other",), level=1)), "twice on one level"),
    ):
        with pytest.raises(OrderError, match=text):
            allocate(inputs, Policy("step_down", order=order))


def test_reciprocal_shows_money_caught_in_a_closed_circle():
    rows = {"headcount": [("A1", "A2", "", 1), ("A2", "A1", "", 1), ("X1", "A1", "", 1), ("X1", "C1", "", 3)]}
    inputs = small(rows, {("A1", "wages"): 100, ("X1", "wages"): 400, ("C2", "wages"): 5})
    policy = Policy("reciprocal", admin=Rule(("headcount",), ()), auxiliary=Rule(("headcount",), ()))
    result = allocate(inputs, policy)
    assert cells(result, result.unallocated(), "holder", "origin", "path") == [
        ("A1", "A1", "A", 100),
        ("A1", "X1", "X>A", 100),
    ]
    assert cells(result, result.lineage(), "receiver", "origin") == [("C1", "X1", 300), ("C2", "C2", 5)]


def test_reciprocal_fallbacks_carry_the_gross_cost():
    rows = {"headcount": [("", c, "", 1) for c in ("A1", "A2", "C1")], "area": [("A1", "A2", "", 1)]}
    inputs = small(rows, {("A1", "wages"): 900})
    result = allocate(inputs, Policy("reciprocal", admin=Rule(("area",), ("headcount",))))
    # g1 = 900 + g2/3 and g2 = g1 + g2/3, so A2 handles 2,700 of which none is its own.
    assert [(u.source, u.wanted, u.used, u.amount) for u in result.fallbacks] == [
        ("A2", "area", "headcount", 2700)
    ]
    assert cells(result, result.full_cost(), "receiver") == [("C1", 900)]


def test_reciprocal_refuses_arrival_items():
    inputs = small(OVERHEADS, {("A1", "wages"): 1300}, ("other", "overheads", "wages"))
    with pytest.raises(PolicyError, match="Choose step_down"):
        allocate(inputs, Policy("reciprocal"))
