"""Introducing the scorecard as people record it: dates, team, pilots from a month on, problems and their answers."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.indicators.rollout import problems, rollout
from core.journal import journal
from core.settings import get_settings
from core.store import Store
from tests.pages.small import HOSPITAL
from tests.pages.test_benefit import KEY
from tests.pages.test_scorecard import page, said, store

__all__ = ["store"]


def submit(test: AppTest, form: str) -> AppTest:
    next(one for one in test.button if one.form_id == form).click().run()
    assert not test.exception, test.exception
    return test


def widget(found, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in found if str(one.key).startswith(name))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_is_found(lang: str, store: Store) -> None:
    text = said(page("rollout", lang))
    assert not KEY.search(text), KEY.findall(text)


def test_phases_take_dates_steps_and_people(store: Store) -> None:
    test = page("rollout")
    assert "四个阶段共 14 个步骤，完成 0 个" in said(test)
    widget(test.date_input, "start_prepare").set_value(date(2025, 1, 6))
    widget(test.date_input, "finish_prepare").set_value(date(2024, 1, 6))
    submit(test, "phases")
    assert any("结束早于开始" in one.value for one in test.warning)
    widget(test.date_input, "finish_prepare").set_value(date(2025, 5, 30))
    widget(test.checkbox, "step_prepare:0").set_value(True)
    widget(test.text_input, "team_nursing").set_value("护理部 陈")
    submit(test, "phases")
    held = rollout(get_settings(store, store.snapshot(), HOSPITAL))
    assert held.dates["prepare"] == (date(2025, 1, 6), date(2025, 5, 30))
    assert (held.done, held.team) == (("prepare:0",), {"nursing": "护理部 陈"})
    assert "准备与诊断已结束，还有 2 个步骤没有完成" in said(test)


def test_pilots_change_from_a_month_on_and_earlier_leagues_stay(store: Store) -> None:
    test = page("rollout")
    test.selectbox(key="pilots_since").set_value(202503)
    widget(test.multiselect, "pilots_").set_value(["0402"])
    submit(test, "pilots")
    assert "1 个科室有得分" in said(page("scorecard", period="202503"))
    assert "2 个科室有得分" in said(page("scorecard", period="202502"))


def test_a_problem_is_raised_and_answered(store: Store) -> None:
    test = page("rollout")
    test.text_input(key="raise_text").set_value("平均住院日9天达不到")
    submit(test, "raise")
    test = page("rollout")
    assert "有 1 个问题待答复" in said(test)
    test.text_input(key="settle_problem_result").set_value("骨科改为 10.5 天")
    submit(test, "settle_problem")
    (one,) = problems(journal(store), HOSPITAL)
    assert (one.state, one.result) == ("solved", "骨科改为 10.5 天")
