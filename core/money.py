"""Money as integers: largest remainder, yuan and fen, and rounding that keeps the total.

Inside the kernels an amount is an int64 number of fen; outside it is a Decimal of yuan with two places.
No float ever holds an amount. Source of the method: Hamilton / largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]

# Bounds of the vectorised division, see divide_fast. Rows beyond them are divided with Python integers.
AMOUNT_BOUND = 2**49
WEIGHT_BOUND = 2**62
INT64_MAX = 2**63 - 1
# Wider than any ledger, and it refuses to round: the default context rounds at 28 digits without a word.
EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])


class MoneyError(ValueError):
    """A value that is not an exact amount of money, or cannot be divided. The message says what to do."""


class ZeroWeights(MoneyError):
    """An amount has nobody to go to: all its weights are 0. `rows` are the positions of such rows."""

    def __init__(self, rows: list[tuple[int, ...]]) -> None:
        super().__init__(
            f"{len(rows)} amount(s) have weights that are all 0, first at {rows[0]}."
            " Give at least one positive weight, or ask for zero='keep' and handle what is left."
        )
        self.rows = rows


def largest_remainder(
    amounts: Any, weights: Any, *, zero: Literal["raise", "keep"] = "raise"
) -> NDArray[np.int64]:
    """Divide every amount among its targets in whole fen, exactly.

    For a = |amount|, weights w_t >= 0 and W = sum of w_t > 0:
        q_t = a * w_t div W ;  r_t = a * w_t mod W ;  left = a - sum q_t
        the `left` targets with the largest r_t get one more (ties: the smaller index)
        share_t = sign(amount) * q_t
    so shares add up to the amount, differ from the true share by less than 1 fen, and a target of weight 0
    gets nothing.

    amounts: int64 [...]; weights: int64 [..., n]; both broadcast. Returns int64 [..., n].
    zero: what to do with an amount other than 0 whose weights are all 0: 'raise' ZeroWeights, or 'keep'
    it (its shares are 0, so the caller sees sum(shares) != amount).
    Errors: MoneyError for weights below 0 or values that are not whole numbers.

    The products reach 1e24. Within the bounds |a| < 2^49 and W * n < 2^62 the quotient is taken in
    float64 and the remainder in wrapping int64 (see divide_fast); other rows use Python integers.
    """
    a, w = _integers(amounts, "amounts"), _integers(weights, "weights")
    if w.ndim == 0:
        raise MoneyError("Weights need a last axis of targets. Pass weights of shape [..., n].")
    shape = np.broadcast_shapes(a.shape, w.shape[:-1])
    n = w.shape[-1]
    a = np.ascontiguousarray(np.broadcast_to(a, shape)).reshape(-1)
    w = np.ascontiguousarray(np.broadcast_to(w, (*shape, n))).reshape(a.size, n)
    if w.size and int(w.min()) < 0:
        raise MoneyError("A weight is below 0. Correct the driver, or count it as 0 before dividing.")
    if n == 0 or not w.any(axis=1).all():
        empty = (a != 0) & (~w.any(axis=1) if n else True)
        if zero == "raise" and empty.any():
            raise ZeroWeights(
                [tuple(int(i) for i in np.unravel_index(r, shape)) for r in np.flatnonzero(empty)]
            )
    # The float sum is only used to see whether the int64 sum can be trusted; it is right to 1e-13.
    small = (a > -AMOUNT_BOUND) & (a < AMOUNT_BOUND)
    small &= w.sum(axis=1, dtype=np.float64) * max(n, 1) < WEIGHT_BOUND * 0.99
    if small.all():
        out = np.sign(a)[:, None] * divide_fast(np.abs(a), w)
    else:
        out = np.zeros((a.size, n), dtype=np.int64)
        fast = np.flatnonzero(small)
        out[fast] = np.sign(a[fast])[:, None] * divide_fast(np.abs(a[fast]), w[fast])
        for row in np.flatnonzero(~small):
            out[row] = divide_exact(int(a[row]), w[row].tolist())
    return out.reshape(*shape, n)


def divide_fast(amounts: Int64, weights: Int64, totals: Int64 | None = None) -> Int64:
    """Largest remainder of rows within the bounds. amounts int64 [r] >= 0, weights int64 [r, n] >= 0.

    Exact because: with a < 2^49 the float64 value of a*w/W is off by at most 4 * 2^-53 * 2^49 = 1/4, so
    after taking off 1/2 its integer part is the true quotient q or q - 1. The true remainder then lies in
    [0, 2W) and W < 2^62, so it is exact although a*w and q*W wrap around modulo 2^64. One comparison
    brings it into [0, W). Remainders become unique keys r * n + (n - 1 - index) < 2^62, so the cut
    between those who get one more fen and those who do not is one sort of plain integers.
    Rows with W = 0 return zeros. The caller guarantees the bounds.
    """
    n = weights.shape[1]
    if not weights.size:
        return np.zeros(weights.shape, dtype=np.int64)
    totals = weights.sum(axis=1) if totals is None else totals
    column = np.maximum(totals, 1)[:, None]
    ratio = amounts / column[:, 0]
    estimate = weights * ratio[:, None]
    estimate -= 0.5
    quotient = estimate.astype(np.int64)
    rest = weights * amounts[:, None]
    rest -= quotient * column
    over = rest >= column
    quotient += over
    rest -= over * column
    left = amounts - quotient.sum(axis=1)
    left[totals == 0] = 0
    rest *= n
    rest += np.arange(n - 1, -1, -1)
    ranked = np.sort(rest, axis=1)
    cut = ranked[np.arange(len(left)), np.minimum(n - left, n - 1)]
    quotient += (rest >= cut[:, None]) & (left > 0)[:, None]
    return quotient


def divide_exact(amount: int, weights: Sequence[int]) -> list[int]:
    """Largest remainder of one amount with Python integers: the reference, without any bound.

    Weights may be negative (red entries take part of the amount back); each part stays less than 1 from
    amount * weight / sum(weights), and the parts add up to the amount. A sum of 0 gives zeros.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if total < 0:
        total, weights = -total, [-w for w in weights]
    size = abs(amount)
    parts = [divmod(size * w, total) for w in weights]
    left = size - sum(q for q, _ in parts)
    lucky = set(sorted(range(len(parts)), key=lambda t: (-parts[t][1], t))[:left])
    sign = -1 if amount < 0 else 1
    return [sign * (q + (t in lucky)) for t, (q, _) in enumerate(parts)]


