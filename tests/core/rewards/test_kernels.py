"""Reward kernels: the printed figures, and what must hold for any figures."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from core.rewards import kernels

D = Decimal
FEN = st.integers(-(10**12), 10**12)
RATE = st.integers(0, 10_000).map(lambda n: D(n) / 10_000)


def test_ten_to_twenty_per_cent_of_a_saving() -> None:
    # 1,000,000.00 yuan saved: 100,000 at 10 %, 200,000 at 20 %
    assert kernels.shares([100_000_000], [D("0.10")]) == [10_000_000]
    assert kernels.shares([100_000_000], [D("0.20")]) == [20_000_000]


def test_a_pool_is_divided_to_the_fen() -> None:
    # three savings of 33 fen at 10 %: 9.9 fen is a pool of 10, and 3.3 each makes 4 + 3 + 3
    assert kernels.shares([33, 33, 33], [D("0.1")] * 3) == [4, 3, 3]


def test_overspending_departments_earn_nothing() -> None:
    assert kernels.shares([1000, -500, 0], [D("0.15")] * 3) == [150, 0, 0]


@given(st.lists(st.tuples(FEN, RATE), max_size=40))
@example([(253, D("0.0298")), (358_100, D("0.0118")), (637_134, D("0.025")), (298_601_597, D("0.0332"))])
def test_shares_add_up_and_stay_within_a_fen(rows: list[tuple[int, Decimal]]) -> None:
    bases, rates = [b for b, _ in rows], [r for _, r in rows]
    made = kernels.shares(bases, rates)
    exact = [max(0, b) * r for b, r in rows]
    assert abs(D(sum(made)) - sum(exact, D(0))) <= D("0.5")
    assert all(m >= 0 and abs(m - e) < 1 for m, e in zip(made, exact, strict=True))
    assert all(m == 0 for m, b in zip(made, bases, strict=True) if b <= 0)


def test_thirty_per_cent_of_a_drg_surplus() -> None:
    assert kernels.shares([25_000_000, -9_000_000], [D("0.30")] * 2) == [7_500_000, 0]


def test_a_lump_sum_kept_or_shared_by_the_head() -> None:
    # 50,000 yuan a year: 42,000 spent keeps 8,000; 60,000 spent costs the head 5 % to 10 % of 10,000
    assert kernels.lump(5_000_000, 4_200_000, D(1), D("0.05")) == 800_000
    assert kernels.lump(5_000_000, 6_000_000, D(1), D("0.05")) == -50_000
    assert kernels.lump(5_000_000, 6_000_000, D(1), D("0.10")) == -100_000


@given(st.integers(0, 10**12), RATE)
def test_an_overspend_shared_by_two_stays_whole(overspend: int, rate: Decimal) -> None:
    dept, supplier = kernels.split(overspend, rate)
    assert dept + supplier == overspend and dept >= 0 and supplier >= 0
    assert kernels.split(-overspend, rate) == (0, 0)


def test_a_special_reward_needs_more_than_ten_per_cent_or_early_and_good() -> None:
    def special(actual: int, delivery: str | None, quality: str | None) -> str:
        days, items = (None if x is None else D(x) for x in (delivery, quality))
        return kernels.special(100_000, actual, D("0.10"), days, items)

    assert special(89_999, None, None) == "saving_rate"
    assert special(90_000, None, None) == ""  # exactly 10 % is not over 10 %
    assert special(99_000, "0.95", "1") == "early_quality"
    assert special(99_000, "0.95", "0.9") == ""
    assert special(99_000, "0.95", None) == ""
    assert special(99_000, "1", "1") == ""


def test_the_insurer_keeps_thirty_or_fifty_and_adds_three_per_cent() -> None:
    assert kernels.retention(1_000_000_000, D("0.30")) == 300_000_000
    assert kernels.retention(1_000_000_000, D("0.50")) == 500_000_000
    assert kernels.retention(-5, D("0.50")) == 0
    assert kernels.next_total(100_000_000, D("0.049"), D("0.05"), D("0.03")) == 103_000_000
    assert kernels.next_total(100_000_000, D("0.05"), D("0.05"), D("0.03")) == 100_000_000
    assert kernels.next_total(100_000_000, None, D("0.05"), D("0.03")) is None


def test_red_lines_pass_at_the_limit_and_miss_without_data() -> None:
    assert kernels.judge(D("0.03"), D("0.03"), "lower") == "pass"
    assert kernels.judge(D("0.0301"), D("0.03"), "lower") == "fail"
    assert kernels.judge(D("0.90"), D("0.90"), "higher") == "pass"
    assert kernels.judge(D("0.89"), D("0.90"), "higher") == "fail"
    assert kernels.judge(None, D("0.90"), "higher") == "missing"
    assert kernels.judge(D("0.95"), None, "higher") == "missing"


@given(st.integers(0, 10**10), st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_a_fund_is_divided_whole_or_not_at_all(amount: int, points: list[int]) -> None:
    made = kernels.fund(amount, points)
    assert sum(made) == (amount if sum(points) else 0)
    assert all(m == 0 for m, p in zip(made, points, strict=True) if p == 0)


def test_a_serious_overrun_and_a_streak() -> None:
    assert kernels.overrun(100, 151, D("0.5")) and not kernels.overrun(100, 150, D("0.5"))
    assert not kernels.overrun(0, 500, D("0.5"))
    assert kernels.streak([True, False, True, True, True]) == 3
    assert kernels.streak([True, True, None]) == 0
    assert kernels.streak([]) == 0
