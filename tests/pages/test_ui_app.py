"""The program itself opens in both languages before anything was imported."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("lang", "words"), [("zh-CN", "还没有数据"), ("en-US", "No data yet"), ("de-DE", "No data yet")]
)
def test_it_opens_on_an_empty_warehouse(
    lang: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.context = {"locale": lang, "timezone": "Asia/Shanghai"}
    at.run()
    assert not at.exception
    assert any(words in element.value for element in at.markdown)


def test_the_url_can_ask_for_a_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COSTWARD_DATA", str(tmp_path))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    at.context = {"locale": "zh-CN"}
    at.query_params["lang"] = "en"
    at.run()
    assert any("No data yet" in element.value for element in at.markdown)
    assert at.segmented_control(key="lang").value == "en"


def test_every_page_of_the_menu_exists() -> None:
    source = (ROOT / "app.py").read_text(encoding="utf-8")
    for page in ("board/cockpit", "cost/allocation", "cost/department", "data/upload", "data/quality",
                 "data/dictionary", "data/settings"):  # fmt: skip
        assert (ROOT / "pages" / f"{page}.py").is_file() and page.split("/")[1] in source
