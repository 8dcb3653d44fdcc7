"""Cells of every type in every dress, through a whole reading: what is accepted, what is refused and why."""

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from core.intake.reading import Options
from tests.core.intake.sheets_made import (
    D,
    balanced,
    codes,
    only,
    read,
    refused_of,
    rows_of,
    text_file,
    workbook,
)

HEAD = ["统计年月", "科室编码", "成本项目名称", "金额", "摘要"]


def ledger(path: Path, *amounts: object, period: object = "202503") -> Path:
    return workbook(
        path, {"S": [HEAD, *[[period, "0101", f"项目{i}", a, "x"] for i, a in enumerate(amounts)]]}
    )


def test_amounts_in_every_dress_add_up_to_the_fen(tmp_path: Path) -> None:
    texts = [
        "1,234.50",
        "１，２３４．５０",
        "¥1,234.50",
        "(1,234.50)",
        "1,234.50-",
        "-",
        "—",
        "1.2E+05",
        " 10\u00a0",
        7,
        0.1 + 0.2,
    ]
    part = only(read(ledger(tmp_path / "a.xlsx", *texts)))
    assert [str(a) for (a,) in rows_of(part, "amount")] == [
        "1234.50", "1234.50", "1234.50", "-1234.50", "-1234.50", "0.00", "0.00", "120000.00", "10.00", "7.00", "0.30",
    ]  # fmt: skip
    assert (part.rows_read, part.rows_refused, str(part.amount_accepted)) == (11, 0, "121251.80")
    assert balanced(part) and part.rounding == 0


def test_bad_amounts_are_refused_with_file_sheet_row_column_value_reason(tmp_path: Path) -> None:
    path = ledger(tmp_path / "坏.xlsx", 100, "约1万", "#REF!", "12%", 50, "99999999999999999")
    reading = read(path)
    part = only(reading)
    assert (part.rows_read, part.rows_accepted, part.rows_refused) == (6, 2, 4)
    assert (str(part.amount_read), str(part.amount_accepted), str(part.amount_refused)) == (
        "150.00",
        "150.00",
        "0.00",
    )
    assert [(i.code, i.file, i.sheet, i.row, i.col, i.column, i.value) for i in part.issues if i.severity == "refused"] == [
        ("amount_text", "坏.xlsx", "S", 3, "D", "amount", "约1万"),
        ("amount_error", "坏.xlsx", "S", 4, "D", "amount", "#REF!"),
        ("amount_percent", "坏.xlsx", "S", 5, "D", "amount", "12%"),
        ("amount_range", "坏.xlsx", "S", 7, "D", "amount", "99999999999999999"),
    ]  # fmt: skip
    first = refused_of(part)[0]
    assert (first["row"], first["col"], first["reason"], first["amount"]) == (3, "D", "amount_text", None)
    assert first["cells"] == ["202503", "0101", "项目1", "约1万", "x"]
    assert reading.status == "ready" and balanced(part)


def test_a_refused_row_with_a_readable_amount_keeps_its_amount_in_the_balance(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["202503", "0101", "药品费", 10, ""],
        ["2025年1季度", "0101", "药品费", 20, ""],
        ["202503", "#N/A", "药品费", 30, ""],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (str(part.amount_read), str(part.amount_accepted), str(part.amount_refused)) == (
        "60.00",
        "10.00",
        "50.00",
    )
    assert [(r["row"], r["col"], r["reason"], str(r["amount"])) for r in refused_of(part)] == [
        (3, "A", "period_quarter", "20.00"),
        (4, "B", "cell_error", "30.00"),
    ]


def test_two_bad_cells_of_one_row_are_one_refused_row(tmp_path: Path) -> None:
    rows = [HEAD, ["202503", "0101", "药品费", 10, ""], ["春天", "0101", "药品费", "一百", ""]]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.rows_refused, [r["reason"] for r in refused_of(part)]) == (1, ["period_text", "amount_text"])


