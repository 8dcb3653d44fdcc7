"""The data pages as a person uses them: import, quality, dictionary, settings; both languages, empty and small store."""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.allocation import Policy, Step
from core.batch import history
from core.derived.inputs import steps_in_force
from core.settings import get_settings, set_aliases
from core.store import Store
from core.warehouse import open_staging, open_warehouse
from pages._ui.settings import order
from tests.pages.reading import opened, pressed, read
from tests.pages.small import HOSPITAL, small_store

NAMES = ("upload", "quality", "dictionary", "settings")
CJK = re.compile(r"[\u3400-\u9fff]")
MARCH = """科室编码,科室名称,成本项目名称,金额
0101,院长办公室,人员经费,110000.00
0402,骨科病区,药品费,210000.00
0403,肿瘤内科病区,药品费,150000.00
,骨科二病区,其他运行费用,2000.50
0301,检验科,卫生材料费,壹万元
合计,,,472000.50
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return Store(tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return small_store(tmp_path / "data")


def sound(at: AppTest) -> AppTest:
    assert not at.exception
    assert not any(
        sentence in read(at) for sentence in ("页面没有完成", "could not be finished", "Traceback")
    )
    return at


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_on_an_empty_warehouse_with_a_next_step(
    name: str, lang: str, empty: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        at = sound(opened(f"data/{name}", lang))
    assert not [record for record in caplog.records if record.name.startswith("costward")]
    if lang == "en" and name != "dictionary":
        assert not CJK.search(read(at))
    step = {
        "upload": ("打开演示医院", "Open the demo hospital"),
        "quality": ("去导入", "Go to import"),
        "dictionary": ("科室支出总账", "Cost ledger"),
        "settings": ("去导入", "Go to import"),
    }[name]
    assert step[lang == "en"] in read(at)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_on_stored_data(
    name: str, lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        sound(opened(f"data/{name}", lang))
    assert not [record for record in caplog.records if record.name.startswith("costward")]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "query"),
    [("quality", {"list": one}) for one in ("loose", "refused", "differ", "checks", "proofs", "fallbacks", "imports")]
    + [("settings", {"part": one}) for one in ("aliases", "headings", "allocation", "hospital", "changes")]
    + [("dictionary", {"section": one}) for one in ("classes", "measures", "allocation", "identities", "problems")],
)  # fmt: skip
def test_every_list_and_section_opens(
    name: str, query: dict[str, str], lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        sound(opened(f"data/{name}", lang, **query))
    assert not [record for record in caplog.records if record.name.startswith("costward")]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("upload", "pages._ui.upload.page.history"),
        ("quality", "pages._ui.quality.page.months"),
        ("settings", "pages._ui.settings.page.get_settings"),
        ("dictionary", "pages._ui.dictionary.search"),
    ],
)
def test_a_fault_becomes_one_sentence_with_a_reference(
    name: str, broken: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(broken, fail)
    at = opened(f"data/{name}")
    assert not at.exception
    assert "页面没有完成" in read(at) and "planted" not in read(at)


# -- import ----------------------------------------------------------------------------------------------------------


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    return at.file_uploader[0].set_value((name, content, "text/csv")).run()


def test_a_file_with_problems_is_asked_about_weighed_and_accepted_and_can_be_undone(store: Store) -> None:
    at = upload(opened("data/upload"), "2025年4月科室支出.csv", MARCH.encode("gb18030"))
    text = read(sound(at))
    assert "科室支出总账" in text and "2025年4月" in text and "需要确认" in text
    assert "骨科二病区" in text
    (choice,) = [one for one in at.selectbox if "骨科二病区" in one.label]
    assert choice.value == "0402"
    at = pressed(at, "确认科室对应")
    text = read(sound(at))
    assert "新增 2025年4月" in text and "1 行被拒绝" in text and "壹万元" in text
    before = store.snapshot()
    at = pressed(at, "确认入库")
    text = read(sound(at))
    assert "已入库" in text and "到驾驶舱看 2025年4月" in text
    batch = history(store)[0]
    assert batch.name == "2025年4月科室支出.csv" and store.snapshot() != before
    found = open_warehouse(store).query(
        "select dept_code, amount from stg_cost where period = 202504 and dept_name_raw = '骨科二病区'"
    )
    assert found == [("0402", Decimal("2000.50"))]
    at = pressed(at, "撤销这一批")
    assert "2025年4月 的科室支出总账将没有数据" in read(sound(at))


def test_the_same_file_twice_says_who_and_when(store: Store) -> None:
    good = (
        MARCH.replace("壹万元", "10000").replace("472000.50", "482000.50").replace("骨科二病区", "骨科病区")
    )
    at = pressed(upload(opened("data/upload"), "2025年4月科室支出.csv", good.encode()), "确认入库")
    assert not at.exception
    snapshot = store.snapshot()
    at = upload(opened("data/upload"), "another name.csv", good.encode())
    text = read(sound(at))
    assert "已经导入过" in text and "2025年4月科室支出.csv" in text and history(store)[0].id in text
    assert "确认入库" not in text and store.snapshot() == snapshot


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("图片.xlsx", b"\x89PNG\r\n\x1a\n" + b"0" * 200),
        ("空.csv", b""),
        ("半截.xlsx", b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 40),
        ("说明.txt", "这只是一段说明文字，没有表格。".encode()),
        ("乱码.xls", bytes(range(256)) * 20),
    ],
)
def test_what_is_not_a_table_gets_a_sentence_and_changes_nothing(
    name: str, content: bytes, store: Store
) -> None:
    before = store.snapshot()
    at = upload(opened("data/upload"), name, content)
    assert not at.exception
    text = read(at)
    assert "Traceback" not in text and name in text.replace("\\", "")
    assert "不能导入" in text or "需要确认" in text
    assert store.snapshot() == before
    at = pressed(at, "放弃")
    assert not at.exception and name not in read(at)


def test_unknown_headings_are_asked_once_and_remembered(store: Store) -> None:
    text = (
        MARCH.replace("壹万元", "10000").replace("472000.50", "482000.50").replace("骨科二病区", "骨科病区")
    )
    strange = text.replace("成本项目名称,金额", "哪一类,本月花了").replace("科室名称", "单位").encode()
    at = upload(opened("data/upload"), "2025年4月.csv", strange)
    assert "需要确认" in read(sound(at))
    (extract,) = [one for one in at.selectbox if one.label == "这是哪种数据表"]
    if extract.value != "ledger_cost":
        at = extract.set_value("ledger_cost").run()
    for heading, column in (("单位", "dept_name"), ("哪一类", "item_name"), ("本月花了", "amount")):
        for one in [one for one in at.selectbox if one.label == heading]:
            one.set_value(column)
    at = pressed(at, "按此读取")
    assert "可以入库" in read(sound(at)), read(at)
    at = pressed(at, "确认入库")
    assert "已入库" in read(sound(at))
    (heading,) = get_settings(store, store.snapshot(), HOSPITAL).headings
    assert heading.extract == "ledger_cost"
    again = upload(
        opened("data/upload"),
        "2025年5月.csv",
        strange.replace(b"2000.50", b"2001.50").replace(b"482000.50", b"482001.50"),
    )
    assert "可以入库" in read(sound(again))


# -- quality ---------------------------------------------------------------------------------------------------------


def test_the_verdict_names_what_is_open_and_one_click_maps_a_department(store: Store) -> None:
    at = opened("data/quality", period="202503")
    text = read(sound(at))
    assert "缺少门诊工作量、住院工作量" in text and "1 个名称未对应" in text and "1 行被拒绝" in text
    at = pressed(at, "对应到科室")
    text = read(sound(at))
    assert "骨二科" in text and "1 行、1.2 万元" in text and "确认对应" in text
    set_aliases(store, HOSPITAL, [("", "骨二科", "0402")], actor="w", at=datetime(2025, 5, 1, tzinfo=UTC))
    text = read(opened("data/quality", period="202503"))
    assert "个名称未对应" not in text and "1 行被拒绝" in text


def test_a_refused_row_shows_file_sheet_cell_and_what_to_do(store: Store) -> None:
    text = read(opened("data/quality", period="202503", list="refused"))
    for part in ("2025年3月科室支出.xlsx", "3月", "D12", "壹万元整", "请改为数字后重新上传"):
        assert part in text


# -- dictionary ------------------------------------------------------------------------------------------------------


def test_a_search_finds_a_heading_in_either_language(empty: Store) -> None:
    at = opened("data/dictionary")
    at = at.text_input(key="dictionary_search").set_value("本月发生").run()
    assert "科室支出总账" in read(sound(at)) and "找到 1 条" in read(at)
    at = at.text_input(key="dictionary_search").set_value("no such word").run()
    assert "没有与“no such word”有关的定义" in read(sound(at))


def test_columns_of_an_extract_say_what_is_required(empty: Store) -> None:
    at = opened("data/dictionary", "en", extract="staff_count")
    assert "Required" in read(sound(at)) and "Headcount" in read(at)


# -- settings --------------------------------------------------------------------------------------------------------


def test_a_spelling_is_added_and_forgotten(store: Store) -> None:
    at = opened("data/settings", part="aliases")
    at.text_input(key="alias_name").set_value("骨二科")
    at.selectbox(key="alias_means").set_value("0402")
    at = pressed(at, "增加")
    assert not at.exception
    (alias,) = get_settings(store, store.snapshot(), HOSPITAL).aliases
    assert (alias.raw_code, alias.raw_name, alias.dept_code) == ("", "骨二科", "0402")
    assert "骨二科" in read(at)
    at = pressed(at, "删除")
    assert not at.exception and get_settings(store, store.snapshot(), HOSPITAL).aliases == ()


def test_a_driver_is_tried_saved_and_listed_with_its_undo(store: Store) -> None:
    at = opened("data/settings", part="allocation")
    (technical,) = [one for one in at.multiselect if str(one.key).startswith("policy_technical")]
    at = technical.set_value(["headcount"]).run()
    before = store.snapshot()
    at = pressed(at, "看影响")
    assert "会改由其他科室承担，总额不变" in read(sound(at)) and store.snapshot() == before
    at = pressed(at, "保存")
    assert not at.exception
    policy = get_settings(store, store.snapshot(), HOSPITAL).allocation
    assert policy is not None and policy["technical"]["drivers"] == ["headcount"]
    at = opened("data/settings", part="changes")
    assert "分摊方法与动因" in read(sound(at))
    assert "这项设置恢复为修改之前的值" in read(sound(pressed(at, "撤销")))


def test_fallbacks_are_chosen_and_may_be_none(store: Store) -> None:
    at = opened("data/settings", part="allocation")
    (spare,) = [one for one in at.multiselect if str(one.key).startswith("policy_spare_admin")]
    assert list(spare.value) == ["headcount", "direct_cost"]
    at = pressed(spare.set_value([]).run(), "保存")
    assert not at.exception
    policy = get_settings(store, store.snapshot(), HOSPITAL).allocation
    assert policy is not None and policy["admin"]["fallbacks"] == [] and policy["technical"]["fallbacks"]


def test_a_step_down_offers_its_order_and_an_edited_order_is_the_policy(store: Store) -> None:
    at = opened("data/settings", part="allocation")
    (method,) = [one for one in at.selectbox if str(one.key).startswith("policy_method")]
    at = method.set_value("step_down").run()
    assert "按序号从小到大结转" in read(sound(at))
    rows = [
        {"level": 2.0, "source": "0201", "driver": None, "items": None},
        {"level": 1.0, "source": "0101", "driver": "area", "items": ["staff"]},
        {"level": None, "source": "0102", "driver": "", "items": []},
    ]
    assert order._steps(rows) == (Step("0101", "area", ("staff",), 1.0), Step("0201", level=2.0))
    staging = open_staging(store, store.snapshot())
    month = max(staging.periods(HOSPITAL))
    held = steps_in_force(staging, HOSPITAL, month, Policy(method="step_down"))
    classes = dict(staging.query("select dept_code, dept_class from stg_dept where hospital = ?", [HOSPITAL]))
    assert [classes[step.source] for step in held] == sorted(classes[step.source] for step in held)
    assert {step.source for step in held} == {code for code, kind in classes.items() if kind != "clinical"}
    mine = Policy(method="step_down", order=(Step("0101", level=1.0),))
    assert steps_in_force(staging, HOSPITAL, month, mine) == mine.order


def test_the_hospital_gets_its_name(store: Store) -> None:
    at = opened("data/settings", part="hospital")
    at.text_input(key="hospital_zh").set_value("省肿瘤医院")
    at.number_input(key="hospital_beds").set_value(1200)
    at = pressed(at, "保存")
    assert not at.exception
    profile = get_settings(store, store.snapshot(), HOSPITAL).profile
    assert (profile.name_zh, profile.beds) == ("省肿瘤医院", 1200)
    assert "省肿瘤医院" in read(opened("data/upload"))
