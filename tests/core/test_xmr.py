"""XmR limits against a worked example and each rule against a series that breaks it."""

from decimal import Decimal

from core.xmr import seasonal, xmr


def series(*values: int | None) -> list[Decimal | None]:
    return [None if value is None else Decimal(value) for value in values]


def test_limits_of_a_worked_series() -> None:
    points = xmr(series(10, 12, 11, 13, 12, 10, 11, 12, 13, 11))
    # mean 11.5; moving ranges 2 1 2 1 2 1 1 1 2 = 13 over 9; limits 11.5 -/+ 2.66 x 13/9
    assert points[0].mean == Decimal("11.5")
    assert points[0].high is not None and round(points[0].high, 4) == Decimal("15.3422")
    assert points[0].low is not None and round(points[0].low, 4) == Decimal("7.6578")
    assert {point.rule for point in points} == {""}


def test_a_point_beyond_the_limits() -> None:
    points = xmr(series(10, 11, 10, 11, 10, 11, 10, 11, 10, 40, 10, 11))
    assert [i for i, point in enumerate(points) if point.rule == "beyond"] == [9]


def test_eight_on_one_side_and_six_rising() -> None:
    shift = xmr(series(10, 12, 10, 12, 10, 12, 10, 12, 13, 15, 13, 15, 13, 15, 13, 15))
    assert [point.rule for point in shift[8:]] == ["run"] * 8
    rising = xmr(series(10, 14, 9, 15, 8, 9, 10, 11, 12, 13, 9, 14))
    assert [point.rule for point in rising].count("trend") == 6
    assert rising[4].rule == rising[9].rule == "trend"


def test_two_of_three_near_a_limit() -> None:
    points = xmr(series(20, 21, 20, 19, 20, 21, 20, 19, 20, 22, 22, 20, 19, 20, 20))
    # mean 20.2, limits 2.66 away: 22 lies in the outer third, and the second of two marks the place
    assert [i for i, point in enumerate(points) if point.rule] == [10]
    assert points[10].rule == "near"


def test_missing_values_break_runs_and_few_values_give_no_limits() -> None:
    assert xmr(series(1, 2, 3))[0].mean is None
    points = xmr(series(10, 12, 10, 12, 10, 12, 10, 12, 13, 15, 13, None, 13, 15, 13, 15))
    assert "run" not in [point.rule for point in points[8:]]
    assert points[11].value is None


def year(start: int, *values: int) -> dict[int, Decimal | None]:
    return {start * 100 + month: Decimal(value) for month, value in enumerate(values, 1)}


def test_seasons_are_no_special_causes() -> None:
    first = year(2023, 80, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 150)
    # 10 % growth; the festival moves from January to February, so only both together compare
    second = year(2024, 98, 89, 110, 111, 109, 110, 111, 109, 110, 111, 109, 165)
    found = seasonal(first | second)
    assert found[202301].mean is None and found[202312].rule == ""
    assert {found[period].rule for period in second} == {""}
    assert found[202412].mean is not None and 164 < found[202412].mean < 166
    # January: its band is scaled by what January and February came to together, 187 / 170
    assert found[202401].mean is not None and abs(found[202401].mean - 98) < 1


def test_a_month_out_of_its_season_is_marked() -> None:
    first = year(2023, 80, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 150)
    odd = first | year(2024, 85, 85, 100, 101, 99, 100, 101, 99, 100, 101, 150, 150)
    assert [period for period, point in seasonal(odd).items() if point.rule == "beyond"] == [202411]


def test_a_january_without_its_february_is_not_judged() -> None:
    first = year(2023, 80, 90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 150)
    second = year(2024, 90, 80, 101, 100, 99, 100, 101, 100, 99, 100, 101, 150)
    found = seasonal(first | second | {202501: Decimal(400)})
    assert found[202501].mean is None and found[202501].rule == ""
