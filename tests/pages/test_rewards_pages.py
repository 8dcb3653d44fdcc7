"""The rewards and the responsibility page as people read and use them: both languages, empty, no budget, every view."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.demo.stories import tell
from core.derived import refresh
from core.responsibility import letters, tracing
from core.rewards import records
from core.store import Store
from tests.pages.reading import opened, read, sound
from tests.pages.small import DEPARTMENTS, HOSPITAL, allocated, bring, copied, small_store
from tests.pages.small import read as read_file

PLAN = {
    "0401": ("人员经费", "70000"),
    "0402": ("药品费", "240000"),
    "0403": ("药品费", "200000"),
    "0101": ("人员经费", "100000.01"),
}
REPORTED = (
    ("0401", "satisfaction", "90", "100"), ("0402", "satisfaction", "80", "100"), ("0402", "complications", "1", "100"),
    ("0403", "complications", "1", "100"),
)  # fmt: skip


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return Store(tmp_path / "data")


@pytest.fixture
def unplanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """February and March 2025 with cost and no budget."""
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return allocated(tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return copied(saving, tmp_path / "data")


def saving(root: Path, work: Path) -> Store:
    """0401 saves 20,000 and passes, 0402 saves 80,000 and fails, 0403 saves 100,000 and reported no satisfaction."""
    made = small_store(root)
    names = {code: name for code, name, *_ in DEPARTMENTS}
    plan = [
        {
            "dept_code": code,
            "dept_name": names[code],
            "item_name": item,
            "amount": Decimal(amount),
            "version": "v0",
        }
        for code, (item, amount) in PLAN.items()
    ]
    bring(made, work, read_file(work, "预算.xlsx", "budget", {202502: plan, 202503: plan}), 6)
    said = [
        {
            "dept_code": code,
            "dept_name": names[code],
            "metric": metric,
            "numerator": Decimal(top),
            "denominator": Decimal(bottom),
        }
        for code, metric, top, bottom in REPORTED
    ]
    bring(made, work, read_file(work, "运营指标.xlsx", "operation_value", {202503: said}), 7)
    refresh(made, made.snapshot(), workers=0)
    return made


def drawer(name: str, body: str, **query: str) -> AppTest:
    """A page that opens one dialog in every run: the test runner knows no runs of a dialog alone."""
    script = f"""
from core.rewards.choice import Choice
from core.rewards.evaluate import simulate
from core.responsibility import letters as kept_letters
from pages._ui import board, frame
from pages._ui.responsibility import letter, opened, steps, tracing
from pages._ui.rewards import opened as rewards_opened, records
with frame.page({name!r}, filters=("period",)) as page:
    {body}
