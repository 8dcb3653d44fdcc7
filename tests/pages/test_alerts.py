"""The alert centre as a person uses it: read, filter, take, finish, change a limit; owners and channels; the strip."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.alerts import definition
from core.alerts.life import KIND, Run, event, fold
from core.journal import journal
from core.parameters import value
from core.people import Person, people, set_people
from core.responsibility.tracing import TRACE
from core.settings import get_settings
from core.store import Store
from pages._ui.alerts.count import badge
from pages._ui.alerts.rules import _typed
from tests.pages.reading import opened, read
from tests.pages.small import HOSPITAL, allocated
from tests.pages.test_data_pages import CJK
from tests.readings import clock

PAGE = "board/alerts"
KEY = "a04|0402|drugs|202502"


def run(level: str = "warning", dept: str = "0402", name: str = "骨科病区") -> Run:
    terms = (D("200000"), D("190000"), D("600000"), D("570000"), None)
    return Run("a04", dept, name, "drugs", "drugs", 202502, 202503, level, D(3), D(3), D(3), terms)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return Store(tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Two alerts written down, one of them serious; the rules themselves are tested elsewhere."""
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("core.alerts.tending.decide", lambda *_: [])
    store = allocated(tmp_path / "data")
    set_people(store, HOSPITAL, [Person("李强", ("dept_head",), ("0402",))], actor="a", at=clock(0))
    drafts = [
        event("raised", KEY, run(), "s"),
        event("raised", "x", run("serious", "0403", "肿瘤内科病区"), "s"),
    ]
    journal(store).add(HOSPITAL, drafts, by="CostWard", at=clock(1))
    return store


def listed(at: AppTest, key: str = "subject") -> list[str]:
    (frame,) = [one.value for one in at.dataframe if key in one.value.columns]
    return list(frame[key])


def use(at: AppTest, row: int, label: str, table: str = "alert_list") -> AppTest:
    """A row's menu, as the grid reports a click."""
    at.session_state[f"{table}:click"] = (row, label)
    return at.run()


def press(at: AppTest, label: str, row: int, opened_by: str, table: str = "alert_list") -> AppTest:
    """A button of the drawer; a run of the whole script draws the drawer only if its row was used."""
    at.session_state[f"{table}:click"] = (row, opened_by)
    return next(one for one in at.button if one.label == label).click().run()


def status(store: Store, key: str = KEY):  # type: ignore[no-untyped-def]
    return fold(journal(store).entries(KIND, HOSPITAL))[key]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("view", ["inbox", "rules"])
def test_the_page_opens_in_both_languages(store: Store, lang: str, view: str) -> None:
    at = opened(PAGE, lang=lang, view=view)
    assert not at.exception
    said = read(at)
    assert ("待处理 2 条，其中严重 1 条" in said) if lang == "zh" else ("2 open, 1 of them serious." in said)
    if view == "rules":
        assert len(listed(at, "formula")) == len(definition().cases)
        assert any("15%" in text for text in listed(at, "formula"))
    if lang == "en":
        text = " ".join(one.label for kind in ("button", "selectbox") for one in at.get(kind))
        assert not CJK.search(text.replace("骨科病区", "").replace("李强", ""))


def test_an_empty_store_says_what_to_do(empty: Store) -> None:
    at = opened(PAGE)
    assert not at.exception and not at.dataframe
    assert badge("alerts") == "" and badge("cockpit") == ""


def test_filters_narrow_the_list(store: Store) -> None:
    assert listed(opened(PAGE)) == ["肿瘤内科病区 · 药品费", "骨科病区 · 药品费"], "the worst first"
    assert listed(opened(PAGE, level="warning")) == ["骨科病区 · 药品费"]
    assert listed(opened(PAGE, dept="0403")) == ["肿瘤内科病区 · 药品费"]
    assert listed(opened(PAGE, owner="李强")) == ["骨科病区 · 药品费"]
    at = opened(PAGE, state="done")
    assert "没有符合条件的预警。" in read(at)


def test_the_drawer_shows_arithmetic_limit_rows_and_history(store: Store) -> None:
    at = use(opened(PAGE), 1, "打开")
    said = read(at)
    assert (
        "连续 3 个月超预算；本月 200,000.00，预算 190,000.00；这几个月合计 600,000.00，预算 570,000.00"
        in said
    )
    assert "连续超预算月数 3 个月，自 2018年1月 起 · 出处：医院信息化精细化成本管理实践" in said
    assert "责任人：李强（依次为 科主任 → 财务科），应在 168 小时内处理" in said
    assert "发出预警" in said and "未配置推送渠道" in said
    rows = [one.value for one in at.dataframe if "file" in one.value.columns]
    assert list(rows[0]["file"]) == ["2025年3月科室支出.xlsx"] and list(rows[0]["sheet"]) == ["3月"]
    assert any("合计 200,000.00　共 1 行" in one.label for one in at.expander)


