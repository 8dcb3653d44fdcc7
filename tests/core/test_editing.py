"""Editing the department dictionary is a batch: read through the intake, shown at once, undone like any file."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.batch import undo
from core.editing import Department, NotReadable, departments, save_departments
from core.importing import Desk
from tests.pages.small import DEPARTMENTS, HOSPITAL, small_store

AT = datetime(2025, 5, 1, tzinfo=UTC)


def test_a_changed_class_replaces_the_dictionary_and_comes_back_on_undo(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    before = departments(store, store.snapshot(), HOSPITAL)
    assert [(one.dept_code, one.dept_name, one.dept_class, one.care_setting) for one in before] == DEPARTMENTS
    edited = [
        replace(one, dept_class="clinical", care_setting="outpatient", former_names="化验室")
        if one.dept_code == "0301" else one
        for one in before
    ]  # fmt: skip
    edited.append(Department("0404", "中医科", "clinical", "outpatient", active=False))
    batch = save_departments(Desk(store, HOSPITAL), edited, actor="李科长", at=AT)
    assert batch is not None and batch.name == "科室字典.xlsx"
    assert departments(store, store.snapshot(), HOSPITAL) == edited
    undo(store, batch.id, actor="李科长", at=AT)
    assert departments(store, store.snapshot(), HOSPITAL) == before


def test_saving_what_is_stored_already_stores_nothing(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    desk = Desk(store, HOSPITAL)
    same = departments(store, store.snapshot(), HOSPITAL)
    save_departments(desk, same, actor="a", at=AT)
    snapshot = store.snapshot()
    assert save_departments(desk, same, actor="a", at=AT) is None
    assert store.snapshot() == snapshot


def test_a_code_twice_or_a_missing_class_is_refused_in_words(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    known = departments(store, store.snapshot(), HOSPITAL)
    snapshot = store.snapshot()
    with pytest.raises(NotReadable) as problem:
        save_departments(Desk(store, HOSPITAL), [*known, known[0]], actor="a", at=AT)
    assert problem.value.text("zh") == "科室编码重复：0101。每个编码只能出现一次。"
    with pytest.raises(NotReadable):
        save_departments(Desk(store, HOSPITAL), [replace(known[0], dept_class="")], actor="a", at=AT)
    assert store.snapshot() == snapshot


def test_leading_zeros_stay(tmp_path: Path) -> None:
    store = small_store(tmp_path / "data")
    edited = [*departments(store, store.snapshot(), HOSPITAL), Department("0007", "保卫科", "admin")]
    save_departments(Desk(store, HOSPITAL), edited, actor="a", at=AT)
    assert departments(store, store.snapshot(), HOSPITAL)[0].dept_code == "0007"
