"""Largest remainder against Python integers; yuan and fen; rounding that keeps the sum."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.money import (
    AMOUNT_BOUND,
    MoneyError,
    ZeroWeights,
    divide_exact,
    fen_to_yuan,
    half_up,
    largest_remainder,
    round_column,
    scale_to_integers,
    yuan_to_fen,
)

huge = st.integers(-(2**62), 2**62)
edge = st.sampled_from([AMOUNT_BOUND - 1, AMOUNT_BOUND, -AMOUNT_BOUND, 10**12, -(10**12), 1, 0, -1])
weight = st.one_of(
    st.just(0), st.integers(0, 9), st.integers(0, 10**12), st.integers(0, 2**56), st.integers(0, 2**58)
)


@settings(max_examples=600, deadline=None)
@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(
            st.tuples(
                st.one_of(huge, edge, st.integers(-200, 200)), st.lists(weight, min_size=n, max_size=n)
            ),
            min_size=1,
            max_size=8,
        )
    )
)
@example([(10**12 - 1, [10**12] * 3 + [10**12 - 1])])
@example([(2**49 - 1, [2**58 - 1, 2**58, 1])])
def test_equals_python_integers_row_by_row(rows):
    amounts = np.array([a for a, _ in rows], dtype=np.int64)
    weights = np.array([w for _, w in rows], dtype=np.int64)
    shares = largest_remainder(amounts, weights, zero="keep")
    assert shares.tolist() == [divide_exact(a, w) for a, w in rows]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 130), st.integers(1, 49), st.integers(1, 54))
def test_wide_random_rows_equal_python_integers(seed, n, amount_bits, weight_bits):
    rng = np.random.default_rng(seed)
    amounts = rng.integers(-(2**amount_bits), 2**amount_bits, size=5)
    weights = rng.integers(0, 2**weight_bits, size=(5, n))
    expected = [divide_exact(int(a), [int(x) for x in w]) for a, w in zip(amounts, weights, strict=True)]
    assert largest_remainder(amounts, weights, zero="keep").tolist() == expected


def test_ties_go_to_the_smaller_index_and_red_entries_mirror_black_ones():
    assert largest_remainder(100, [1, 1, 1]).tolist() == [34, 33, 33]
    assert largest_remainder(-100, [1, 1, 1]).tolist() == [-34, -33, -33]
    assert largest_remainder(2, [1, 0, 1, 1]).tolist() == [1, 0, 1, 0]


def test_broadcasts_batches():
    shares = largest_remainder(np.full((2, 3), 7), np.array([1, 2]))
    assert shares.shape == (2, 3, 2)
    assert (shares == [2, 5]).all()


def test_zero_weights_are_named_or_kept():
    with pytest.raises(ZeroWeights) as caught:
        largest_remainder([0, 5], [[0, 0], [0, 0]])
    assert caught.value.rows == [(1,)]
    assert largest_remainder([0, 5], [[0, 0], [0, 0]], zero="keep").tolist() == [[0, 0], [0, 0]]
    assert largest_remainder(0, [0, 0]).tolist() == [0, 0]
    with pytest.raises(ZeroWeights):
        largest_remainder([5], np.zeros((1, 0), dtype=np.int64))


def test_refuses_negative_weights_and_floats():
    with pytest.raises(MoneyError, match="below 0"):
        largest_remainder(5, [1, -1])
    with pytest.raises(MoneyError, match="not whole numbers"):
        largest_remainder(5.0, [1, 1])


def test_yuan_and_fen():
    assert yuan_to_fen("12345.60") == 1234560
    assert yuan_to_fen(Decimal("-0.01")) == -1
    assert yuan_to_fen("1.2300") == 123
    assert yuan_to_fen("123456789012345678901234567890.12") == 12345678901234567890123456789012
    assert str(fen_to_yuan(1234560)) == "12345.60"
    for wrong in ("1.005", "abc", "NaN", "Infinity", None, 1.5):
        with pytest.raises(MoneyError):
            yuan_to_fen(wrong)


@given(st.integers(-(10**17), 10**17))
def test_yuan_and_fen_are_inverse(fen):
    assert yuan_to_fen(fen_to_yuan(fen)) == fen


def test_scaling_keeps_every_digit():
    values, decimals = scale_to_integers(["12.5", Decimal("3"), 0.25, None, 7])
    assert (values.tolist(), decimals) == ([1250, 300, 25, 0, 700], 2)
    assert scale_to_integers([0.1 + 0.2])[0].tolist() == [300000]
    assert scale_to_integers([100, 20])[1] == 0
    with pytest.raises(MoneyError, match="larger unit"):
        scale_to_integers([Decimal("1e18"), Decimal("0.001")])
    with pytest.raises(MoneyError, match="not a number"):
        scale_to_integers(["x"])


def test_rounded_column_adds_up_to_the_rounded_sum():
    assert round_column(["0.005", "0.005", "0.005"]).tolist() == [1, 1, 0]
    assert round_column(["-0.006", "-0.006"]).tolist() == [0, -1]
    assert round_column([]).tolist() == []


@given(st.lists(st.decimals(-(10**9), 10**9, places=5), max_size=40))
def test_no_rounded_value_moves_by_a_whole_fen(values):
    fen = round_column(values)
    total = sum(values, Decimal(0)) * 100
    assert abs(int(fen.sum()) - total) <= Decimal("0.5")
    assert all(abs(int(f) - v * 100) < 1 for f, v in zip(fen, values, strict=True))


def test_red_entries_take_their_own_part_back():
    # 25,669.05 yuan over rows of 0.15, 0.37, 0.29, 30,950.47 and -976.16, by x 25,669.05 / 29,975.12:
    # 12.85, 31.68, 24.83, 2,650,428.63 and -83,592.99 fen
    assert divide_exact(2_566_905, [15, 37, 29, 3_095_047, -97_616]) == [13, 32, 25, 2_650_428, -83_593]
    assert divide_exact(-50, [-3, -1]) == [-38, -12] and divide_exact(7, [5, -5]) == [0, 0]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(-(10**9), 10**9), max_size=30))
def test_no_part_of_a_division_is_a_fen_from_its_share(amount, weights):
    parts, total = divide_exact(amount, weights), sum(weights)
    assert sum(parts) == (amount if total else 0)
    assert all(
        abs(part - Fraction(amount * w, total)) < 1 for part, w in zip(parts, weights, strict=True) if total
    )
    assert all(part == 0 for part, w in zip(parts, weights, strict=True) if not w)


def test_a_half_goes_away_from_nil():
    assert [half_up(Decimal(x)) for x in ("1000.005", "-0.125", "2.675")] == [
        Decimal("1000.01"), Decimal("-0.13"), Decimal("2.68"),
    ]  # fmt: skip
    assert half_up(Decimal("2.5"), 0) == 3