def test_taking_finishing_and_commenting_are_kept(store: Store) -> None:
    at = use(opened(PAGE), 1, "接手")
    assert status(store).state == "taken" and not at.exception
    at = use(opened(PAGE), 1, "已处理")
    at.text_area[0].set_value("已退回供应商")
    press(at, "已处理", 1, "已处理")
    assert (status(store).state, status(store).why) == ("done", "已退回供应商")
    assert badge("alerts") == " (1)"


def test_an_alert_is_handed_on_once_as_a_matter_to_put_right(store: Store) -> None:
    press(use(opened(PAGE), 1, "打开"), "转责任追溯", 1, "打开")
    (entry,) = [one for one in journal(store).entries(TRACE, HOSPITAL) if one.data["event"] == "raised"]
    assert (entry.data["ref"], entry.data["source"], entry.data["dept_name"]) == (KEY, "alert", "骨科病区")
    said = use(opened(PAGE), 1, "打开")
    assert entry.key in read(said) and "转责任追溯" not in [one.label for one in said.button]


def test_a_comment_and_a_false_alarm_need_words(store: Store) -> None:
    at = use(opened(PAGE), 1, "误报")
    at = press(at, "误报", 1, "误报")
    assert status(store).state == "new" and "判为误报需要写明原因。" in read(at)
    at = press(at, "批注", 1, "批注")
    assert "请先写下批注。" in read(at)
    at.text_area[0].set_value("合同里有约定")
    at = press(at, "批注", 1, "批注")
    assert status(store).history[-1].data["note"] == "合同里有约定" and status(store).state == "new"


@pytest.mark.parametrize(
    ("unit", "text", "kept"),
    [("percent", "15", "0.15"), ("percent", "7.5%", "0.075"), ("points", "100", "1.00"), ("percent", "0.5", "0.005"),
     ("months", "3", "3"), ("percent", "many", "many"), ("yuan", "", None)],
)  # fmt: skip
def test_a_person_writes_per_cent(unit: str, text: str, kept: str | None) -> None:
    assert _typed(unit, text) == kept


def test_a_limit_is_changed_with_a_reason(store: Store) -> None:
    at = opened(PAGE, view="rules")
    (frame,) = [one.value for one in at.dataframe if "formula" in one.value.columns]
    row = [text.startswith("A02") for text in frame["rule"]].index(True)
    at = use(at, row, "改线", "alert_rules")
    fields = {one.label: one for one in at.text_input}
    (given,) = [one for label, one in fields.items() if label.startswith("新的值")]
    assert given.value == "15"
    given.set_value("12")
    fields["理由"].set_value("委员会决定")
    press(at, "保存", row, "改线", "alert_rules")
    now = get_settings(store, store.snapshot(), HOSPITAL)
    assert value(now, "alert_static", 202503) == D("0.12") and value(now, "alert_static", 202502) == D("0.15")


def test_owners_and_channels_are_a_section_of_the_settings(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("data/settings", part="people")
    assert not at.exception and "未配置" in read(at)
    assert [one.name for one in people(get_settings(store, store.snapshot(), HOSPITAL))] == ["李强"]
    monkeypatch.setenv("COSTWARD_WEBHOOK_OPS_URL", "http://127.0.0.1:9/robot?key=geheim")
    monkeypatch.setenv("COSTWARD_WEBHOOK_OPS_KIND", "feishu")
    at = opened("data/settings", part="people")
    assert "ops" in read(at) and "geheim" not in read(at)
    at = next(one for one in at.button if one.key == "test_ops").click().run()
    assert "未成功" in read(at) and not at.exception


def test_the_strip_names_the_worst_on_other_pages(store: Store) -> None:
    at = opened("board/cockpit")
    assert "预警 2 条" in read(at) and "肿瘤内科病区" in read(at)
    at = opened("cost/department", dept="0402")
    assert "预警 1 条" in read(at) and "连续 3 个月超预算" in read(at)
    at = opened("cost/department", dept="0401")
    assert "预警" not in read(at)


def test_a_fault_is_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("pages._ui.alerts.page.response", fail)
    at = opened(PAGE)
    assert not at.exception and "boom" not in read(at)
