"""Tables are found whatever stands around them: titles, blank rows, footers, several tables, several header rows."""

from pathlib import Path

from core.intake.reading import Memory
from tests.core.intake.sheets_made import DEPTS, D, balanced, codes, only, read, rows_of, text_file, workbook

HEAD = ["科室编码", "科室名称", "成本项目名称", "金额"]


def test_titles_blank_rows_and_footers_are_not_data(tmp_path: Path) -> None:
    rows = [
        ["XX肿瘤医院科室成本明细表"],
        ["会计期间：2025年3月", None, None, "单位：元"],
        [],
        HEAD,
        ["0101", "心血管内科", "人员经费", 1200.5],
        [],
        ["0102", "呼吸内科", "药品费", 300],
        ["合计", None, None, 1500.5],
        [],
        ["制表人：张三", None, "审核：李四"],
        ["注：本表不含财政项目"],
        ["打印时间：2025-04-02"],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    part = only(reading)
    assert (reading.status, part.extract, part.periods) == ("ready", "ledger_cost", [202503])
    assert (part.rows_read, part.amount_accepted, part.control_total) == (2, D("1500.50"), D("1500.50"))
    assert rows_of(part, "dept_code", "item_name", "amount", "_sheet", "_row", "_col") == [
        ("0101", "人员经费", D("1200.50"), "Sheet1", 5, ""),
        ("0102", "药品费", D("300.00"), "Sheet1", 7, ""),
    ]
    assert balanced(part) and codes(part, "refused", "warning") == []
    assert codes(part).count("footer_skipped") == 3


def test_months_on_sheets_take_their_month_from_the_sheet_name_and_the_year_from_the_file(
    tmp_path: Path,
) -> None:
    sheets = {f"{m}月": [HEAD, ["0101", "心血管内科", "人员经费", 100 + m]] for m in (1, 2, 12)}
    reading = read(workbook(tmp_path / "2025年科室成本.xlsx", sheets))
    assert [part.periods for part in reading.parts] == [[202501], [202502], [202512]]
    assert [part.period_from for part in reading.parts] == ["sheet"] * 3
    assert [part.amount_accepted for part in reading.parts] == [D("101.00"), D("102.00"), D("112.00")]


def test_two_tables_on_one_sheet_each_with_its_own_month_and_headings(tmp_path: Path) -> None:
    rows = [
        ["2025年1月科室成本"],
        HEAD,
        ["0101", "心血管内科", "人员经费", 10],
        ["合计", None, None, 10],
        [],
        ["2025年2月科室成本"],
        HEAD,
        ["0101", "心血管内科", "人员经费", 20],
        [],
        ["门诊工作量 2025年2月"],
        ["科室编码", "科室名称", "门急诊人次"],
        ["0101", "心血管内科", 345],
    ]
    parts = read(workbook(tmp_path / "a.xlsx", {"S": rows})).parts
    assert [(p.key, p.extract, p.periods, str(p.amount_accepted)) for p in parts] == [
        ("S", "ledger_cost", [202501], "10.00"),
        ("S#2", "ledger_cost", [202502], "20.00"),
        ("S#3", "workload_op", [202502], "345.00"),
    ]
    assert rows_of(parts[2], "dept_code", "visits", "_row") == [("0101", 345, 12)]


def test_headings_repeated_at_page_breaks_are_skipped_with_their_titles(tmp_path: Path) -> None:
    title = ["科室成本明细 2025年3月"]
    rows = [title, HEAD, ["0101", "心血管内科", "人员经费", 1], ["第1页"], [], title, HEAD,
            ["0102", "呼吸内科", "人员经费", 2], ["第2页"]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert rows_of(part, "dept_code", "_row") == [("0101", 3), ("0102", 8)]
    assert (part.rows_read, part.rows_refused, codes(part).count("header_repeated")) == (2, 0, 1)


def test_merged_headings_of_two_levels_are_joined(tmp_path: Path) -> None:
    rows = [
        ["期间", "开单科室", None, "执行科室", None, "患者类别", "收费类别", "金额"],
        [None, "编码", "名称", "编码", "名称", None, None, "（元）"],
        ["2025-03", "0101", "心血管内科", "0201", "检验科", "住院", "检验费", 88.8],
    ]
    merged = {"S": ["A1:A2", "B1:C1", "D1:E1", "F1:F2", "G1:G2"]}
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, merged)))
    assert [m.heading for m in part.columns] == [
        "期间", "开单科室/编码", "开单科室/名称", "执行科室/编码", "执行科室/名称", "患者类别", "收费类别", "金额/(元)",
    ] or [m.heading for m in part.columns][-1] == "金额/（元）"  # fmt: skip
    assert (part.extract, part.status) == ("income", "ready")
    assert rows_of(part, "order_code", "exec_name", "patient_type", "charge_class", "amount") == [
        ("0101", "检验科", "inpatient", "laboratory", D("88.80"))
    ]


def test_two_level_headings_of_a_text_file_have_no_merges_to_go_by(tmp_path: Path) -> None:
    rows = [
        ["期间", "开单科室", "", "执行科室", "", "收费类别", "金额"],
        ["", "编码", "名称", "编码", "名称", "", ""],
        ["2025-03", "0101", "心血管内科", "0201", "检验科", "检验费", "88.8"],
    ]
    part = only(read(text_file(tmp_path / "a.csv", rows)))
    assert (part.extract, part.rows_accepted) == ("income", 1)
    assert rows_of(part, "order_code", "exec_code", "amount") == [("0101", "0201", D("88.80"))]


