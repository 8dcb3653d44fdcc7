"""Improvements in the journal: kept, revised, withdrawn and brought back with a reason; read as they were written."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.benefit.book import (
    Improvement,
    ImprovementError,
    bring_back,
    examples,
    history,
    keep,
    kept,
    withdraw,
)
from core.benefit.direct import Direct
from core.benefit.indirect import Opinion
from core.journal import Journal, journal
from core.store import Store

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
D = Decimal
ONE = Improvement(
    "LIS 提速", "it", 202501, 202412, 202512, grade="A", direct=Direct(D("100000.5"), D("3"), 45_67, once=1_800_000_00),
    opinions=(Opinion("医务部", {"quality": D("82.5")}),), cases=("P29",), note="检验科统计",
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Journal:
    return journal(Store(tmp_path))


def test_it_is_read_as_it_was_written(book: Journal) -> None:
    keep(book, "H1", ONE, by="检验科", at=AT)
    (found,) = kept(book, "H1")
    assert (found.number, found.what, found.by, found.withdrawn) == (1, ONE, "检验科", False)


def test_a_revision_needs_a_reason_and_both_versions_stay(book: Journal) -> None:
    keep(book, "H1", ONE, by="检验科", at=AT)
    better = replace(ONE, grade="B")
    with pytest.raises(ImprovementError, match="reason"):
        keep(book, "H1", better, number=1, by="财务", at=AT)
    keep(book, "H1", better, number=1, why="没有台账", by="财务", at=AT)
    assert [one.what.grade for one in kept(book, "H1")] == ["B"]
    assert [(one.what.grade, one.why) for one in history(book, "H1", 1)] == [("B", "没有台账"), ("A", "")]


def test_what_is_withdrawn_stays_in_the_history_and_can_come_back(book: Journal) -> None:
    keep(book, "H1", ONE, by="检验科", at=AT)
    with pytest.raises(ImprovementError):
        withdraw(book, "H1", 1, " ", by="财务", at=AT)
    withdraw(book, "H1", 1, "重复", by="财务", at=AT)
    assert kept(book, "H1") == () and [one.number for one in kept(book, "H1", withdrawn=True)] == [1]
    with pytest.raises(ImprovementError) as refused:
        keep(book, "H1", ONE, number=1, why="改", by="财务", at=AT)
    assert refused.value.code == "gone"
    keep(book, "H1", replace(ONE, name="导诊"), by="门诊", at=AT)
    bring_back(book, "H1", 1, "不是重复", by="财务", at=AT)
    assert [one.number for one in kept(book, "H1")] == [1, 2]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ONE, name=" "), "name"),
        (replace(ONE, kind="x"), "kind"),
        (replace(ONE, before=202502), "month"),
        (replace(ONE, after=202513), "month"),
        (replace(ONE, cases=("X1",)), "indicator"),
    ],
)
def test_what_cannot_be_kept_says_which_sentence(book: Journal, wrong: Improvement, code: str) -> None:
    with pytest.raises(ImprovementError) as refused:
        keep(book, "H1", wrong, by="x", at=AT)
    assert refused.value.code == code


def test_the_cases_of_the_schemes_are_examples_in_both_languages() -> None:
    lis, triage, records = examples("zh", 202512)
    assert lis.direct.benefit == 1_500_000_00 and triage.direct.payback == D("2.5")
    assert records.direct.avoided == 5_000_000_00 and len(records.opinions) == 3
    assert all(one.example and "本院数字" in one.note for one in (lis, triage, records))
    assert not any("一" <= sign <= "鿿" for one in examples("en", 202512) for sign in one.name + one.note)
