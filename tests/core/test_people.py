"""People: who owns what, and what a list of them may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.people import PeopleError, Person, owner, people, roles, set_people
from core.settings import Settings, get_settings
from core.store import Store
from tests.readings import H, clock

LISTED = (
    Person("王芳", ("finance", "supervision"), email="wang@example.org", webhook="finance-group"),
    Person("李强", ("dept_head",), ("0401", "0402")),
    Person("赵敏", ("dept_head", "finance"), ("0403",)),
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def settings(store: Store) -> Settings:
    return get_settings(store, store.snapshot(), H)


def test_people_are_kept_and_own_by_role_and_department(store: Store) -> None:
    assert people(settings(store)) == () and owner(settings(store), "finance", None) is None
    set_people(store, H, LISTED, actor="wang", at=clock(1), depts={"0401", "0402", "0403"})
    now = settings(store)
    assert people(now) == LISTED
    asked = [("finance", None), ("finance", "0401"), ("finance", "0403"), ("dept_head", "0402"), ("dept_head", "0403"),
             ("dept_head", None), ("dept_head", "0999"), ("it", None), ("supervision", "0401")]  # fmt: skip
    found = [owner(now, role, dept) for role, dept in asked]
    assert [one.name if one else None for one in found] == [
        "王芳", "王芳", "赵敏", "李强", "赵敏", None, None, None, "王芳",
    ]  # fmt: skip
    set_people(store, H, (), actor="wang", at=clock(2))
    assert people(settings(store)) == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [(Person(" ", ("finance",)), "name"), (Person("王芳", ("finance",)), "twice"), (Person("a", ()), "no_role"),
     (Person("a", ("king",)), "role"), (Person("a", ("dept_head",)), "needs_dept"),
     (Person("a", ("finance",), email="a at b"), "email"),
     (Person("a", ("finance",), webhook="https://qyapi.example/send?key=1"), "webhook"),
     (Person("a", ("finance",), ("9999",)), "dept")],
)  # fmt: skip
def test_a_list_that_cannot_be_kept_says_why(store: Store, wrong: Person, reason: str) -> None:
    with pytest.raises(PeopleError) as told:
        set_people(store, H, [*LISTED, wrong], actor="a", at=clock(1), depts={"0401", "0402", "0403"})
    assert told.value.reason == reason and told.value.text("zh") != told.value.text("en")
    assert "{" not in told.value.text("zh") + told.value.text("en") and store.snapshot().id == "empty"


def test_roles_are_a_closed_list() -> None:
    named = {"director", "finance", "insurance", "medical_affairs", "procurement", "it", "equipment", "logistics",
             "dept_head", "cost_officer", "supervision"}  # fmt: skip
    assert named <= set(roles())
    assert {name for name, role in roles().items() if role.of_department} == {"dept_head", "cost_officer"}
