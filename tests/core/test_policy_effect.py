"""Another policy moves money between departments and never makes or loses any."""

from decimal import Decimal
from pathlib import Path

from core.allocation import Policy
from core.policy_effect import policy_effect
from tests.pages.small import HOSPITAL, small_store


def test_the_same_policy_changes_nothing(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    found = policy_effect(store, store.snapshot(), HOSPITAL, 202503, Policy())
    assert found.moved == 0 and all(one.difference == 0 for one in found.groups)


def test_another_driver_moves_money_and_keeps_the_total(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    found = policy_effect(
        store, store.snapshot(), HOSPITAL, 202503, Policy().with_driver("technical", "headcount")
    )
    assert (
        sum(one.before for one in found.groups)
        == sum(one.after for one in found.groups)
        == Decimal("632345.61")
    )
    assert found.moved > 0
    # The laboratory gave by ordered income 5 : 9 : 0 to 0401, 0402, 0403; by headcount 6 : 20 : 25.
    first = {one.code: one.difference for one in found.departments}
    assert first["0403"] > 0 > first["0401"] and sum(first.values()) == 0
    assert {one.code for one in found.groups} == {"clinical inpatient", "clinical outpatient", "unallocated"}


def test_a_policy_is_tried_without_being_stored(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    before = store.snapshot()
    policy_effect(store, before, HOSPITAL, 202503, Policy(method="direct"))
    assert store.snapshot() == before
