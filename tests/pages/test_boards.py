"""The cockpit and the department page as people read them: both languages, empty, partial, filtered, wrong links."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.derived import refresh
from core.store import Store
from tests.pages.reading import opened, read, sound
from tests.pages.small import allocated, bring, small_store
from tests.pages.small import read as read_file

NAMES = ("board/cockpit", "cost/department")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return Store(tmp_path / "data")


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """February and March 2025 stored, nothing allocated yet."""
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return small_store(tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return allocated(tmp_path / "data")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_an_empty_warehouse_says_what_to_bring(
    name: str, lang: str, empty: Store, caplog: pytest.LogCaptureFixture
) -> None:
    words = sound(opened(name, lang), caplog)
    assert {"zh": "还没有数据", "en": "No data yet"}[lang] in words
    assert {"zh": "医疗收入", "en": "income"}[lang] in words  # one of the tables that are needed


def test_a_ledger_of_few_departments_is_no_saving(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = [{"dept_code": "0402", "dept_name": "骨科病区", "item_name": "药品费", "amount": Decimal(1000)}]
    bring(store, tmp_path, read_file(tmp_path, "4月.xlsx", "ledger_cost", {202504: one}), 9)
    refresh(store, store.snapshot(), workers=0)
    words = sound(opened("board/cockpit", period="202504"), caplog)
    assert "2025年4月只有 1 个科室有成本，上月有 6 个，金额不宜与其他月份比较" in words
    assert "个科室有成本" not in sound(opened("board/cockpit", period="202503"), caplog)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_cockpit_opens_with_its_sentence_and_cards(
    lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    words = sound(opened("board/cockpit", lang, compare="previous", period="202503"), caplog)
    # 632,345.61 with the unknown department's 12,345.60; income 840,000, so 207,654.39 are left; level with February
    if lang == "zh":
        assert "3月医疗成本 63.2 万元，与上月持平；收入 84.0 万元，结余 20.8 万元。" in words
        assert "有 1.2 万元 成本没有对应到科室" in words
    else:
        assert "Medical cost in Mar was 632.3 thousand yuan, level with last month" in words
        assert "surplus 207.7 thousand yuan." in words
    labels = {one.label: str(one.value) for one in opened("board/cockpit", lang, period="202503").metric}
    assert len(labels) == 5
    assert "75.3" in labels[{"zh": "百元收入成本", "en": "Cost per 100 yuan of income"}[lang]]
    assert "0.0%" in labels[{"zh": "药占比", "en": "Drug share"}[lang]]


def test_a_month_that_cannot_be_compared_says_so(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    # the default is last year, and there is no 2024
    words = sound(opened("board/cockpit"), caplog)
    assert "3月医疗成本 63.2 万元，没有可比月份的数据，无法比较；" in words
    assert "没有导入预算" in sound(opened("board/cockpit", compare="budget"), caplog)
    assert "预算按“医疗成本”口径编制" in sound(
        opened("board/cockpit", compare="budget", scope="business"), caplog
    )


@pytest.mark.parametrize(
    "query",
    [
        {"class": "clinical"}, {"class": "technical"}, {"class": "admin"}, {"class": "auxiliary", "scope": "business"},
        {"dept": "0402", "view": "dept"}, {"view": "parts"}, {"period": "202502", "scope": "hospital_full"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_filter_leaves_a_sound_cockpit(
    query: dict[str, str], lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    sound(opened("board/cockpit", lang, compare="previous", **query), caplog)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("code", ["0101", "0201", "0301", "0401", "0402", "0403"])
def test_every_kind_of_department_opens(
    code: str, lang: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    words = sound(opened("cost/department", lang, dept=code, compare="previous", part="bridge"), caplog)
    assert {"0402": "骨科病区", "0301": "检验科"}.get(code, "") in words


def test_what_a_ward_lacks_is_a_dash_with_its_reason(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = opened("cost/department", dept="0402", compare="previous")
    words = sound(at, caplog)
    assert {one.label: str(one.value) for one in at.metric}["床日成本"] == "—"
    assert "还没有导入《住院工作量" in words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_month_without_its_ledger_names_what_is_missing(
    lang: str, waiting: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    april = [{"dept_code": "0101", "dept_name": "院长办公室", "headcount": 10}]
    bring(waiting, tmp_path, read_file(tmp_path, "4月人员.xlsx", "staff_count", {202504: april}), 6)
    refresh(waiting, waiting.snapshot(), workers=0)
    for name in NAMES:
        at = opened(name, lang, period="202504", dept="0402")
        words = sound(at, caplog)
        said = {
            "zh": ("还没有", "2025年4月缺科室支出总账"),
            "en": ("There is no", "Apr 2025 lacks Cost ledger"),
        }[lang]
        assert all(sentence in words for sentence in said)
        assert str(at.metric[0].value) == "—" and not at.dataframe


def test_without_a_department_one_is_chosen_from_the_table(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for query in ({}, {"dept": "no-such-code"}):
        at = opened("cost/department", **query)
        assert "选一个科室" in sound(at, caplog)
        assert "检验科" in str([table.value.to_dict() for table in at.dataframe])


def test_months_that_wait_for_their_allocation_are_computed_on_request(
    waiting: Store, caplog: pytest.LogCaptureFixture
) -> None:
    at = opened("board/cockpit", period="202503", compare="previous")
    words = sound(at, caplog)
    assert "还没有分摊" in words and "没有可比月份" in words
    (button,) = [one for one in at.button if one.label == "现在计算"]
    words = sound(button.click().run(), caplog)
    assert "还没有分摊" not in words and "与上月持平" in words


def test_a_why_opens_down_to_the_row(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = opened("board/cockpit", period="202503")
    at.button(key="cards_0_why").click().run()
    sound(at, caplog)
    rows = [table.value.to_dict("records") for table in at.dataframe if "file" in table.value.columns]
    assert (
        rows
        and {"file": "2025年3月科室支出.xlsx", "sheet": "3月", "row": "9"}.items()
        <= {k: str(v) for k, v in rows[0][0].items()}.items()
    )


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("board/cockpit", "core.figures.cockpit.cockpit"),
        ("cost/department", "core.figures.department.department"),
    ],
)
def test_a_fault_becomes_one_sentence_with_a_reference(
    name: str, broken: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(broken, fail)
    at = opened(name, dept="0402")
    assert not at.exception
    words = read(at)
    assert "页面没有完成" in words and "编号" in words and "planted" not in words
