"""What the forecast page says of awkward histories, asked without a page: how far to trust it, which months, which sums."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.forecasting import Answer, Target, answer
from pages._ui.forecast import head, words
from tests.fixtures.pasts import given, months

NAN = float("nan")


@pytest.mark.parametrize(
    ("mine", "naive", "code"),
    [
        (NAN, NAN, words.UNTRIED),
        (0.0, 0.0, words.EXACT),
        (0.2, 0.0, words.NAIVE_EXACT),
        (0.8, 1.0, words.BETTER),
        (1.2, 1.0, words.WORSE_THAN),
        (1.0 + 1e-9, 1.0, words.SAME),
        (0.998, 1.0, words.SAME),
    ],
)
def test_only_what_was_not_tried_is_untried(mine: float, naive: float, code: str) -> None:
    errors = {"mean": np.asarray(mine), "naive": np.asarray(naive)}
    found: Any = SimpleNamespace(
        statistics=SimpleNamespace(errors=errors, wape={}, months=np.asarray(36.0), reasons=((),)),
    )
    assert words.beside(found) == code
    said = words.trust(found)
    assert ("Nothing could be tried" in said) == (code == words.UNTRIED)
    assert ("worse than naive" in said) == (code in (words.WORSE_THAN, words.NAIVE_EXACT))


def found(monkeypatch: pytest.MonkeyPatch, root: Path, values: list[Any], horizon: int = 6) -> Answer:
    table = {("it_spend", ""): months(202501, values)}
    return answer(given(monkeypatch, root, table), "H1", Target("it_spend"), horizon)


@pytest.mark.parametrize("value", [500.0, 0.0])
def test_figures_that_never_change_are_not_called_a_short_history(
    value: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one = found(monkeypatch, tmp_path, [value] * 36)
    assert words.beside(one) == words.EXACT and head.against_naive(one) is None
    assert "Every month is the same" in " ".join(words.reasons(one))


def test_a_year_before_is_that_month_and_not_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nine months of history have no year before; thirteen have one for the first month alone."""
    short = found(monkeypatch, tmp_path / "a", [100.0 + at for at in range(9)])
    assert head.year_before(short) is None and words.length(short) == 9 and words.young(short)
    assert "last month" in words.naive(short).lower() and words.beside(short) != words.UNTRIED
    long = found(monkeypatch, tmp_path / "b", [100.0 + at for at in range(13)], 3)
    assert head.year_before(long) == 101 + 102 + 103 and not words.young(long)
    holes = found(monkeypatch, tmp_path / "c", [100.0, 101.0, None, *[100.0] * 10], 3)
    assert head.year_before(holes) is None and words.length(holes) == 12


def test_months_that_were_not_tried_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    one = found(monkeypatch, tmp_path, [round(100 + 5 * rng.normal(), 2) for _ in range(30)], 36)
    reached = int(one.statistics.last_tried)
    assert 0 < reached < 36
    first = one.points[reached].period
    assert words.format.period(first) in " ".join(words.reasons(one))
    assert [each.months > 0 for each in one.statistics.tried()][-1] is False


def test_a_level_is_said_as_a_mean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """500 people a month are 500 people, not 6,000 a year."""
    table = {("headcount", "A"): months(202201, [500] * 36)}
    one = answer(given(monkeypatch, tmp_path, table), "H1", Target("headcount"), 12)
    assert head.total(one) == 500 and head.change(one) == 0
    assert one.year_end is not None and one.year_end.whole == Decimal(500)
    assert words.together(one, [point.own for point in one.points]) == 500


def test_departments_that_are_late_are_counted_at_the_hospital(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [float(100 + at % 7) for at in range(36)]
    table = {
        ("income", code): months(202201, rows[: 36 - late]) for code, late in (("A", 0), ("B", 1), ("C", 30))
    }
    warehouse = given(monkeypatch, tmp_path, table)
    assert words.behind(answer(warehouse, "H1", Target("income"), 3)) == 1
    late = answer(warehouse, "H1", Target("income", "B"), 3)
    assert words.behind(late) == 0 and words.late(late)
    said = words.reasons(late)
    assert not any("newest months are missing" in one for one in said)


def test_figures_of_a_what_if_are_not_called_statistical(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    warehouse = given(
        monkeypatch, tmp_path, {("it_spend", ""): months(202201, [float(90 + at % 5) for at in range(36)])}
    )
    plain = answer(warehouse, "H1", Target("it_spend"), 3)
    asked = answer(warehouse, "H1", Target("it_spend"), 3, price=Decimal("0.1"))
    assert [words.column(one, "mean") for one in (plain, asked)] == ["Statistical", "What-if"]
