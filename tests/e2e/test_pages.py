"""Every page in a real browser: drawn without complaint, nothing fetched from outside, nothing cut, the right language."""

import re
from getpass import getuser

import pytest
from playwright.sync_api import Browser

from tests.e2e.board import seat

PAGES = (
    "",
    "scorecard",
    "indicator",
    "appraisal",
    "aims",
    "alerts",
    "allocation",
    "department",
    "execution",
    "targets",
    "forecast",
    "rewards",
    "responsibility",
    "upload",
    "quality",
    "dictionary",
    "settings",
)
DEMO = [
    (page, lang, size, dark)
    for number, page in enumerate(PAGES)
    for lang, size, dark in (("zh", (1366, 768), False), ("en", (1920, 1080), number % 2 == 0))
]
# Words that stay as they are in a Chinese page: product, formats, codes, names of systems and charts.
LATIN = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{4,}(?![0-9A-Za-z])")
KEPT = {
    "CostWard", "English", "Excel", "xlsx", "JSON", "pandas", "BIFF", "CSV", "TCO", "ROI", "Wheeler", "Shewhart",
}  # fmt: skip
# Pages that name files, codes and column names as they are.
SPEAKS_OF_FILES = ("dictionary", "upload", "settings")
# Opened in one language each; what an empty page says in the other is read without a browser in tests/pages.
EMPTY = [(page, ("zh", "en")[number % 2]) for number, page in enumerate(PAGES)]


def name(page: str) -> str:
    return page or "cockpit"


@pytest.mark.parametrize(("page", "lang", "size", "dark"), DEMO, ids=lambda value: str(value) or "cockpit")
def test_the_demo_hospital_is_drawn(
    browser: Browser, demo_url: str, page: str, lang: str, size: tuple[int, int], dark: bool
) -> None:
    with seat(browser, demo_url, lang, size, dark) as person:
        person.open(page)
        words = person.words()
        person.shot(f"{name(page)}_{lang}_{size[0]}{'_dark' if dark else ''}")
        assert person.outside == [], "a page asked for something from outside"
        assert person.complaints == []
        assert "Traceback" not in words and "Page not found" not in words
        assert person.page.locator('[data-testid="stException"]').count() == 0
        assert len(words) > 200, "the page is empty"
        wider = person.page.evaluate(
            "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; }"
        )
        assert wider <= 1, "the page scrolls sideways"
        assert person.page.evaluate("() => document.documentElement.lang").startswith(lang)
        if lang == "zh" and page not in SPEAKS_OF_FILES:
            kept = {*KEPT, getuser()}  # who imported the demo stands in the history
            left = {word for word in LATIN.findall(words) if word not in kept and not word.isupper()}
            left = {word for word in left if not re.fullmatch(r"[0-9a-f]{8}", word)}
            assert not left, "English words in a Chinese page"


@pytest.mark.parametrize(("page", "lang"), EMPTY, ids=lambda value: value or "cockpit")
def test_an_empty_warehouse_says_what_to_do_next(
    browser: Browser, empty_url: str, page: str, lang: str
) -> None:
    with seat(browser, empty_url, lang) as person:
        person.open(page)
        words = person.words()
        person.shot(f"empty_{name(page)}_{lang}")
        assert person.complaints == [] and person.outside == []
        assert "Traceback" not in words and person.page.locator('[data-testid="stException"]').count() == 0
        assert len(words) > 60


def test_a_link_carries_the_month_and_the_department(browser: Browser, demo_url: str) -> None:
    with seat(browser, demo_url, "zh") as person:
        person.open("department", period="202503", dept="0522")
        assert "2025年3月" in person.words() and "介入科病区" in person.words()
        person.page.get_by_text("科室成本分摊").first.click()
        person.settle()
        assert "period=202503" in person.page.url, "filters survive a change of page"


def test_a_whatif_shows_itself_and_can_be_taken_back(browser: Browser, demo_url: str) -> None:
    with seat(browser, demo_url, "zh", (1920, 1080)) as person:
        person.open("allocation", step_admin="area")
        words = person.words()
        assert "情景前后" in words and "不改动已存数据" in words
        person.shot("allocation_whatif_zh_1920")
        person.page.get_by_role("button", name="回到现行").click()
        person.settle()
        assert "情景前后" not in person.words() and "step_admin" not in person.page.url
