"""The heat table by hand: order, gathered rest, Spring Festival months together."""

from decimal import Decimal

from core.figures.changes import REST
from core.figures.common import LAST_YEAR, PREVIOUS, cube
from core.figures.heat import heat
from core.warehouse import Warehouse


def test_departments_stand_by_money_with_the_rest_last(by_hand: Warehouse) -> None:
    found = heat(cube(by_hand, "H1", "medical"), 202512, LAST_YEAR, top=3)
    # a year of 2025: ward 9,400 x 12; ward 6,000 x 12; clinic 3,000 x 12 + 10,000
    assert [(row.dept, row.amount) for row in found.rows[:3]] == [
        ("0402", Decimal(112800)),
        ("0403", Decimal(72000)),
        ("0401", Decimal(46000)),
    ]
    assert found.rows[-1].dept == REST and found.rows[-1].count == 3
    assert found.months == tuple(range(202501, 202513)) and found.bases == 12
    assert sum(row.amount for row in found.rows) == 21400 * 12 + 10000 + 500


def test_cells_hold_the_rate_and_january_goes_with_february(by_hand: Warehouse) -> None:
    box = cube(by_hand, "H1", "medical")
    ward = next(row for row in heat(box, 202512, LAST_YEAR).rows if row.dept == "0402")
    by_month = {month: (value, side) for month, value, side in ward.cells}
    assert by_month[202504][1].ratio == Decimal(400) / Decimal(9000)
    january, february = by_month[202501], by_month[202502]
    assert january[0] == Decimal(9400)
    assert january[1].base == february[1].base == Decimal(18000)
    assert january[1].difference == february[1].difference == Decimal(800)
    # also when January is the month shown; against last month nothing is put together
    shown = next(row for row in heat(box, 202501, LAST_YEAR).rows if row.dept == "0402")
    assert {m: s.base for m, _, s in shown.cells}[202501] == Decimal(18000)
    month_before = next(row for row in heat(box, 202502, PREVIOUS).rows if row.dept == "0402")
    assert {m: s.base for m, _, s in month_before.cells}[202502] == Decimal(9400)


def test_months_without_a_base_are_missing_cells(by_hand: Warehouse) -> None:
    found = heat(cube(by_hand, "H1", "medical"), 202406, LAST_YEAR)
    assert found.bases == 0 and found.months == tuple(range(202401, 202407))
    assert {side.ratio for row in found.rows for _, _, side in row.cells} == {None}
