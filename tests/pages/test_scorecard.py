"""Scorecard, indicator and appraisal pages as people read them: no targets yet, scored, signed off, both languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.alerts.life import Run, event
from core.batch import Decisions, accept
from core.derived import refresh
from core.indicators.rollout import Rollout, set_rollout
from core.indicators.strategy import Link
from core.indicators.targets import Target, set_targets, targets
from core.journal import journal
from core.settings import get_settings
from core.store import Store
from pages._ui import text
from pages._ui.scorecard.words import correlation
from tests.pages.small import HOSPITAL, copied, read, small_store

PAGES = Path(__file__).parents[2] / "pages" / "board"
KEY = re.compile(r"\b(?:scorecard|appraisal|indicator|cockpit|filter|unit|table)\.[a-z_]+")
AT = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
D = Decimal


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return copied(reported, tmp_path / "data")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "data"))
    return copied(aimed, tmp_path / "data")


def reported(root: Path, work: Path) -> Store:
    """Two months of a small hospital with a few operation values and no targets."""
    store = small_store(root)
    rows = {
        period: [
            {"dept_code": dept, "metric": "satisfaction", "numerator": D(n), "denominator": D(100)}
            for dept, n in (("0402", 92), ("0403", 80))
        ]
        + [{"dept_code": "0402", "metric": "claims_refused", "numerator": D(3), "denominator": D(100)}]
        for period in (202502, 202503)
    }
    reading = read(work, "ops", "operation_value", rows)
    accept(
        store,
        reading,
        Decisions(sources={"operation_value": "ops"}),
        hospital=HOSPITAL,
        actor="t",
        at=AT,
        original=None,
    )
    refresh(store, store.snapshot(), workers=0)
    return store


def aimed(root: Path, work: Path) -> Store:
    """The same with targets of three indicators, for the hospital and for clinical departments."""
    store = reported(root, work)
    aims = [("C01", "85", "90"), ("C07", "0.04", "0.02"), ("P01", "12", "9")]
    wanted = [
        Target(code, 202401, D(base), D(aim), dept=dept, due=202512, owner="quality")
        for code, base, aim in aims for dept in ("*", "*clinical")
    ]  # fmt: skip
    set_targets(store, HOSPITAL, wanted, actor="t", at=AT)
    return store


def page(name: str, lang: str = "zh", **query: str) -> AppTest:
    test = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=60)
    for key, value in {"lang": lang, "period": "202503", **query}.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception, test.exception
    return test


def said(test: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*test.markdown, *test.caption))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["scorecard", "indicator", "appraisal"])
def test_each_page_opens_with_every_word_found(name: str, lang: str, store: Store) -> None:
    text = said(page(name, lang))
    assert not KEY.search(text), KEY.findall(text)


def test_without_targets_the_page_offers_sets_and_adopting_one_scores(bare: Store) -> None:
    test = page("scorecard")
    assert "还没有设定目标" in said(test)
    test.button(key="adopt_oncology").click().run()
    assert "综合得分" in said(test) and not test.exception


def test_the_sentence_gives_total_coverage_and_the_worst_side(store: Store) -> None:
    text = said(page("scorecard"))
    # satisfaction 172 of 200 is 86 points: 60 + 40 x 1 / 5 = 68; refusal 3 % is 80; their mean is the customer side
    assert "综合得分 74.0" in text and "低于 80%" in text


def test_what_has_too_few_figures_is_marked_and_what_has_no_target_is_named(store: Store) -> None:
    """0403 has satisfaction only, of satisfaction and refusals: half of the customer side; no stay, no financial target."""
    text = said(page("scorecard", dept="0403"))
    assert "数据覆盖低于 80% 的维度：客户 50%" in text
    assert "财务、学习与成长没有目标，不计入综合得分和覆盖率" in text
    test = page("scorecard")
    league = next(one.value for one in test.dataframe if "share" in one.value and "rank" in one.value)
    assert dict(zip(league["name"], league["share"], strict=True))["肿瘤内科病区"].startswith("▲")
    assert "得分只反映其中一部分指标" in said(test)


def test_the_years_of_a_set_are_chosen_when_it_is_adopted(bare: Store) -> None:
    test = page("scorecard")
    test.selectbox(key="adopt_since").set_value(2024).run()
    test.selectbox(key="adopt_due").set_value(2027).run()
    test.button(key="adopt_regional").click().run()
    held = targets(get_settings(bare, bare.snapshot(), HOSPITAL))
    assert {(one.since, one.due) for one in held} == {(202401, 202712)}
    assert {one.dept for one in held} >= {"*", "*clinical", "*technical"}


def test_a_department_has_a_card_of_its_own(store: Store) -> None:
    assert "骨科病区综合得分" in said(page("scorecard", dept="0402"))


def test_an_indicator_shows_its_formula_its_target_and_what_is_missing(store: Store) -> None:
    text = said(page("indicator", indicator="C01"))
    assert "患者满意度 = 评分合计 ÷ 满分合计 × 100" in text and "86.00" in text and "68.0" in text
    assert "缺少《运营指标填报》" in said(page("indicator", indicator="C05"))
    assert "= 卫生材料费 ÷ (医疗收入 − 药品收入) × 100" in said(page("indicator", indicator="F04"))


def test_a_period_is_signed_off_once_and_corrected_with_a_reason(store: Store) -> None:
    test = page("appraisal")
    assert "还没有签发" in said(test)
    test.button(key="freeze").click().run()
    assert "份结果已签发" in said(test) and not test.exception
    test.button(key="freeze").click().run()
    assert any("更正须写明原因" in one.value for one in test.warning)


def test_without_data_the_pages_say_what_to_upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path / "empty"))
    for name in ("scorecard", "indicator", "appraisal"):
        assert "运营指标填报" in said(page(name))


def test_each_figure_of_the_formula_opens_the_rows_it_is_made_of(store: Store) -> None:
    test = page("indicator", indicator="C01")
    assert "= 172 ÷ 200 × 100 = **86.00 分**" in said(test)
    test.button(key="fact_satisfaction").click().run()
    rows = test.dataframe[-1].value
    assert (
        list(rows["amount"]) == [92, 80]
        and list(rows["file"]) == ["ops", "ops"]
        and list(rows["row"]) == ["2", "3"]
    )
    test = page("indicator", indicator="F01")
    test.button(key="fact_income").click().run()
    rows = test.dataframe[-1].value
    assert rows["amount"].sum() == 840000 and set(rows["file"]) == {"收入.xlsx"}


def test_what_is_missing_offers_its_template(store: Store) -> None:
    test = page("indicator", indicator="C05")
    assert any("下载《运营指标填报》空白模板" in one.label for one in test.get("download_button"))


def test_a_note_stands_beside_its_month_until_it_is_withdrawn(store: Store) -> None:
    test = page("indicator", indicator="C01")
    test.text_input(key="note_text").set_value("夏季开放日")
    next(one for one in test.button if one.label == "添加").click().run()
    assert "**2025年3月** 夏季开放日" in said(test) and not test.exception
    number = next(str(one.key) for one in test.text_input if str(one.key).startswith("note_why_")).rsplit(
        "_", 1
    )[1]
    test.button(key=f"note_gone_{number}").click().run()
    assert any("先写下文字" in one.value for one in test.warning)
    test.text_input(key=f"note_why_{number}").set_value("月份不对").run()
    test.button(key=f"note_gone_{number}").click().run()
    assert "夏季开放日" not in said(test)


def test_records_of_the_program_itself_are_taken_into_their_indicator(store: Store) -> None:
    terms = (D(1), D(1), D(1), D(1), None)
    cause = Run(
        "a04", "0402", "骨科病区", "staff", "staff", 202503, 202503, "notice", D(3), D(3), D(3), terms
    )
    book = journal(store)
    book.add(HOSPITAL, [event("raised", "k", cause, "s")], by="CostWard", at=AT)
    book.add(
        HOSPITAL,
        [("alert", "k", {"event": "state", "to": "taken", "note": ""})],
        by="x",
        at=AT + timedelta(hours=3),
    )
    test = page("indicator", indicator="P31")
    assert "有 1 条记录还没有计入" in said(test)
    test.button(key="own_take").click().run()
    assert not test.exception and "本月预警响应时间为 3.00 小时" in said(test) and "已全部计入" in said(test)


def test_a_department_stands_among_its_class_and_only_pilots_take_part(store: Store) -> None:
    """0402: satisfaction 92 is 116 points; 0403: 80 is 20 points; refusals only in 0402."""
    text = said(page("scorecard", dept="0403"))
    assert "在 2 个临床科室中排第 2" in text
    set_rollout(store, HOSPITAL, Rollout().piloting(202501, ["0402"]), actor="t", at=AT)
    assert "骨科病区综合得分" in said(page("scorecard", dept="0402"))
    text = said(page("scorecard", dept="0403"))
    assert "肿瘤内科病区不在试点范围" in text and "试点科室 1 个：骨科病区" in text
    test = page("scorecard")
    assert "只含 1 个试点科室" in said(test) and "1 个科室有得分" in said(test)
    test = page("appraisal")
    test.button(key="freeze").click().run()
    assert "2 份结果已签发" in said(test), "the hospital and the one pilot"
    assert len(page("indicator", indicator="C01").dataframe[0].value) == 1


def test_a_missed_indicator_gets_an_action_that_stays_in_sight(store: Store) -> None:
    test = page("appraisal", period="202502")
    test.button(key="freeze").click().run()
    for key, words in (("act_cause", "候诊太长"), ("act_what", "分时段预约"), ("act_owner", "门诊部 王芳")):
        test.text_input(key=key).set_value(words)
    next(one for one in test.button if one.label == "保存" and one.form_id == "act").click().run()
    assert not test.exception and not test.warning
    later = page("appraisal", period="202503")
    later.button(key="freeze").click().run()
    row = next(one.value for one in later.dataframe if "cause" in one.value).iloc[0]
    assert (row["cause"], row["what"], row["owner"], row["state"]) == (
        "候诊太长",
        "分时段预约",
        "门诊部 王芳",
        "进行中",
    )
    assert row["scores"] == "20.0 → 20.0", "the worst first: satisfaction of 0403, then and in this period"


def test_an_arrow_says_why_nothing_is_correlated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "lang", lambda: "zh")
    few, flat, seen = (
        Link("a", "b", months, *found) for months, found in ((11, ()), (36, ()), (30, (2, 0.5)))
    )
    assert "不足 12 个" in correlation(few)
    assert "一直没有变化" in correlation(flat) and "不足" not in correlation(flat)
    assert "+0.50" in correlation(seen) and "滞后 2 个月" in correlation(seen)
