"""Experts' scores: weights, means, spread, and what was left out."""

from decimal import Decimal

import pytest

from core.benefit.indirect import Opinion, OpinionError, checked, soft

D = Decimal
WEIGHTS = {"quality": D(60), "patients": D(40)}


def test_two_experts_with_weights_and_how_far_they_are_apart() -> None:
    """A: 80 x 0.6 + 70 x 0.4 = 76; B: 90 x 0.6 + 50 x 0.4 = 74; together 85 x 0.6 + 60 x 0.4 = 75; sd of 76 and 74 is 1.41."""
    found = soft(
        [
            Opinion("A", {"quality": D(80), "patients": D(70)}),
            Opinion("B", {"quality": D(90), "patients": D(50)}),
        ],
        WEIGHTS,
    )
    assert found is not None and (found.score, found.low, found.high) == (75, 74, 76)
    assert round(found.spread or 0, 2) == D("1.41") and found.by_expert == {"A": 76, "B": 74}
    assert found.by_criterion["quality"] == (85, 80, 90)


def test_what_an_expert_left_out_is_not_zero() -> None:
    found = soft(
        [Opinion("A", {"quality": D(80)}), Opinion("B", {"quality": D(60), "patients": D(90)})], WEIGHTS
    )
    assert found is not None and found.score == (60 * D(70) + 40 * D(90)) / 100
    alone = soft([Opinion("A", {"quality": D(80)})], WEIGHTS)
    assert alone is not None and (alone.score, alone.spread) == (80, None)
    assert soft([], WEIGHTS) is None and soft([Opinion("A", {})], WEIGHTS) is None


@pytest.mark.parametrize(
    ("opinions", "weights", "code"),
    [
        ([Opinion("A", {"quality": D(101)})], WEIGHTS, "score"),
        ([Opinion("A"), Opinion("A")], WEIGHTS, "who"),
        ([Opinion(" ")], WEIGHTS, "who"),
        ([], {"quality": D(0)}, "weight"),
    ],
)
def test_scores_that_cannot_be_kept(opinions: list[Opinion], weights: dict[str, Decimal], code: str) -> None:
    with pytest.raises(OpinionError) as refused:
        checked(opinions, weights)
    assert refused.value.code == code
