"""Settings: part of the snapshot, undone like an import, seen by the intake."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.batch import accept, history, undo
from core.settings import (
    Profile,
    drop_aliases,
    forget_heading,
    get_settings,
    memory,
    remember_heading,
    set_aliases,
    set_allocation,
    set_profile,
    set_value,
)
from core.store import Store
from tests.readings import H, clock, make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def settings(store: Store, hospital: str = H):
    return get_settings(store, store.snapshot(), hospital)


def test_every_setting_is_a_snapshot_and_can_be_undone(store: Store) -> None:
    assert settings(store).profile.name("zh", "H1") == "H1"
    named = Profile("示范医院", "Demo Hospital", 1200)
    first = set_profile(store, H, named, actor="wang", at=clock(1))
    assert settings(store).profile == named and settings(store, "H2").profile == Profile()
    assert set_profile(store, H, named, actor="wang", at=clock(2)) == first, (
        "nothing changed, nothing written"
    )
    set_allocation(store, H, {"method": "direct"}, actor="li", at=clock(3))
    set_allocation(store, H, {"method": "step_down"}, actor="li", at=clock(4))
    assert settings(store).allocation == {"method": "step_down"}
    last = history(store)[0]
    assert (last.action, last.name, last.actor, last.status) == ("settings", "allocation", "li", "live")
    undo(store, last.id, actor="li", at=clock(5))
    assert settings(store).allocation == {"method": "direct"}
    set_allocation(store, H, None, actor="li", at=clock(6))
    assert settings(store).allocation is None and settings(store).profile == named
    assert get_settings(store, store.snapshot(first.id), H).allocation is None
    set_value(store, H, "targets", {"drug_share": "30"}, actor="li", at=clock(7))
    assert settings(store).other == {"targets": {"drug_share": "30"}}
    with pytest.raises(ValueError, match="beds"):
        set_profile(store, H, Profile(beds=-1), actor="li", at=clock(8))


def test_aliases_and_headings_are_kept_listed_and_forgotten(store: Store) -> None:
    set_aliases(store, H, [("", "骨一科", "0101"), ("12", "", "0102")], actor="wang", at=clock(1))
    set_aliases(store, H, [("", "骨一科", "0103")], actor="li", at=clock(2))
    assert [(a.raw_code, a.raw_name, a.dept_code, a.by) for a in settings(store).aliases] == [
        ("", "骨一科", "0103", "li"),
        ("12", "", "0102", "wang"),
    ]
    drop_aliases(store, H, [("12", ""), ("none", "such")], actor="li", at=clock(3))
    assert [a.raw_name for a in settings(store).aliases] == ["骨一科"]
    undo(store, history(store)[0].id, actor="li", at=clock(4))
    assert len(settings(store).aliases) == 2
    remember_heading(
        store, H, "s1", {"extract": "income", "columns": {"钱": "amount"}}, actor="li", at=clock(5)
    )
    (heading,) = settings(store).headings
    assert (heading.shape, heading.extract, heading.plan["columns"]) == ("s1", "income", {"钱": "amount"})
    forget_heading(store, H, "s1", actor="li", at=clock(6))
    assert settings(store).headings == ()


def test_the_intake_is_told_dictionaries_and_aliases(store: Store, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    depts = [
        {"dept_code": "0102", "dept_name": "内科", "dept_class": "clinical"},
        {"dept_code": "0101", "dept_name": "骨科", "dept_class": "clinical", "former_names": "外一科"},
    ]
    items = [{"item_code": "01", "item_name": "电费", "item_class": "other"}]
    reading, original = make(work, "字典.xlsx", {"dept": {0: depts}, "cost_item": {0: items}})
    accept(store, reading, hospital=H, actor="wang", at=clock(1), original=original)
    set_aliases(store, H, [("", "骨一科", "0101")], actor="wang", at=clock(2))
    known = memory(store, store.snapshot(), H)
    assert known.departments == [["0101", "骨科", "clinical", "外一科"], ["0102", "内科", "clinical", ""]]
    assert known.items == [["01", "电费", "other"]]
    assert known.aliases == [["", "骨一科", "0101"]]
    assert memory(store, store.snapshot(), "H2").departments == []


def test_a_setting_moves_the_fingerprint_of_its_hospital_only(store: Store) -> None:
    set_value(store, "H2", "x", 1, actor="a", at=clock(1))

    def mark(hospital: str) -> str:
        return store.fingerprint(store.snapshot(), ["ledger_cost"], hospital, 202501)

    before, other = mark(H), mark("H2")
    set_allocation(store, H, {"method": "direct"}, actor="a", at=clock(2))
    assert mark(H) != before and mark("H2") == other
    undo(store, history(store)[0].id, actor="a", at=clock(3))
    assert mark(H) == before, "back to what was computed before"
