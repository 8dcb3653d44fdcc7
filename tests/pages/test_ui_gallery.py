"""The kit as a person meets it: every piece in both languages and themes, filters in the URL, errors without traces."""

import gc
import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

GALLERY = str(Path(__file__).parent / "gallery_app.py")


def opened(part: str, lang: str = "zh-CN", theme: str = "light", **query: str) -> AppTest:
    at = AppTest.from_file(GALLERY, default_timeout=120)
    at.context = {"locale": lang, "theme": theme, "timezone": "Asia/Shanghai"}
    at.query_params["part"] = part
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def said(at: AppTest) -> str:
    return "\n".join(element.value for element in [*at.markdown, *at.caption])


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
@pytest.mark.parametrize("part", ["cockpit", "charts", "series", "tables", "states"])
def test_every_piece_opens(part: str, lang: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "costward"):
        at = opened(part, lang, "dark" if lang == "en-US" else "light")
    assert not at.exception and not caplog.records


def test_cards_say_value_unit_and_judged_comparison() -> None:
    at = opened("cockpit")
    assert [m.value for m in at.metric][:2] == ["1.28 :gray[:small[亿元]]", "1.37 :gray[:small[亿元]]"]
    assert ":red[**▲+4.2%**] :gray[较预算]" in said(at) and ":green[**▲+1.1%**] :gray[较预算]" in said(at)
    assert "3月床日数尚未上传" in said(at)


def test_title_line_says_what_is_shown() -> None:
    words = said(opened("cockpit"))
    for part in ("省肿瘤医院", "2025年3月", "口径：", "数据截至 2025-04-06", "a3f9c1d2"):
        assert part in words


def test_the_url_restores_filters_by_code_in_any_language() -> None:
    for lang in ("zh-CN", "en-US"):
        at = opened("cockpit", lang, period="202501", dept="0102", compare="budget")
        assert at.selectbox(key="period").value == "202501" and at.selectbox(key="dept").value == "0102"
        assert at.query_params["period"] == "202501" and at.query_params["compare"] == "budget"


def test_an_unknown_code_in_the_url_falls_back() -> None:
    at = opened("cockpit", period="199912", scope="nonsense")
    assert not at.exception and at.selectbox(key="period").value == "202503"
    assert "period" not in at.query_params


def test_a_choice_is_written_to_the_url_and_the_default_is_not() -> None:
    at = opened("cockpit")
    at.selectbox(key="dept").set_value("0101").run()
    assert at.query_params["dept"] == "0101" and "scope" not in at.query_params
    at.button(key="chip_dept").click().run()
    assert "dept" not in at.query_params and at.selectbox(key="dept").value == "all"


def test_language_changes_the_words_and_keeps_the_filters() -> None:
    at = opened("cockpit", period="202501")
    at.segmented_control(key="lang").set_value("en").run()
    assert "Provincial Cancer Hospital" in said(at) and at.query_params["lang"] == "en"
    assert at.selectbox(key="period").value == "202501"


def test_a_class_narrows_the_departments() -> None:
    at = opened("cockpit")
    at.selectbox(key="class").set_value("technical").run()
    assert at.selectbox(key="dept").options == ["全院", "检验科", "手术室"]


def test_an_error_is_a_sentence_with_a_reference_and_no_detail(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "costward"):
        at = opened("error")
    words = said(at)
    reference = words.split("编号 `")[1].split("`")[0]
    assert not at.exception and "secret detail" not in words and "Traceback" not in words
    assert any(reference in r.getMessage() and r.exc_info for r in caplog.records)


def test_an_empty_board_says_what_to_do_and_stops_the_script() -> None:
    at = opened("empty")
    assert not at.exception and "还没有数据" in said(at) and "科室成本" in said(at)
    assert [b.label for b in at.button] == ["去导入", "打开演示医院"]


def test_why_opens_the_drawer_with_formula_figures_and_rows() -> None:
    at = opened("cockpit")
    at.button(key="top_0_why").click().run()
    words = said(at)
    assert "医疗成本 = 医疗业务成本 + 财政项目成本" in words and "显示前 12 行，共 1,204 行" in words
    assert any("2025年3月科室成本.xlsx" in str(frame.value) for frame in at.dataframe)


def test_a_table_has_its_total_last() -> None:
    at = opened("tables")
    rows, total = at.dataframe[0].value, at.dataframe[1].value
    # below a table with a row menu the total stands by itself, so that sorting leaves it where it is
    assert "合计" not in set(rows["dept"]) and len(total) == 1
    assert total.iloc[-1]["dept"] == "合计" and total.iloc[-1]["full"] == 11373.5


def test_what_is_loaded_is_frozen_out_of_the_garbage_collector() -> None:
    opened("tables")
    assert gc.get_freeze_count() > 0
