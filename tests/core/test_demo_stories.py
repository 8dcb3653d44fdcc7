"""What the demo's people did: told once, at several stages, through the same calls as a person's acts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.benefit.book import kept
from core.demo.stories import said, tell
from core.journal import journal
from core.people import people
from core.responsibility import letters, tracing
from core.responsibility.supervision import overview
from core.rewards.rules import words_of
from core.settings import get_settings
from core.store import Store
from tests.pages.small import HOSPITAL, small_store

AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The small hospital has no budget, so nobody can promise or earn anything; matters are traced all the same."""
    store = small_store(tmp_path_factory.mktemp("root"))
    assert tell(store, HOSPITAL, AT)
    return store


def test_it_is_told_once(told: Store) -> None:
    before = len(tracing.traces(told, HOSPITAL))
    assert not tell(told, HOSPITAL, AT)
    assert len(tracing.traces(told, HOSPITAL)) == before


def test_matters_stand_at_every_stage(told: Store) -> None:
    found = tracing.traces(told, HOSPITAL)
    assert {one.stage for one in found} == set(tracing.STAGES)
    assert {one.source for one in found} == {
        "violation",
        "hotline",
        "inspection",
        "alert",
        "target",
        "project",
    }
    board = overview(found, AT.date())
    assert board.overdue > 0 and board.closed > 0 and board.returned > 0
    assert all(one.broken == () for one in found)


def test_improvements_of_the_cases_are_there_to_look_at(told: Store) -> None:
    found = kept(journal(told), HOSPITAL)
    assert len(found) == 3 and all(one.what.example for one in found)


def test_every_department_has_a_head(told: Store) -> None:
    known = people(get_settings(told, told.snapshot(), HOSPITAL))
    heads = {code for one in known if "dept_head" in one.roles for code in one.depts}
    assert heads == {"0101", "0201", "0301", "0401", "0402", "0403"}
    assert len({one.name for one in known}) == len(known)


def test_nothing_is_promised_without_a_budget(told: Store) -> None:
    assert letters.letters(told, HOSPITAL, int(said()["year"])) == ()


def test_an_empty_store_has_no_story(tmp_path: Path) -> None:
    assert not tell(Store(tmp_path), HOSPITAL, AT)


def test_the_story_uses_known_words() -> None:
    for one in said()["traces"]:
        assert {step[2] for step in one["steps"] if step[0] == "sanction"} <= set(words_of("sanctions"))
