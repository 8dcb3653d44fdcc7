"""Records of rewards: written once, corrected by new records, and found when somebody altered one."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import chain
from core.journal import journal
from core.rewards import records
from core.rewards.choice import Choice
from core.rewards.evaluate import simulate
from core.rewards.figures import Span
from core.rewards.rules import RewardError
from core.store import Store
from tests.core.rewards.hand import SPAN, D, found, in_force, value

H = "H1"
AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
WHO = {"snapshot": "abcd1234", "by": "王会计", "at": AT}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def outcomes(span: Span = SPAN) -> list:
    return [simulate(replace(found(), span=span), in_force(), Choice())["w1"]]


def test_every_award_that_earned_or_lost_something_is_written(store: Store) -> None:
    made = records.record(store, H, outcomes(), SPAN, **WHO)
    assert [one.key for one in made] == ["w1/2025/0401", "w1/2025/0402", "w1/2025/0403"]
    first = records.records(store, H)[-1]
    assert (first.amount, first.state, first.by, first.count, first.broken) == (
        15_000_000,
        "payable",
        "王会计",
        1,
        (),
    )
    assert first.data["lines"] == {"complication": "pass", "satisfaction": "pass", "compliance": "pass"}
    assert first.data["measured"]["complication"] == "0.02" and first.data["rate"] == "0.15"


def test_a_second_record_of_the_same_award_is_refused_whole(store: Store) -> None:
    records.record(store, H, outcomes(), SPAN, **WHO)
    with pytest.raises(RewardError, match="is recorded already") as refused:
        records.record(store, H, outcomes(), SPAN, **WHO)
    assert "骨科病区：2025 的奖惩已有记录" in refused.value.text("zh")
    assert len(journal(store).entries(records.REWARD, H)) == 3


def test_only_what_is_new_when_asked(store: Store) -> None:
    records.record(store, H, outcomes(), SPAN, **WHO)
    more = [
        *outcomes(),
        simulate(found(suggestion_savings=(value("0401", "10"),)), in_force(), Choice())["w3"],
    ]
    made = records.record(store, H, more, SPAN, skip_recorded=True, **WHO)
    assert [one.key for one in made] == ["w3/2025/0401"]
    with pytest.raises(RewardError, match="nothing to record"):
        records.record(store, H, more, SPAN, skip_recorded=True, **WHO)


def test_a_correction_is_a_new_record_that_names_the_old(store: Store) -> None:
    records.record(store, H, outcomes(), SPAN, **WHO)
    key = "w1/2025/0403"
    before = records.history(store, H, key)[0]
    made = records.correct(
        store, H, key, replaces=before.seq, amount=3_000_000, state="payable", why="满意度补报 91 分", by="李科长", at=AT,
    )  # fmt: skip
    entries = records.history(store, H, key)
    assert [one.data["amount"] for one in entries] == [None, 3_000_000]
    assert entries[0] == before  # the old record stands as it was
    assert made.data["replaces"] == before.seq and made.data["prev"] == chain.fingerprint(before)
    newest = next(one for one in records.records(store, H) if one.key == key)
    assert (newest.amount, newest.count, newest.broken, newest.data["reason"]) == (
        3_000_000,
        2,
        (),
        "满意度补报 91 分",
    )


def test_corrections_that_are_refused(store: Store) -> None:
    records.record(store, H, outcomes(), SPAN, **WHO)
    key = "w1/2025/0401"
    seq = records.history(store, H, key)[0].seq

    def correct(**given: object) -> None:
        whole = {"replaces": seq, "amount": 1, "state": "payable", "why": "x", "by": "a", "at": AT, **given}
        records.correct(store, H, str(whole.pop("key", key)), **whole)  # type: ignore[arg-type]

    for given, code in (
        ({"why": "  "}, "reason"), ({"key": "w1/2025/9999"}, "unknown"), ({"replaces": seq + 1}, "stale"),
        ({"amount": 15_000_000}, "same"), ({"amount": -1}, "negative"),
    ):  # fmt: skip
        with pytest.raises(RewardError) as refused:
            correct(**given)
        assert refused.value.code == code
    correct(amount=0, state="cancelled")
    with pytest.raises(RewardError, match="has replaced this one"):
        correct()


def test_what_was_altered_outside_breaks_its_chain(store: Store) -> None:
    records.record(store, H, outcomes(), SPAN, **WHO)
    key = "w1/2025/0401"
    seq = records.history(store, H, key)[0].seq
    records.correct(store, H, key, replaces=seq, amount=0, state="cancelled", why="x", by="a", at=AT)
    entries = records.history(store, H, key)
    assert chain.broken(entries) == ()
    forged = replace(entries[0], data={**entries[0].data, "amount": 99_999_999})
    assert chain.broken([forged, entries[1]]) == (entries[1].seq,)
    assert chain.broken(entries[1:]) == (entries[1].seq,)  # the first one was taken out


def test_a_year_says_what_its_quarters_have_recorded(store: Store) -> None:
    quarter = Span("quarter", 202509)
    records.record(store, H, outcomes(quarter), quarter, **WHO)
    records.record(store, H, outcomes(), SPAN, **WHO)
    by_key = {one.key: one for one in records.records(store, H)}
    assert by_key["w1/2025/0401"].data["already"] == 15_000_000
    assert by_key["w1/2025Q3/0401"].data["already"] == 0
    assert records.settled(records.records(store, H), SPAN) == {"w1/0401": 15_000_000}


def test_charges_may_be_negative_where_the_rule_says_so(store: Store) -> None:
    lumps = (value("0101", "60000", "50000", "repair", "维修"),)
    made = simulate(found(lump_sum=lumps), in_force(), Choice())["w5"]
    records.record(store, H, [made], SPAN, tried={"lump_head_ratio": D("0.05")}, **WHO)
    one = records.records(store, H)[0]
    assert (one.amount, one.state, one.data["tried"]) == (-50_000, "charge", {"lump_head_ratio": "0.05"})