def test_merged_department_cells_are_filled_and_merged_amounts_are_not(tmp_path: Path) -> None:
    rows = [
        ["统计年月", *HEAD],
        ["202503", "0101", "心血管内科", "人员经费", 10],
        [None, None, None, "药品费", 20],
        [None, None, None, "卫生材料费", 30],
        ["202503", "0102", "呼吸内科", "人员经费", 40],
    ]
    merged = {"S": ["A2:A4", "B2:B4", "C2:C4"]}
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, merged)))
    assert rows_of(part, "period", "dept_code", "item_name", "amount") == [
        (202503, "0101", "人员经费", D("10.00")),
        (202503, "0101", "药品费", D("20.00")),
        (202503, "0101", "卫生材料费", D("30.00")),
        (202503, "0102", "人员经费", D("40.00")),
    ]
    assert codes(part).count("filled_merged") == 3
    rows[1][4], rows[2][4] = 30, None
    part = only(
        read(workbook(tmp_path / "b.xlsx", {"S": rows[:3]}, {"S": ["A2:A3", "B2:B3", "C2:C3", "E2:E3"]}))
    )
    assert (part.amount_accepted, part.rows_refused, codes(part, "refused")) == (
        D("30.00"),
        1,
        ["required_blank"],
    )


def test_departments_printed_once_per_block_are_filled_down_and_said(tmp_path: Path) -> None:
    rows = [HEAD, ["0101", "心血管内科", "人员经费", 1], [None, None, "药品费", 2], ["", "", "折旧费", 3],
            ["0102", "呼吸内科", "人员经费", 4], [None, None, "药品费", 5]]  # fmt: skip
    part = only(read(workbook(tmp_path / "科室成本2025年3月.xlsx", {"S": rows})))
    assert [code for (code,) in rows_of(part, "dept_code")] == ["0101", "0101", "0101", "0102", "0102"]
    (issue,) = [i for i in part.issues if i.code == "filled_blank"]
    assert (issue.count, issue.col) == (3, "A")


def test_a_single_missing_department_is_refused_not_filled(tmp_path: Path) -> None:
    rows = [
        HEAD,
        *[[f"01{i:02}", f"科室{i}", "人员经费", i] for i in range(1, 20)],
        [None, None, "人员经费", 99],
    ]
    part = only(read(workbook(tmp_path / "科室成本2025年3月.xlsx", {"S": rows})))
    assert (part.rows_read, part.rows_refused, part.amount_refused) == (20, 1, D("99.00"))
    issue = next(i for i in part.issues if i.severity == "refused")
    assert (issue.code, issue.row, issue.column, issue.params["label"]) == (
        "required_blank",
        21,
        "dept_code",
        "科室编码",
    )


def test_hidden_rows_columns_and_sheets_are_read_and_said(tmp_path: Path) -> None:
    rows = [HEAD, ["0101", "心血管内科", "人员经费", 1], ["0102", "呼吸内科", "人员经费", 2]]
    path = workbook(tmp_path / "2025-03.xlsx", {"S": rows}, hidden_rows={"S": [2]}, hidden_cols={"S": [3]})
    part = only(read(path))
    assert part.amount_accepted == D("3.00")
    assert {"hidden_rows", "hidden_cols"} <= set(codes(part))


def test_a_sheet_of_text_is_no_table_and_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "2025-03.xlsx", {"说明": [["填表说明"], ["一、按月填报"]],
                                                "S": [HEAD, ["0101", "心血管内科", "人员经费", 1]]})  # fmt: skip
    reading = read(path)
    assert (reading.status, len(reading.parts), codes(reading, "warning")) == ("ready", 1, [])
    assert [(i.code, i.sheet) for i in reading.issues] == [("table_none", "说明")]


def test_only_text_is_refused(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path / "a.xlsx", {"S": [["没有表格"], ["只有文字"]]}))
    assert (reading.status, codes(reading, "refused")) == ("refused", ["nothing_found"])


def test_a_dictionary_in_the_same_workbook_serves_the_other_sheets(tmp_path: Path) -> None:
    depts = [["科室编码", "科室名称", "科室类别"], ["0101", "心血管内科", "临床"], ["0201", "检验科", "医技"]]
    ledger = [["统计年月", "科室编码", "成本项目名称", "金额"], ["202503", "101", "人员经费", 5]]
    reading = read(workbook(tmp_path / "a.xlsx", {"成本": ledger, "科室字典": depts}))
    part = reading.parts[0]
    assert [p.extract for p in reading.parts] == ["ledger_cost", "dept"]
    assert [(d.raw_code, d.dept_code, d.how) for d in part.departments] == [("101", "0101", "repaired")]
    assert rows_of(part, "dept_code") == [("101",)]  # the row keeps what the file says


def test_memory_of_departments_reaches_the_report(tmp_path: Path) -> None:
    rows = [HEAD, ["0101", "心血管内科", "人员经费", 1], ["", "心内科", "药品费", 2], ["", "检验课", "药品费", 3],
            ["9999", "宇航科", "药品费", 4], ["0301", "检验科", "药品费", 5]]  # fmt: skip
    part = only(read(workbook(tmp_path / "2025-03.xlsx", {"S": rows}), memory=Memory(departments=DEPTS)))
    assert [(d.raw_code, d.raw_name, d.dept_code, d.how, str(d.amount)) for d in part.departments] == [
        ("0101", "心血管内科", "0101", "code", "1.00"),
        ("", "心内科", "0101", "name", "2.00"),
        ("", "检验课", "0201", "proposed", "3.00"),
        ("9999", "宇航科", None, "unknown", "4.00"),
        ("0301", "检验科", "0301", "code", "5.00"),
    ]
    assert codes(part, "warning") == ["dept_proposed", "dept_unknown", "dept_disagrees"]
