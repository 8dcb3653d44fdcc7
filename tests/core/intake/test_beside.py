"""Tables side by side on one sheet are read each by itself, and one table with a blank column stays one."""

from pathlib import Path

from tests.core.intake.sheets_made import D, balanced, codes, only, read, rows_of, workbook

HEAD = ["科室编码", "科室名称", "成本项目名称", "金额"]


def test_a_list_folded_into_two_columns_is_read_from_left_to_right(tmp_path: Path) -> None:
    rows = [
        ["2025年3月科室成本（分栏）"],
        [*HEAD, None, *HEAD],
        ["0101", "心血管内科", "人员经费", 10, None, "0103", "骨科", "药品费", 30],
        ["0102", "呼吸内科", "药品费", 20, None, None, None, None, None],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert reading.status == "ready" and len(reading.parts) == 2
    left, right = reading.parts
    assert rows_of(left, "dept_code", "amount", "_row") == [("0101", D("10.00"), 3), ("0102", D("20.00"), 4)]
    assert rows_of(right, "dept_code", "amount", "_row") == [("0103", D("30.00"), 3)]
    assert [part.periods for part in reading.parts] == [[202503], [202503]]
    assert balanced(left) and balanced(right)


def test_a_folded_list_without_a_gap_is_read_too(tmp_path: Path) -> None:
    rows = [
        ["2025年3月科室成本"],
        [*HEAD, *HEAD],
        ["0101", "心血管内科", "人员经费", 10, "0103", "骨科", "药品费", 30],
        ["0102", "呼吸内科", "药品费", 20, "0104", "普外科", "药品费", 40],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert [part.amount_accepted for part in reading.parts] == [D("30.00"), D("70.00")]


def test_two_lists_of_different_kinds_beside_each_other(tmp_path: Path) -> None:
    rows = [
        ["2025年3月"],
        [*HEAD, None, "科室编码", "科室名称", "门急诊人次"],
        ["0101", "心血管内科", "人员经费", 10, None, "0101", "心血管内科", 500],
        ["合计", None, None, 10, None, "合计", None, 500],
    ]
    reading = read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert [part.extract for part in reading.parts] == ["ledger_cost", "workload_op"]
    assert reading.status == "ready" and all(part.rows_read == 1 for part in reading.parts)
    assert not [code for part in reading.parts for code in codes(part, "refused", "warning")]


def test_a_blank_column_inside_one_table_does_not_part_it(tmp_path: Path) -> None:
    rows = [
        ["2025年3月科室成本"],
        ["科室编码", "科室名称", None, "成本项目名称", "金额"],
        ["0101", "心血管内科", None, "人员经费", 10],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"Sheet1": rows})))
    assert (part.extract, part.amount_accepted) == ("ledger_cost", D("10.00"))
    grouped = [
        ["2025年3月工作量"],
        ["科室编码", "科室名称", "门急诊人次", None, "手术人次"],
        ["0101", "心血管内科", 500, None, 3],
    ]
    part = only(read(workbook(tmp_path / "b.xlsx", {"Sheet1": grouped})))
    assert (part.extract, part.rows_read) == ("workload_op", 1)
