"""The cockpit and the department page in a real browser: looked at in both languages and themes, clicked through."""

from __future__ import annotations

from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.board import Seat, seat

SIZES = {"laptop": (1366, 768), "projector": (1920, 1080)}
# What a grid would have to scroll sideways to show, in pixels; and the page itself.
CUT = """() => [document.documentElement, ...document.querySelectorAll('.dvn-scroller')]
  .map(e => e.scrollWidth - e.clientWidth).filter(gap => gap > 2)"""


def charts(page: Page) -> int:
    return page.locator("[data-testid=stVegaLiteChart]").count()


def bars(page: Page, chart: int) -> object:
    return page.locator("[data-testid=stVegaLiteChart]").nth(chart).locator(".mark-rect path")


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def clean(sat: Seat) -> None:
    assert sat.outside == [] and sat.complaints == []


@pytest.mark.parametrize(("lang", "dark", "size"), [("zh", True, "projector"), ("en", False, "laptop")])
def test_cockpit_and_department_stand_whole(
    browser: Browser, demo_url: str, lang: str, dark: bool, size: str
) -> None:
    for name, path, asked in (("cockpit", "", {}), ("department", "department", {"dept": "0501"})):
        with seat(browser, demo_url, lang, SIZES[size], dark) as sat:
            page = sat.open(path, lang=lang, **asked)
            assert charts(page) == 4 if name == "cockpit" else charts(page) == 5
            assert page.evaluate(CUT) == [], "a table or the page is cut at the right"
            sat.shot(f"{name}-{lang}-{'dark' if dark else 'light'}-{size}")
            clean(sat)


def test_a_bar_filters_and_lets_go_again(browser: Browser, demo_url: str) -> None:
    with seat(browser, demo_url) as sat:
        page = sat.open(lang="zh", view="item")
        heat = "哪个科室、哪个月不寻常"
        assert f"人员经费：{heat}" not in sat.words()
        bars(page, 0).nth(1).click()
        sat.settle()
        assert f"：{heat}" in sat.words()
        sat.shot("cockpit-one-item")
        bars(page, 0).nth(1).click()
        sat.settle()
        assert f"：{heat}" not in sat.words() and heat in sat.words()
        clean(sat)


def test_a_heat_cell_opens_its_department_in_its_month(browser: Browser, demo_url: str) -> None:
    with seat(browser, demo_url) as sat:
        page = sat.open(lang="zh")
        bars(page, 2).nth(7).click()  # the eighth month of the department with the most money
        page.wait_for_url("**/department?*", timeout=30_000)
        sat.settle(1500)
        assert query(page)["period"] == ["202508"] and query(page)["dept"]
        assert "花了多少" in sat.words()
        clean(sat)


def test_a_figure_opens_down_to_its_row(browser: Browser, demo_url: str) -> None:
    with seat(browser, demo_url) as sat:
        page = sat.open(lang="zh")
        page.get_by_test_id("stButton").filter(has_text="help").nth(1).click()
        page.get_by_role("dialog").wait_for()
        sat.settle(1500)
        words = sat.words()
        assert "公式" in words and "代入的数" in words and "来自哪些行" in words
        sat.shot("cockpit-why", whole=False)
        clean(sat)