"""
    at = AppTest.from_string(script, default_timeout=120)
    at.query_params["lang"] = "zh"
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


def button(at: AppTest, key: str) -> AppTest:
    return next(one for one in at.button if one.key == key).click().run()


VIEWS = [
    ("rewards", {"show": "simulate"}), ("rewards", {"show": "rules"}), ("rewards", {"show": "records"}),
    ("responsibility", {"view": "letters"}), ("responsibility", {"view": "tracing"}), ("responsibility", {"view": "committee"}),
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["rewards", "responsibility"])
def test_an_empty_warehouse_says_what_to_bring(
    name: str, lang: str, empty: Store, caplog: pytest.LogCaptureFixture
) -> None:
    assert {"zh": "还没有数据", "en": "No data yet"}[lang] in sound(opened(f"budget/{name}", lang), caplog)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_view_opens(lang: str, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    for name, query in VIEWS:
        sound(opened(f"budget/{name}", lang, **query), caplog)
    assert tell(store, HOSPITAL, datetime.now(UTC))
    for name, query in VIEWS:
        assert len(sound(opened(f"budget/{name}", lang, **query), caplog)) > 80


def test_without_a_budget_nothing_is_simulated(unplanned: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert "没有预算，无法计算节约额" in sound(opened("budget/rewards"), caplog)
    assert "没有预算，不能拟定责任书" in sound(opened("budget/responsibility"), caplog)


def test_the_simulator_says_what_is_paid_and_why_not(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    words = sound(opened("budget/rewards", period="202503"), caplog)
    assert (
        "2025年1月至3月，3 个科室中 3 个有节约，共 20.0 万元；奖励池 3.0 万元，其中可发放 3,000.00 元（1 个科室），"
        "缺数待定 1.5 万元（1 个），红线取消 1.2 万元（1 个）；18.2 万元 留在医院。"
    ) in words
    assert "▲ 未达标 80.0 分" in words and "○ 缺数" in words and "– 不适用" not in words
    assert "30,000.00 元 = 可发放 3,000.00 元 + 待定 15,000.00 元 + 取消 12,000.00 元" in words


def test_a_slider_is_a_what_if_and_stores_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    before = store.snapshot().id
    words = sound(opened("budget/rewards", period="202503", try_saving_reward_ratio="0.2"), caplog)
    assert "情景：" in words and "可发放 4,000.00 元" in words and "比现行规则多发 1,000.00 元。" in words
    words = sound(opened("budget/rewards", period="202503", try_red_satisfaction="80"), caplog)
    assert "可发放 1.5 万元（2 个科室）" in words
    assert store.snapshot().id == before and records.records(store, HOSPITAL) == ()


def test_a_budgeted_month_without_a_ledger_is_no_saving(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plan = [{"dept_code": "0401", "item_name": PLAN["0401"][0], "amount": Decimal(50_000), "version": "v0"}]
    bring(store, tmp_path, read_file(tmp_path, "一月预算.xlsx", "budget", {202501: plan}), 8)
    refresh(store, store.snapshot(), workers=0)
    words = sound(opened("budget/rewards", period="202503"), caplog)
    assert "可发放 0.00 元（0 个科室），缺数待定 1.8 万元（2 个）" in words


RECORD = (
    "found = rewards_opened.found(page, Choice()); made = simulate(found, rewards_opened.in_force(page), Choice());"
    " records.confirm(page, {'w1': made['w1']}, found.span, {}, [one.state for one in made['w1'].awards])"
)
CORRECT = "one = next((x for x in rewards_opened.recorded(page) if x.object == '0403'), None); records.correct(page, one)"


def test_recording_and_correcting(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert "记录本期结果（3 笔）" in sound(opened("budget/rewards", period="202503"), caplog)
    at = drawer("rewards", RECORD, period="202503")
    assert "期间还没有结束" in read(at)
    button(at, "record_do")
    held = {one.object: one for one in records.records(store, HOSPITAL)}
    assert {code: (one.amount, one.state) for code, one in held.items()} == {
        "0401": (300_000, "payable"), "0402": (0, "cancelled"), "0403": (None, "pending"),
    }  # fmt: skip
    assert "记录链校验完整" in sound(opened("budget/rewards", show="records"), caplog)
    assert "记录本期结果（0 笔）" in sound(opened("budget/rewards", period="202503"), caplog)
    at = drawer("rewards", CORRECT)
    next(one for one in at.selectbox if one.key == "correct_state").set_value("payable")
    at = next(one for one in at.button if one.label == "写入更正").click().run()
    assert "更正必须写明原因" in sound(at, caplog)
    next(one for one in at.text_area if one.key == "correct_why").set_value("补报满意度 91 分")
    next(one for one in at.button if one.label == "写入更正").click().run()
    chain = records.history(store, HOSPITAL, held["0403"].key)
    assert [one.data["amount"] for one in chain] == [None, 1_500_000]
    assert chain[1].data["reason"] == "补报满意度 91 分" and chain[1].data["replaces"] == chain[0].seq


def test_every_rule_shows_its_formula(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(1, 13):
        words = sound(
            opened("budget/rewards", "en", show="rules", rule=f"w{number}", period="202503"), caplog
        )
        assert f"**W{number} " in words


def test_letters_from_draft_to_signature(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = opened("budget/responsibility", period="202503")
    assert "4 个科室有预算目标，可以拟定" in sound(at, caplog)
    for key in ("draft_letters", "all_agreed", "all_printed"):
        at = button(at, key)
        sound(at, caplog)
    assert {one.state for one in letters.letters(store, HOSPITAL, 2025)} == {"printed"}
    at = drawer("responsibility", "letter.open_letter(page, opened.letters(page, 2025)[0], ())")
    sign = "登记签字"
    at = next(one for one in at.button if one.label == sign).click().run()
    assert "签字需要科室负责人、医院代表和日期" in sound(at, caplog)
    next(one for one in at.text_input if one.key == "sign_head").set_value("张主任")
    next(one for one in at.text_input if one.key == "sign_leader").set_value("李院长")
    next(one for one in at.button if one.label == sign).click().run()
    signed = [one for one in letters.letters(store, HOSPITAL, 2025) if one.state == "signed"]
    assert len(signed) == 1 and (signed[0].head, signed[0].leader) == ("张主任", "李院长")
    at = drawer("responsibility", "letter.open_letter(page, opened.letters(page, 2025)[0], ())")
    next(one for one in at.text_input if one.key == "revise_why").set_value("支付标准下调")
    next(one for one in at.text_input if one.key == "revise_cost.staff").set_value("1,000.00")
    next(one for one in at.button if one.label == "保存目标").click().run()
    first = letters.letters(store, HOSPITAL, 2025)[0]
    assert (first.version, first.state, first.why) == (2, "draft", "支付标准下调")
    assert first.targets[0].target == Decimal("1000.00")  # the total follows from its items


def test_a_matter_is_registered_and_moved_on(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = drawer("responsibility", "tracing.register(page)")
    next(one for one in at.selectbox if one.key == "raise_source").set_value("hotline")
    at.run()
    assert "不记录举报人" in read(at)
    assert "请填写：事项" in sound(button(at, "raise_do"), caplog)
    next(one for one in at.text_input if one.label == "事项").set_value("耗材未用先记账")
    button(at, "raise_do")
    (one,) = tracing.traces(store, HOSPITAL)
    assert (one.title, one.source, one.stage) == ("耗材未用先记账", "hotline", "to_dept")
    at = drawer("responsibility", "steps.open_trace(page, opened.traces(page)[0])")
    next(b for b in at.button if b.label == "落实到科室").click().run()
    (one,) = tracing.traces(store, HOSPITAL)
    assert (one.stage, one.dept, one.dept_name) == ("to_person", "0101", "院长办公室")
    sound(at, caplog)


def test_the_committee_sees_what_is_late(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    then = datetime.now(UTC) - timedelta(days=10)
    tracing.raise_trace(
        store, HOSPITAL, source="inspection", title="高值耗材账实不符", rates=lambda name: Decimal(2), by="x", at=then,
        dept="0402", dept_name="骨科病区",
    )  # fmt: skip
    words = sound(opened("budget/responsibility", view="committee"), caplog)
    assert (
        "共登记 1 件，未销号 1 件，超期 1 件，已销号 0 件。" in words
        and "骨科病区超期最多：1 件中 1 件。" in words
    )
