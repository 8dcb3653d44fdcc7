"""Reading and storing big files, beside the bare reader of the same file.

    200,000 x 12 .xlsx through the whole intake to a committed table   against python-calamine's to_python()
    10,000,000-line .csv the same way                                 against DuckDB's COPY (read_csv) TO parquet
COSTWARD_BENCH_LINES=1000000 makes the second one smaller.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import python_calamine
import xlsxwriter

from core.batch import Decisions
from core.importing import Desk
from core.intake import Options
from core.store import Store
from tests.bench.timing import paired, peak_of_children_mb

FOLDER = Path(tempfile.gettempdir()) / "costward-bench"
LINES = int(os.environ.get("COSTWARD_BENCH_LINES", "10000000"))
HEADINGS = [
    "统计年月",
    "科室编码",
    "科室名称",
    "成本项目编码",
    "成本项目名称",
    "资金来源",
    "金额",
    "凭证号",
    "摘要",
    "备注一",
    "备注二",
    "备注三",
]


def ledger_workbook() -> Path:
    """A ledger of 200,000 lines and 12 columns with dates, money and Chinese text."""
    path = FOLDER / "ledger.xlsx"
    if not path.exists():
        with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
            page = book.add_worksheet("2025年3月")
            page.write_row(0, 0, HEADINGS)
            for n in range(200_000):
                dept, item = n % 115, n % 31
                page.write_row(
                    n + 1, 0,
                    [202503, f"{dept:04d}", f"科室{dept}", f"{item:06d}", f"项目{item}", "自有", n % 9973 + (n % 100) / 100,
                     f"记-{n // 8:05d}", "三月支出明细", n % 7, "2025-03-31", "甲"],
                )  # fmt: skip
    return path


def charge_lines(lines: int) -> Path:
    """Charge lines of one quarter as an HIS writes them, made by DuckDB."""
    path = FOLDER / f"charges-{lines}.csv"
    if not path.exists():
        duckdb.connect().execute(
            f"""copy (select 'C' || lpad(i::varchar, 9, '0') as "收费流水号", 'P' || (hash(i) % 600000) as "患者ID",
                '2025-0' || (1 + i * 3 // {lines}) || '-' || lpad((1 + hash(i * 3) % 28)::varchar, 2, '0') as "收费日期",
                lpad((hash(i * 7) % 60)::varchar, 4, '0') as "开单科室编码",
                lpad((hash(i * 11) % 60)::varchar, 4, '0') as "执行科室编码", 'I' || (hash(i * 5) % 8000) as "项目编码",
                1 + hash(i * 13) % 5 as "数量", round((hash(i * 17) % 100000) / 100.0, 2) as "单价",
                round((1 + hash(i * 13) % 5) * (hash(i * 17) % 100000) / 100.0, 2) as "金额"
                from range({lines}) t(i)) to '{path}' (header)"""
        )
    return path


def through(path: Path, options: Options) -> Callable[[], None]:
    """The whole way of one file: child process, reading, casting, checks, commit to a fresh store."""

    def work() -> None:
        root = Path(tempfile.mkdtemp(prefix="store-", dir=FOLDER))
        try:
            desk = Desk(Store(root), "H001")
            reading = desk.read(path, path.name, options)
            assert reading.status == "ready", [issue.text("en") for issue in reading.all_issues()]
            desk.accept(reading, Decisions(), path, actor="bench", at=datetime.now(UTC))
        finally:
            shutil.rmtree(root, ignore_errors=True)

    return work


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    book = ledger_workbook()
    whole = through(book, Options(extract="ledger_cost"))
    sheet = "2025年3月"
    print(
        paired(
            "200,000 x 12 xlsx, whole intake", whole, "bare calamine to_python",
            lambda: python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name(sheet).to_python(),
            runs=5, target="<= 1.5 x",
        )
    )  # fmt: skip
    lines = charge_lines(LINES)
    bare = FOLDER / "bare.parquet"

    def copy() -> None:
        duckdb.connect().execute(f"copy (select * from read_csv('{lines}')) to '{bare}' (format parquet)")

    print(
        paired(
            f"{LINES:,}-line csv, whole intake", through(lines, Options(extract="charge_line")), "bare COPY read_csv",
            copy, runs=3, target="<= 2 x",
        )
    )  # fmt: skip
    bare.unlink(missing_ok=True)
    print(f"peak resident memory of the reading process: {peak_of_children_mb():,.0f} MB   [<= 4,096 MB]")
