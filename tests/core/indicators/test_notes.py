"""Notes beside a month, and formulas with the figures put in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.indicators.define import indicators
from core.indicators.filled import filled
from core.indicators.notes import NoteError, note, notes, withdraw
from core.journal import Journal, journal
from core.store import Store

AT = datetime(2026, 2, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Journal:
    return journal(Store(tmp_path))


def write(kept: Journal, period: int, text: str, dept: str = "*") -> None:
    note(kept, "H1", "F01", dept, period, text, by="药学部 李明", at=AT)


def test_notes_stand_beside_their_month_and_department(kept: Journal) -> None:
    write(kept, 202502, "集采第八批执行")
    write(kept, 202503, " 处方点评 ")
    write(kept, 202503, "科室自己的", dept="0401")
    assert [(one.period, one.text, one.by) for one in notes(kept, "H1", "F01", "*")] == [
        (202503, "处方点评", "药学部 李明"), (202502, "集采第八批执行", "药学部 李明"),
    ]  # fmt: skip
    assert [one.text for one in notes(kept, "H1", "F01", "0401")] == ["科室自己的"]


def test_a_note_is_withdrawn_in_the_open_and_only_once(kept: Journal) -> None:
    write(kept, 202502, "写错了")
    (one,) = notes(kept, "H1", "F01", "*")
    with pytest.raises(NoteError, match="needs a reason"):
        withdraw(kept, "H1", one, " ", by="x", at=AT)
    withdraw(kept, "H1", one, "月份不对", by="x", at=AT)
    assert notes(kept, "H1", "F01", "*") == () and len(kept.entries("indicator_note", "H1")) == 2
    with pytest.raises(NoteError, match="already"):
        withdraw(kept, "H1", one, "again", by="x", at=AT)


@pytest.mark.parametrize(("text", "code"), [("  ", "empty"), ("长" * 301, "long")])
def test_a_note_needs_words_and_not_too_many(kept: Journal, text: str, code: str) -> None:
    with pytest.raises(NoteError) as refused:
        write(kept, 202502, text)
    assert refused.value.code == code


NOW = {"income_drugs": "4,000", "income_herbs": "600", "income": "12,000", "cost": "10,000", "cost_materials": "2,300",
       "income_outpatient": "3,000", "visits": "100", "electricity": "8,000"}  # fmt: skip
BEFORE = {
    "income": "10,000",
    "cost": "9,000",
    "income_outpatient": "2,000",
    "visits": "80",
    "electricity": "9,000",
}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("F01", "4,000 ÷ 12,000"),
        ("F02", "(4,000 − 600) ÷ (12,000 − 600)"),
        ("F03", "2,300 ÷ 12,000 × 100"),
        ("F15", "(3,000 ÷ 100) ÷ (2,000 ÷ 80) − 1"),
        ("F33", "(10,000 ÷ 9,000 − 1) − (12,000 ÷ 10,000 − 1)"),
        ("P36", "9,000 − 8,000"),
        ("C04", ""),  # complaints are not there
    ],
)
def test_a_formula_with_its_figures(code: str, said: str) -> None:
    assert filled(indicators()[code].caliber(), NOW, BEFORE) == said


def test_where_any_of_the_bottom_will_do_the_others_are_left_out() -> None:
    assert (
        filled(indicators()["C04"].caliber(), {"complaints": "3", "visits": "100"}, {}) == "3 ÷ 100 × 10,000"
    )
