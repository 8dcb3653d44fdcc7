"""Hard benefit: the published cases, whole fen, payback; and what a claimed saving means per hour."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.benefit.direct import Direct, DirectError, implied_hour, implied_investment

D = Decimal
MILLION = 1_000_000_00  # yuan in fen


def test_the_laboratory_case_is_5000_hours_and_means_300_yuan_an_hour() -> None:
    one = Direct(D(100_000), D(3), hour=300_00)
    assert (one.hours, one.labour) == (5000, MILLION * 3 // 2)
    assert implied_hour(D(100_000), D(3), MILLION * 3 // 2) == 300_00
    assert implied_hour(D(0), D(3), MILLION) is None


def test_the_triage_case_is_paid_back_in_two_and_a_half_years() -> None:
    one = Direct(saved=MILLION // 2, once=MILLION * 5 // 4)
    assert one.payback == D("2.5") and one.net == MILLION // 2
    assert implied_investment(MILLION // 2, D("2.5")) == MILLION * 5 // 4


def test_everything_adds_up_and_running_cost_comes_off() -> None:
    """1,200 visits x 5 min = 100 h at 60.00 = 6,000; with 1,000 + 2,000 + 3,000 it is 12,000, less 2,000 a year; 25,000 spent."""
    one = Direct(D(1200), D(5), 60_00, 1_000_00, 2_000_00, 3_000_00, 25_000_00, 2_000_00, 5)
    assert (one.benefit, one.net, one.payback) == (12_000_00, 10_000_00, D("2.5"))
    assert (one.cost, one.worth) == (7_000_00, 5_000_00)


def test_fen_are_rounded_once_half_away_from_zero() -> None:
    assert Direct(D(1), D(1), 30).labour == 1  # half a fen
    assert Direct(D(1), D(1), 29).labour == 0
    assert Direct(D("0.3"), D(1), 100).labour == 1  # 0.5 fen exactly, not 0.49999 of a double
    assert Direct(once=10, life=4).cost == 3


def test_what_never_pays_has_no_payback() -> None:
    assert Direct(saved=100, yearly=100, once=5).payback is None
    assert Direct(saved=100).payback == 0


@pytest.mark.parametrize("wrong", [{"volume": D(-1)}, {"once": -1}, {"life": 0}])
def test_figures_below_zero_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(DirectError):
        Direct(**wrong)  # type: ignore[arg-type]


@given(
    st.integers(0, 10**7),
    st.integers(0, 600),
    st.integers(0, 10**6),
    st.integers(0, 10**10),
    st.integers(1, 20),
)
def test_a_years_cost_times_its_life_is_what_was_spent(
    volume: int, minutes: int, hour: int, once: int, life: int
) -> None:
    one = Direct(D(volume), D(minutes), hour, once=once, life=life)
    assert abs(one.cost * life - once) <= life  # a fen a year at most
    assert abs(one.labour * 60 - volume * minutes * hour) <= 30
    assert one.worth == one.net - (one.cost - one.yearly)
