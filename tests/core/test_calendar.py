"""Workdays and the Spring Festival against the published arrangements of days off."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import CalendarError, festival_share, new_year, official_schedule, regressors, workdays


def test_workdays_with_substituted_weekends() -> None:
    """State Council notices for 2025 and 2026: work on 26 Jan and 8 Feb 2025, on 14 and 28 Feb 2026."""
    assert (workdays(202501), workdays(202502)) == (19, 19)
    assert (workdays(202601), workdays(202602)) == (21, 16)
    assert workdays(202510) == 18  # eight days off, work on the 11th
    assert workdays(202507) == 23


def test_the_festival_moves_between_january_and_february() -> None:
    assert new_year(2024) == date(2024, 2, 10) and new_year(2025) == date(2025, 1, 29)
    assert festival_share(202402) == 1.0 and festival_share(202401) == 0.0
    assert festival_share(202501) == pytest.approx(10 / 22)  # 22 to 31 January of 22 January to 12 February
    for year in range(2015, 2035):
        assert sum(festival_share(year * 100 + month) for month in range(1, 13)) == pytest.approx(1.0)


def test_whether_a_schedule_is_official() -> None:
    assert official_schedule(2025) and official_schedule(2026)
    assert not official_schedule(2031)
    assert 18 <= workdays(203102) <= 20  # computed all the same


def test_regressors_for_any_months() -> None:
    found = regressors(202412, 3)
    assert found["workdays"] == [float(workdays(p)) for p in (202412, 202501, 202502)]
    assert found["spring_festival"][0] == 0.0


def test_what_is_no_month_is_refused() -> None:
    with pytest.raises(CalendarError, match="yyyymm"):
        workdays(202513)
    with pytest.raises(CalendarError, match="1950"):
        workdays(194901)