def test_formulas_with_cached_values_are_read_and_without_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "S"
    for row in (HEAD, ["202503", "0101", "药品费", 10, ""], ["202503", "0101", "材料费", "=D2*2", ""]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    part = only(read(tmp_path / "a.xlsx"))
    assert (part.rows_accepted, [(r["row"], r["reason"]) for r in refused_of(part)]) == (
        1,
        [(3, "amount_not_calculated")],
    )


@pytest.mark.parametrize(
    "period",
    [
        "201610",
        201610,
        201610.0,
        "201610.0",
        "2016-10",
        "2016/10/31",
        "2016年10月",
        42644,
        date(2016, 10, 31),
        "2016年10月31日",
        " 201610\t",
    ],
)
def test_periods_in_every_dress(tmp_path: Path, period: object) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    sheet.append([period, "0101", "药品费", 10, ""])
    book.save(tmp_path / "a.xlsx")
    part = only(read(tmp_path / "a.xlsx"))
    assert (part.periods, part.rows_accepted, part.period_from) == ([201610], 1, "column")


def test_a_month_column_takes_its_year_from_a_year_column_or_the_title(tmp_path: Path) -> None:
    apart = [["会计年度", "月份", "科室编码", "成本项目名称", "金额"], ["2025", "3", "0101", "药品费", 1],
             [2025.0, "12月", "0101", "药品费", 2], ["2025", "13", "0101", "药品费", 3]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": apart})))
    assert (part.periods, part.rows_refused) == ([202503, 202512], 1)
    titled = [["2024年度支出"], ["月份", "科室编码", "成本项目名称", "金额"], ["10月", "0101", "药品费", 1]]
    assert only(read(workbook(tmp_path / "b.xlsx", {"S": titled}))).periods == [202410]


def test_a_declared_period_only_fills_what_the_data_does_not_say(tmp_path: Path) -> None:
    bare = [HEAD[1:], ["0101", "药品费", 10, ""]]
    waiting = read(workbook(tmp_path / "a.xlsx", {"S": bare}))
    assert (waiting.status, codes(waiting, "warning")) == ("needs_decision", ["period_missing"])
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": bare}), Options(period=202504)))
    assert (part.status, part.periods, part.period_from) == ("ready", [202504], "declared")
    part = only(read(ledger(tmp_path / "c.xlsx", 10), Options(period=202504)))
    assert (part.periods, codes(part, "warning")) == ([202503], ["period_conflict"])
    assert part.issues[-1].params == {"declared": 202504, "found": "202503"}


def test_codes_stay_text_and_are_trimmed_of_every_blank(tmp_path: Path) -> None:
    path = text_file(
        tmp_path / "a.csv",
        [HEAD, ["202503", "0101\t", "药品费\u3000", "1", ""], ["202503", "\u00a000", "药品费", "2", ""]],
    )
    assert rows_of(only(read(path)), "dept_code", "item_name") == [("0101", "药品费"), ("00", "药品费")]


def test_flags_and_choices_go_by_their_aliases(tmp_path: Path) -> None:
    rows = [["科室编码", "科室名称", "科室类别", "门诊住院标志", "启用", "停用"],
            ["0101", "心内科", "临床", "住院", "是", "0"], ["0201", "检验科", "医技", "-", "1.0", "启用"],
            ["0301", "财务科", "行政后勤类", None, "停用", "停用"], ["0401", "供应室", "仙境", None, None, None],
            ["0501", "药房", "X", None, "也许", None]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert rows_of(part, "dept_code", "dept_class", "care_setting", "active", "stopped") == [
        ("0101", "clinical", "inpatient", True, False),
        ("0201", "technical", "none", True, False),
        ("0301", "admin", None, False, True),
    ]
    assert [(r["row"], r["reason"]) for r in refused_of(part)] == [(5, "choice_unknown"), (6, "flag_unknown")]
    issue = next(i for i in part.issues if i.code == "choice_unknown")
    assert "临床服务类" in issue.text("zh") and "Clinical service" in issue.text("en")


def test_defaults_fill_columns_that_are_absent_or_blank(tmp_path: Path) -> None:
    rows = [
        ["统计年月", "科室编码", "成本项目名称", "金额", "资金来源"],
        ["202503", "0101", "药品费", 1, None],
        ["202503", "0101", "药品费", 2, "财政"],
    ]
    assert rows_of(only(read(workbook(tmp_path / "a.xlsx", {"S": rows}))), "fund_source") == [
        ("own",),
        ("fiscal",),
    ]


def test_units_are_scaled_exactly_from_heading_title_or_option(tmp_path: Path) -> None:
    heading = [
        ["统计年月", "科室编码", "成本项目名称", "金额（万元）"],
        ["202503", "0101", "药品费", 1.234567],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": heading})))
    assert (part.unit, rows_of(part, "amount")) == ("10000", [(D("12345.67"),)])
    title = [["科室成本 2025年3月"], ["单位：千元"], HEAD[1:], ["0101", "药品费", "1,234.5", ""]]
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": title})))
    assert (part.unit, rows_of(part, "amount"), part.period_from) == ("1000", [(D("1234500.00"),)], "title")
    part = only(read(ledger(tmp_path / "c.xlsx", 1.5), Options(unit="亿元")))
    assert (part.unit, str(part.amount_accepted)) == ("100000000", "150000000.00")
    part = only(read(workbook(tmp_path / "d.xlsx", {"S": title}), Options(unit="万元")))
    assert (part.unit, codes(part, "warning")) == ("1000", ["unit_conflict"])


def test_parts_of_a_fen_are_rounded_so_that_the_sum_is_the_rounded_sum(tmp_path: Path) -> None:
    part = only(read(ledger(tmp_path / "a.xlsx", 0.333, 0.333, 0.334, 10, 41999.166)))
    assert [str(a) for (a,) in rows_of(part, "amount")] == ["0.33", "0.33", "0.34", "10.00", "41999.17"]
    assert (str(part.amount_read), str(part.amount_accepted), str(part.rounding)) == (
        "42010.166",
        "42010.17",
        "-0.004",
    )
    assert sum(a for (a,) in rows_of(part, "amount")) == D("42010.17") and balanced(part)
    assert next(i for i in part.issues if i.code == "sub_fen").count == 4


def test_charge_lines_take_their_month_from_the_date(tmp_path: Path) -> None:
    rows = [["收费流水号", "患者ID", "收费时间", "项目编码", "数量", "单价", "金额"], ["A1", "007", "2025-03-31 23:59:59", "I1", "2", "3.5", "7"],
            ["A2", "007", "2025/4/1", "I1", "1", "3.5", "3.50"], ["A3", "007", "昨天", "I1", "1", "3.5", "3.50"]]  # fmt: skip
    part = only(read(text_file(tmp_path / "a.csv", rows)))
    assert (part.extract, part.periods, part.period_from) == ("charge_line", [202503, 202504], "date")
    assert rows_of(part, "period", "charged_at", "patient_id", "unit_price")[0] == (
        202503,
        date(2025, 3, 31),
        "007",
        D("3.5000"),
    )
    assert [(r["row"], r["reason"]) for r in refused_of(part)] == [(4, "date_text")]


def test_workload_counts_must_be_whole_and_shares_may_be_percentages(tmp_path: Path) -> None:
    rows = [
        ["统计年月", "科室编码", "出院人次", "实际占用床日数", "床位使用率"],
        ["202503", "0101", "1,204", 31.0, "85.3%"],
        ["202503", "0102", "12.5", 4, None],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert rows_of(part, "discharges", "bed_days", "occupancy") == [(1204, 31, D("0.8530"))]
    assert [r["reason"] for r in refused_of(part)] == ["integer_fraction"]