def yuan_to_fen(value: Decimal | str | int) -> int:
    """Exact fen of an amount in yuan: 12345.60 -> 1234560.

    Errors: MoneyError for a float, text that is not a number, or more than two places that are not 0.
    """
    if isinstance(value, float):
        raise MoneyError(f"{value!r} is a float. Pass a Decimal or text, so that no fen is lost.")
    try:
        fen = EXACT.multiply(Decimal(value), 100)
        whole = int(fen)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise MoneyError(f"{value!r} is not an amount in yuan. Write it like 12345.60.") from error
    if fen != whole:
        raise MoneyError(f"{value!r} has a part below one fen. Round it with round_column first.")
    return whole


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Rounded to `places`, a half away from 0: half_up(1000.005) = 1000.01. The one way a figure is rounded."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def fen_to_yuan(fen: int) -> Decimal:
    """Yuan with two places: 1234560 -> Decimal('12345.60')."""
    return EXACT.scaleb(Decimal(int(fen)), -2)


def scale_to_integers(
    values: Iterable[Decimal | str | int | float | None], max_decimals: int = 6
) -> tuple[NDArray[np.int64], int]:
    """Drivers as integers: [12.5, 3] -> ([125, 30], 1), the values times 10^decimals.

    The smallest number of decimals that loses nothing is used, at most `max_decimals`; digits beyond are
    rounded half to even (a float brings up to 17 of them). None counts as 0.
    Errors: MoneyError for text that is not a number, and for values too large for int64.
    """
    numbers: list[Decimal] = []
    for value in values:
        plain = value.item() if isinstance(value, np.generic) else value
        try:
            number = Decimal(0) if plain is None else Decimal(str(plain))
        except InvalidOperation as error:
            raise MoneyError(f"{value!r} is not a number. Correct the driver value.") from error
        if not number.is_finite():
            raise MoneyError(f"{value!r} is not a finite number. Correct the driver value.")
        numbers.append(number)
    decimals = 0
    for number in numbers:
        exponent = number.normalize().as_tuple().exponent
        decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
    decimals = min(decimals, max_decimals)
    scaled = [int(n.scaleb(decimals).to_integral_value(ROUND_HALF_EVEN)) for n in numbers]
    if any(abs(s) > INT64_MAX for s in scaled):
        raise MoneyError(
            f"A value times 10^{decimals} does not fit 64 bits. Use a larger unit for this driver."
        )
    return np.array(scaled, dtype=np.int64), decimals


def round_column(values: Sequence[Decimal | str | int]) -> NDArray[np.int64]:
    """Amounts in yuan with parts below one fen, rounded to fen so that the sum is the rounded sum.

    target = sum of the values, rounded half up (away from 0) to fen; every value is taken down to its fen
    and the fen that are missing go to the largest cut-off parts (ties: the smaller index). No value moves
    by a whole fen. values [n]; returns int64 fen [n].
    """
    exact = [EXACT.multiply(Decimal(v), 100) for v in values]
    total = Decimal(0)
    for value in exact:
        total = EXACT.add(total, value)
    target = int(total.to_integral_value(ROUND_HALF_UP))
    floors = [int(v // 1) - (v < 0 and v % 1 != 0) for v in exact]
    cut_off = [v - f for v, f in zip(exact, floors, strict=True)]
    order = sorted(range(len(exact)), key=lambda i: (-cut_off[i], i))
    out = np.array(floors, dtype=np.int64)
    for i in order[: target - sum(floors)]:
        out[i] += 1
    return out


def _integers(values: Any, what: str) -> Int64:
    array = np.asarray(values)
    if array.size and array.dtype.kind not in "iu":
        raise MoneyError(f"The {what} are {array.dtype}, not whole numbers. Scale or round them first.")
    return array.astype(np.int64, copy=False)
