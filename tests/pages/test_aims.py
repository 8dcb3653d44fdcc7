"""Targets and weights as people edit them: tried before they are kept, a reason wanted, every change to be read later."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.indicators.aims import held
from core.indicators.weights import weights
from core.settings import Settings, get_settings
from core.store import Store
from tests.pages.small import HOSPITAL
from tests.pages.test_scorecard import KEY, D, bare, page, said, store

__all__ = ["bare", "store"]


def settings(store: Store) -> Settings:
    return get_settings(store, store.snapshot(), HOSPITAL)


def field(test: AppTest, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in test.number_input if str(one.key).startswith(f"{name}_"))


def metrics(test: AppTest) -> list[str]:
    return [f"{one.label} {one.value}" for one in test.metric]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["targets", "weights", "history"])
def test_every_word_is_found(lang: str, view: str, store: Store) -> None:
    text = said(page("aims", lang, view=view))
    assert not KEY.search(text) and "aims." not in text


def test_a_target_is_tried_then_saved_with_a_reason(store: Store) -> None:
    """86 points of satisfaction: 68 against 85 -> 90. A target of 86 would make it 100 and the total follows."""
    test = page("aims", indicator="C01")
    assert "该指标得分 68.0 → 68.0" in metrics(test)
    field(test, "target").set_value(86.0).run()
    assert "该指标得分 68.0 → 100.0" in metrics(test) and "综合得分 74.0 → 90.0" in metrics(test)
    test.button(key="aim_save").click().run()
    assert any("请写明修改的原因" in one.value for one in test.warning)
    assert held(settings(store), "C01", "*", 202503).target == 90  # type: ignore[union-attr]
    next(one for one in test.text_input if str(one.key).startswith("why_C01")).set_value("省里调整").run()
    test.button(key="aim_save").click().run()
    assert not test.exception and held(settings(store), "C01", "*", 202503).target == 86  # type: ignore[union-attr]
    rows = page("aims", view="history").dataframe[0].value
    first = rows.iloc[0]
    assert list(first[["before", "after", "why"]]) == ["90.00 分", "86.00 分", "省里调整"]


def test_what_smart_misses_is_named_while_a_target_is_written(store: Store) -> None:
    test = page("aims", indicator="C13", dept="0402")
    field(test, "target").set_value(5.0).run()
    line = next(text for text in said(test).split("\n") if text.startswith("**SMART**"))
    assert ":green[:material/check: 数值]" in line and ":red[:material/close: 数据]" in line
    assert "缺基线：可以保存，但不计分" in said(test)
    assert all(f":red[:material/close: {name}]" in line for name in ("基线", "期限", "责任人"))


def test_weights_have_to_make_100_and_show_what_they_would_do(store: Store) -> None:
    test = page("aims", view="weights")
    field(test, "weight_financial").set_value(40.0).run()
    assert any("合计 110" in one.value for one in test.warning) and test.button(key="weights_save").disabled
    field(test, "weight_process").set_value(20.0).run()
    assert not test.button(key="weights_save").disabled
    next(one for one in test.text_input if str(one.key).startswith("why_weights")).set_value("控费年").run()
    test.button(key="weights_save").click().run()
    assert not test.exception and weights(settings(store)).perspectives["financial"] == 40
    rows = page("aims", view="history").dataframe[1].value
    assert list(rows["what"]) == ["内部流程", "财务"] and list(rows["why"]) == ["控费年", "控费年"]


def test_without_data_the_page_says_what_to_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "empty"))
    assert "运营指标填报" in said(page("aims"))


def test_a_target_against_its_direction_is_kept_only_with_a_reason(store: Store) -> None:
    test = page("aims", indicator="C07")
    field(test, "target").set_value(6.0).run()
    assert "与方向（越低越好）相反" in said(test)
    test.button(key="aim_save").click().run()
    assert test.warning and held(settings(store), "C07", "*", 202503).target == D("0.02")  # type: ignore[union-attr]
    next(one for one in test.text_input if str(one.key).startswith("why_C07")).set_value("只守6%这条线").run()
    test.button(key="aim_save").click().run()
    assert held(settings(store), "C07", "*", 202503).target == D("0.06")  # type: ignore[union-attr]
