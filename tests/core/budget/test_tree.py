"""The breakdown: children add up to their parent to the fen, whatever is set, locked or kept."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.budget.compile import BudgetError
from core.budget.tree import Path, Tree, compare, none_below_zero

DEPTS = (("0101", "admin"), ("0401", "clinical"), ("0402", "clinical"), ("0301", "technical"))
ITEMS = ("staff", "materials", "drugs")


def tree(amount: int = 100) -> Tree:
    cells = {code: {item: [amount] * 12 for item in ITEMS} for code, _ in DEPTS}
    return Tree.of(2026, DEPTS, ITEMS, cells)


def all_paths(one: Tree) -> list[Path]:
    found: list[Path] = [()]
    for path in found:
        found += [node.path for node in one.children(path)] if len(path) < 3 else []
    return found


def assert_adds_up(one: Tree) -> None:
    for path in all_paths(one):
        if len(path) < 4:
            assert sum(node.fen for node in one.children(path)) == one.fen(path), path
    assert int(one.cells.min()) >= 0


def test_five_levels() -> None:
    one = tree()
    assert [node.name for node in one.children()] == ["admin", "clinical", "technical"]
    assert [node.name for node in one.children(("clinical",))] == ["0401", "0402"]
    assert [node.level for node in one.children(("clinical", "0401"))] == ["item"] * 3
    assert len(one.children(("clinical", "0401", "staff"))) == 12
    assert one.children(("clinical", "0401", "staff", "1")) == ()
    assert one.amount() == Decimal("144.00") and one.amount(("clinical", "0401", "staff", "12")) == 1
    for path in (
        ("nobody",),
        ("clinical", "0101"),
        ("clinical", "0401", "beds"),
        ("clinical", "0401", "staff", "13"),
    ):
        with pytest.raises(BudgetError, match="no_node"):
            one.fen(path)


def test_setting_any_node_divides_to_the_fen() -> None:
    one = tree().set((), 100000)
    assert one.fen() == 100000 and sorted(set(one.cells.ravel().tolist())) == [694, 695]
    assert_adds_up(one)
    ward = one.set(("clinical", "0401"), 7)
    assert ward.fen(("clinical", "0401")) == 7 and ward.fen() == 100000 - one.fen(("clinical", "0401")) + 7
    assert_adds_up(ward)
    # months that were 0 share evenly
    assert tree(0).set(("clinical", "0401", "staff"), 25).fen(("clinical", "0401", "staff", "1")) == 3


def test_keeping_the_parent_lets_the_siblings_pay() -> None:
    one = tree().set(("clinical", "0401"), 5000, keep=True)
    assert one.fen(("clinical",)) == 7200 and one.fen(("clinical", "0402")) == 2200
    with pytest.raises(BudgetError, match="parent"):
        tree().set(("clinical", "0401"), 7201, keep=True)
    assert_adds_up(one)


def test_locked_months_stay() -> None:
    one = tree().lock(("clinical", "0401", "staff")).lock(("clinical", "0402", "drugs", "3"))
    done = one.set(("clinical",), 20000)
    assert done.fen(("clinical",)) == 20000
    assert done.fen(("clinical", "0401", "staff")) == 1200
    assert done.fen(("clinical", "0402", "drugs", "3")) == 100
    assert [node.locked for node in done.children(("clinical",))] == ["some", "some"]
    assert done.node(("clinical", "0401", "staff")).locked == "all"
    with pytest.raises(BudgetError, match="locked"):
        one.set(("clinical", "0401"), 1199)
    with pytest.raises(BudgetError, match="all_locked"):
        one.set(("clinical", "0401", "staff"), 1300)
    assert one.set(("clinical", "0401", "staff"), 1200).fen() == one.fen()
    with pytest.raises(BudgetError, match="parent"):
        one.lock(("clinical", "0402")).set(("clinical", "0401"), 3700, keep=True)
    free = one.lock(("clinical", "0401", "staff"), on=False)
    assert free.node(("clinical", "0401", "staff")).locked == "none"
    with pytest.raises(BudgetError, match="below_zero"):
        one.set((), -1)


def test_a_payment_standard_that_falls_takes_the_target_down() -> None:
    # laparoscopic cholecystectomy 25,000 to 22,000 yuan is -12 %
    one = tree().scale(("clinical", "0401"), Decimal(22000) / 25000 - 1)
    assert one.fen(("clinical", "0401")) == 3168 and one.fen(("clinical", "0402")) == 3600


def test_plain_data_and_back() -> None:
    one = tree().set(("clinical", "0401", "staff"), 0).set((), 98765)
    again = Tree.of(2026, DEPTS, ITEMS, one.plain())
    assert np.array_equal(again.cells, one.cells) and "staff" not in one.plain()["0401"]
    for cells, reason in (
        ({"9999": {"staff": [0] * 12}}, "unknown_dept"),
        ({"0401": {"beds": [0] * 12}}, "unknown_item"),
        ({"0401": {"staff": [-1] * 12}}, "below_zero"),
    ):
        with pytest.raises(BudgetError, match=reason):
            Tree.of(2026, DEPTS, ITEMS, cells)


def test_a_month_booked_back_is_taken_from_the_others() -> None:
    # 100.00 and -30.00: the year is 70.00, as every other page says
    assert none_below_zero([10_000, -3_000, *[0] * 10]) == [7_000, *[0] * 11]
    assert none_below_zero([100, -1, 50]) == [99, 0, 50] and none_below_zero([-5, 3]) == [0, 0]


def test_compare_names_what_one_of_two_lacks() -> None:
    small = Tree.of(2025, DEPTS[:2], ITEMS, {"0401": {"staff": [100] * 12}})
    found = {c.path: (c.before, c.after) for c in compare(small, tree())}
    assert found[("technical",)] == (0, Decimal("36.00")) and found[("clinical",)] == (12, 72)
    assert [c.difference for c in compare(small, tree(), ("clinical", "0401"))] == [0, 12, 12]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_done_children_add_up(data: st.DataObject) -> None:
    one = tree(data.draw(st.integers(0, 10**9)))
    paths = all_paths(one)
    for _ in range(4):
        path, fen = data.draw(st.sampled_from(paths)), data.draw(st.integers(0, 10**12))
        keep, lock = data.draw(st.booleans()), data.draw(st.booleans())
        before = one
        try:
            one = one.set(path, fen, keep)
        except BudgetError:
            assert one is before
        else:
            assert one.fen(path) == fen
            assert not keep or not path or one.fen(path[:-1]) == before.fen(path[:-1])
            assert np.array_equal(one.cells[before.locked], before.cells[before.locked])
        one = one.lock(data.draw(st.sampled_from(paths)), lock)
        assert_adds_up(one)
