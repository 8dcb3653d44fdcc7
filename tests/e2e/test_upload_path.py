"""A new user's path in a real browser: upload a messy month, map the wrong department, accept, see the cockpit change,
click a figure down to the row, and take the import back."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Browser, Page

from core.batch import history
from core.settings import get_settings
from core.store import Store
from core.warehouse import open_warehouse
from tests.e2e.board import Seat, seat, serving
from tests.fixtures.ugly import (
    BROKEN_TEXT,
    HOSPITAL,
    PERIOD,
    RIGHT_CODE,
    WRONG_NAME,
    Ugly,
    make_income,
    make_ledger_with_wrong_department_and_broken_amount,
)
from tests.pages import small

LEDGER, INCOME = "2026年1月科室成本明细表.xlsx", "2026年1月医疗收入明细表.xlsx"
COST = "select sum(amount)::decimal(18, 2) from stg_cost where hospital = ? and period = ?"


def cost(data: Path) -> Decimal | None:
    ((found,),) = open_warehouse(Store(data)).query(COST, (HOSPITAL, PERIOD))
    return found


def drop_files(sat: Seat, *paths: Path) -> Page:
    sat.page.locator("input[type=file]").set_input_files([str(path) for path in paths])
    sat.page.get_by_text("本次文件").wait_for(timeout=120_000)
    return sat.settle(1500)


def press(sat: Seat, name: str, wait_ms: int = 1000) -> Page:
    sat.page.get_by_role("button", name=name).first.click()
    return sat.settle(wait_ms)


def accept(sat: Seat, file: str) -> None:
    """Accept the file that is open, and wait until it says so."""
    press(sat, "确认入库")
    sat.page.get_by_text(re.compile(rf"{re.escape(file)} 已入库")).wait_for(timeout=180_000)
    sat.settle()


def open_file(sat: Seat, file: str) -> None:
    """Open the line of a file, if it is closed."""
    line = sat.page.locator("details", has_text=file).last
    if line.get_attribute("open") is None:
        line.locator("summary").first.click()
        sat.settle(1000)


def test_from_a_messy_workbook_to_the_row_behind_a_figure_and_back(
    browser: Browser, own_url: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    made: Ugly = make_ledger_with_wrong_department_and_broken_amount(tmp_path / LEDGER)
    make_income(tmp_path / INCOME)
    before, batches = Store(data).snapshot(), len(history(Store(data)))
    assert cost(data) is None
    with seat(browser, own_url) as sat:
        sat.open("upload")
        sat.shot("path-1-start")
        drop_files(sat, tmp_path / LEDGER, tmp_path / INCOME)
        open_file(sat, LEDGER)
        said = sat.words()
        for part in (
            LEDGER,
            "科室支出总账",
            "2026年1月",
            WRONG_NAME,
            BROKEN_TEXT,
            made.broken_cell,
            "1 行被拒绝",
        ):
            assert part in said, part
        assert Store(data).snapshot() == before, "nothing is stored before the person accepts"
        sat.shot("path-2-questions")

        box = sat.page.get_by_role("combobox", name=re.compile(WRONG_NAME))
        if RIGHT_CODE not in (box.first.input_value() or ""):
            box.first.click()
            box.first.fill(RIGHT_CODE)
            sat.page.keyboard.press("Enter")
            sat.settle()
        press(sat, "确认科室对应")
        open_file(sat, LEDGER)
        assert "新增 2026年1月" in sat.words()
        sat.shot("path-3-effect")
        accept(sat, LEDGER)
        assert cost(data) == made.readable
        sat.shot("path-4-accepted")
        open_file(sat, INCOME)
        accept(sat, INCOME)

        press(sat, "到驾驶舱看 2026年1月", 3000)
        assert "2026年1月" in sat.words()
        assert "还没有分摊" not in sat.words(), "the months of an import are allocated before it says so"
        million = f"{made.readable / 10000:,.1f}"
        assert million in sat.words() or f"{made.readable / 100_000_000:.2f}" in sat.words()
        sat.shot("path-5-cockpit")

        sat.page.get_by_role("button", name="help").first.click()
        sat.page.get_by_role("dialog").wait_for()
        sat.settle(1500)
        sat.shot("path-6-why")
        assert "公式" in sat.words()
        assert not sat.complaints and not sat.outside

        sat.open("upload")
        sat.page.get_by_role("button", name=re.compile("撤销")).nth(1).click()
        sat.page.get_by_role("dialog").wait_for()
        sat.settle()
        assert "2026年1月 的科室支出总账将没有数据" in sat.words()
        sat.shot("path-7-undo", whole=False)
        press(sat, "确认撤销")
        sat.page.get_by_text("已撤销").first.wait_for(timeout=180_000)
        sat.settle()
        sat.shot("path-8-undone")
    assert cost(data) is None
    assert len(history(Store(data))) == batches + 2 and history(Store(data))[1].status == "undone"


def test_one_click_maps_a_department_and_the_change_is_undone(browser: Browser, tmp_path: Path) -> None:
    data = tmp_path / "small"
    store = small.small_store(data)

    def spellings() -> list[tuple[str, str]]:
        found = get_settings(store, store.snapshot(), small.HOSPITAL).aliases
        return [(alias.raw_name, alias.dept_code) for alias in found]

    with (
        serving(data, tmp_path / "small.log") as url,
        seat(browser, url, lang="en", size=(1920, 1080)) as sat,
    ):
        sat.open("quality", period="202503")
        assert "names unmapped: 1" in sat.words()
        sat.shot("quality-open")
        press(sat, "Map")
        box = sat.page.get_by_role("dialog").get_by_role("combobox").first
        box.click()
        box.fill("0402")
        sat.page.keyboard.press("Enter")
        sat.settle()
        sat.shot("quality-map", whole=False)
        press(sat, "Map it", 2000)
        sat.page.get_by_text("All money of this month has a home.").wait_for(timeout=60_000)
        assert spellings() == [("骨二科", "0402")]
        sat.open("settings", part="changes")
        press(sat, "Undo")
        assert "goes back to what it was before" in sat.words()
        press(sat, "Undo it", 2000)
        sat.page.get_by_text("undone", exact=True).first.wait_for(timeout=60_000)
        assert spellings() == []
        assert not sat.complaints and not sat.outside


def test_first_steps_on_an_empty_warehouse_in_the_dark(browser: Browser, empty_url: str) -> None:
    with seat(browser, empty_url, dark=True) as sat:
        sat.open("upload")
        assert "打开演示医院" in sat.words()
        sat.page.get_by_text("空白模板").click()
        sat.settle()
        with sat.page.expect_download() as coming:
            sat.page.get_by_role("button", name="科室支出总账").click()
        assert coming.value.suggested_filename == "E03_科室支出总账.xlsx"
        sat.shot("upload-empty")
        assert not sat.complaints and not sat.outside
