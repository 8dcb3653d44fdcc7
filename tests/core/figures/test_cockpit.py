"""The cockpit by hand, and the identity of its pictures: total = departments = items, to the fen."""

from decimal import Decimal

import pytest

from core.catalog import catalog
from core.figures.cockpit import Cockpit, cockpit, focus
from core.figures.common import BUDGET, LAST_YEAR, PREVIOUS
from core.measures import Reason
from core.warehouse import Warehouse


@pytest.fixture(scope="module")
def april(by_hand: Warehouse) -> Cockpit:
    return cockpit(by_hand, "H1", 202504, "medical", compare=LAST_YEAR)


def test_cards_by_hand(april: Cockpit) -> None:
    cards = {one.measure: one for one in april.cards}
    assert cards["cost"].value == Decimal(21400)
    assert cards["income"].value == Decimal(24000)
    assert cards["surplus"].value == Decimal(2600)
    assert cards["drug_share"].value == Decimal(16000) / Decimal(24000)
    assert cards["cost"].against[LAST_YEAR].ratio == Decimal(400) / Decimal(21000)
    assert cards["cost"].against[PREVIOUS].difference == Decimal(-500)
    assert cards["cost"].against[BUDGET].base == Decimal(10000)
    assert cards["surplus"].against[BUDGET].why == "no_budget"
    assert len(cards["cost"].series) == 13 and cards["cost"].series[0] == (202404, Decimal(21000))


def test_lines_sub_totals_and_total(april: Cockpit) -> None:
    assert [(line.dept.code, line.direct) for line in april.lines] == [
        ("0402", Decimal(9400)), ("0403", Decimal(6000)), ("0401", Decimal(3000)), ("0301", Decimal(2000)), ("0101", Decimal(1000)),
    ]  # fmt: skip
    assert [(line.dept.dept_class, line.direct) for line in april.classes] == [
        ("clinical", Decimal(18400)),
        ("technical", Decimal(2000)),
        ("admin", Decimal(1000)),
    ]
    assert april.total.direct == Decimal(21400) == april.total.full
    # departments that pass their cost on have no full cost: missing, not 0
    assert [line.full for line in april.lines if line.dept.code in ("0301", "0101")] == [None, None]


@pytest.mark.parametrize("scope", catalog().names("scopes"))
@pytest.mark.parametrize("period", [202412, 202503])
def test_total_is_departments_is_items(by_hand: Warehouse, scope: str, period: int) -> None:
    found = cockpit(by_hand, "H1", period, scope)
    total = next(one.value for one in found.cards if one.measure == "cost")
    assert total == found.total.direct == sum(line.direct for line in found.lines)
    assert total == sum(one.value for one in found.items) == found.changes.value
    assert total == sum((line.direct for line in found.classes), Decimal(0))
    assert sum(one.share or 0 for one in found.items) == 1


@pytest.mark.parametrize("compare", [PREVIOUS, LAST_YEAR, BUDGET])
def test_changes_add_up_to_the_change_of_the_total(by_hand: Warehouse, compare: str) -> None:
    # The 500 without a department in March are gone in April: a line of 0, 500 less.
    found = cockpit(by_hand, "H1", 202504, "medical", compare=compare)
    for lines in (found.lines, found.classes):
        assert sum(line.against.difference or 0 for line in lines) == found.total.against.difference
    gone = [line.direct for line in found.lines if line.against.difference == -500]
    assert gone == ([0] if compare == PREVIOUS else [])


def test_unmapped_cost_is_shown_and_not_borne_by_anybody(by_hand: Warehouse) -> None:
    found = cockpit(by_hand, "H1", 202503, "medical")
    assert found.unmapped == Decimal(500) and found.total.direct == Decimal(21900)
    assert found.total.full == Decimal(21400)


def test_a_class_and_a_department_show_their_own_cards(by_hand: Warehouse) -> None:
    clinical = cockpit(by_hand, "H1", 202504, "medical", "clinical")
    values = {one.measure: one.value for one in clinical.cards}
    assert values["cost"] == Decimal(18400) and values["full_cost"] == Decimal(21400)
    laboratory = cockpit(by_hand, "H1", 202504, "medical", None, "0301")
    values = {one.measure: one.value for one in laboratory.cards}
    assert values["income_executed"] == Decimal(3000) and values["executed_surplus"] == Decimal(1000)
    assert laboratory.classes == () and laboratory.total.direct == Decimal(2000)


def test_missing_figures_carry_their_reason(by_hand: Warehouse) -> None:
    office = {one.measure: one for one in cockpit(by_hand, "H1", 202504, "business", "admin").cards}
    assert office["admin_rate"].value is None
    assert office["admin_rate"].reason == Reason("scope", "cost_admin")


def test_trend_follows_the_seasons(by_hand: Warehouse) -> None:
    trend = cockpit(by_hand, "H1", 202512, "medical").trend
    assert trend.how == "seasonal" and len(trend.points) == 24
    points = dict(trend.points)
    assert points[202401].mean is None
    # December stands high every year, which is no special cause
    assert points[202512].value == Decimal(31400) and points[202512].rule != "beyond"
    short = cockpit(by_hand, "H1", 202405, "medical").trend
    assert short.how == "none"


def test_spring_festival_months_are_taken_together(by_hand: Warehouse) -> None:
    february = cockpit(by_hand, "H1", 202502, "medical").festival
    assert february is not None and february.base == Decimal(42000) and february.difference == Decimal(800)
    assert cockpit(by_hand, "H1", 202504, "medical").festival is None
    assert cockpit(by_hand, "H1", 202402, "medical").festival is None


def test_one_item_in_focus(by_hand: Warehouse) -> None:
    changed, table = focus(by_hand, "H1", 202504, "medical", None, None, LAST_YEAR, "drugs")
    assert changed.value == Decimal(10800)
    assert [row.dept for row in table.rows] == ["0403", "0402"]
