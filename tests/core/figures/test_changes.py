"""What changed, by hand: each part, the sentence's main items, and the identity that parts add up to the change."""

from decimal import Decimal

import pytest

from core.figures.changes import REST, changes
from core.figures.common import BUDGET, COMPARES, LAST_YEAR, PREVIOUS, cube, shift, window
from core.warehouse import Warehouse


def test_months_are_counted_over_the_year() -> None:
    assert shift(202501, -1) == 202412 and shift(202412, 1) == 202501 and shift(202503, -12) == 202403
    assert window(202502, 4) == (202411, 202412, 202501, 202502)


def test_against_last_year_by_item(by_hand: Warehouse) -> None:
    found = changes(cube(by_hand, "H1", "medical"), 202504, LAST_YEAR)
    assert found.value == Decimal(21400) and found.against.base == Decimal(21000)
    assert found.against.difference == Decimal(400)
    assert [(part.item, part.difference) for part in found.by_item if part.difference] == [
        ("staff", Decimal(600)),
        ("drugs", Decimal(-200)),
    ]
    # all of the increase is staff: drugs fell
    assert [part.item for part in found.main] == ["staff"] and found.share == 1
    assert [(part.dept, part.item, part.difference) for part in found.movers] == [
        ("0402", "staff", Decimal(600)),
        ("0402", "drugs", Decimal(-200)),
    ]
    assert found.movers[0].against.ratio == Decimal("0.15")


def test_a_line_without_a_department_is_a_mover_of_its_own(by_hand: Warehouse) -> None:
    found = changes(cube(by_hand, "H1", "medical"), 202503, PREVIOUS)
    assert [(part.dept, part.item, part.difference) for part in found.movers] == [
        ("unmapped", "other", Decimal(500))
    ]
    assert found.movers[0].against.ratio is None  # there was nothing before, so there is no rate


def test_against_the_budget_and_where_there_is_none(by_hand: Warehouse) -> None:
    box = cube(by_hand, "H1", "medical")
    ward = changes(box, 202504, BUDGET, frozenset(["0402"]))
    assert ward.against.base == Decimal(10000) and ward.against.difference == Decimal(-600)
    assert {part.item: part.difference for part in ward.by_item} == {
        "drugs": Decimal(-700),
        "staff": Decimal(100),
    }
    assert changes(box, 202404, BUDGET).against.why == "no_budget"
    assert changes(cube(by_hand, "H1", "medical_full"), 202504, BUDGET).against.why == "budget_scope"
    first = changes(box, 202401, LAST_YEAR)
    assert first.against.why == "no_month" and first.by_item == () and first.value == Decimal(21000)


@pytest.mark.parametrize("compare", COMPARES)
@pytest.mark.parametrize("period", [202501, 202503, 202512])
def test_parts_add_up_to_the_change(by_hand: Warehouse, period: int, compare: str) -> None:
    found = changes(cube(by_hand, "H1", "medical"), period, compare)
    assert sum(part.difference for part in found.by_item) == found.against.difference
    assert sum(part.difference for part in found.by_dept) == found.against.difference
    assert sum(part.value for part in found.by_dept) == found.value


def test_the_rest_is_gathered_with_its_count(by_hand: Warehouse) -> None:
    found = changes(cube(by_hand, "H1", "medical"), 202503, LAST_YEAR, top=2)
    *named, rest = found.by_dept
    assert [part.dept for part in named] == ["unmapped", "0402"]
    assert rest.dept == REST and rest.count == 4 and rest.value == Decimal(12000)


def test_one_item_only(by_hand: Warehouse) -> None:
    found = changes(cube(by_hand, "H1", "medical"), 202504, LAST_YEAR, item="drugs")
    assert found.value == Decimal(10800) and found.against.difference == Decimal(-200)
    assert {part.dept for part in found.by_dept if part.difference} == {"0402"}
