"""Totals are checked against the rows they cover and never counted."""

from pathlib import Path

from core.intake.reading import Options
from tests.core.intake.sheets_made import D, balanced, codes, only, read, workbook

HEAD = ["统计年月", "科室编码", "科室名称", "成本项目名称", "金额"]
P = "202503"


def rows(*extra: list[object]) -> list[list[object]]:
    return [list(HEAD), *extra]


def checks(part: object) -> list[tuple[int, str, str, str, bool, str, int]]:
    return [(c.row, c.label, str(c.stated), str(c.computed), c.ok, c.level, c.rows) for c in part.checks]  # type: ignore[attr-defined]


def test_subtotals_by_department_and_a_grand_total(tmp_path: Path) -> None:
    table = rows(
        [P, "0101", "心血管内科", "人员经费", 10], [P, "0101", "心血管内科", "药品费", 20],
        [P, "0101", "心血管内科", "小计", 30], [P, "0102", "呼吸内科", "人员经费", 1], [P, "0102", "呼吸内科", "药品费", 2],
        [None, None, "呼吸内科小计", None, 3], ["总 计", None, None, None, 33],
    )  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert checks(part) == [
        (4, "小计", "30.00", "30.00", True, "section", 2),
        (7, "呼吸内科小计", "3.00", "3.00", True, "section", 2),
        (8, "总 计", "33.00", "33.00", True, "table", 4),
    ]
    assert (part.rows_read, str(part.amount_read), str(part.control_total), part.status) == (
        4,
        "33.00",
        "33.00",
        "ready",
    )
    assert next(i for i in part.issues if i.code == "total_rows").count == 3


def test_totals_of_three_levels_find_the_rows_they_cover(tmp_path: Path) -> None:
    table = rows(
        [P, "0101", "心血管内科", "人员经费", 1], [P, "0102", "呼吸内科", "人员经费", 2], [None, None, "内科小计", None, 3],
        [P, "0103", "普外科", "人员经费", 4], [None, None, "外科小计", None, 4], [None, None, "临床科室合计", None, 7],
        [P, "0201", "检验科", "人员经费", 8], [None, None, "医技科室合计", None, 8], [None, None, "全院合计", None, 15],
    )  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert [(row, computed, ok) for row, _, _, computed, ok, _, _ in checks(part)] == [
        (4, "3.00", True), (6, "4.00", True), (7, "7.00", True), (9, "8.00", True), (10, "15.00", True),
    ]  # fmt: skip
    assert str(part.control_total) == "15.00"


def test_a_total_above_its_rows(tmp_path: Path) -> None:
    table = rows(
        ["合计", None, None, None, 3],
        [P, "0101", "心血管内科", "人员经费", 1],
        [P, "0102", "呼吸内科", "人员经费", 2],
    )
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert checks(part) == [(2, "合计", "3.00", "3.00", True, "table", 2)]


def test_a_page_total_and_a_running_total(tmp_path: Path) -> None:
    table = rows([P, "0101", "心血管内科", "人员经费", 1], ["本页合计", None, None, None, 1], [P, "0102", "呼吸内科", "人员经费", 2],
                 ["本页合计", None, None, None, 2], ["累计", None, None, None, 3])  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert [ok for *_, ok, _, _ in checks(part)] == [True, True, True]


def test_a_total_row_without_a_word_is_known_by_its_position_and_sum(tmp_path: Path) -> None:
    table = rows(
        [P, "0101", "心血管内科", "人员经费", 1.5],
        [P, "0102", "呼吸内科", "人员经费", 2],
        [None, None, None, None, 3.5],
    )
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert (part.rows_read, part.rows_refused, str(part.amount_accepted)) == (2, 0, "3.50")
    assert checks(part) == [(4, "", "3.50", "3.50", True, "table", 2)]
    table[3][4] = 99
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": table})))
    assert (part.rows_refused, str(part.amount_refused)) == (
        1,
        "99.00",
    )  # no sum, no words: not silently a total


def test_a_grand_total_that_does_not_add_up_waits_for_a_person(tmp_path: Path) -> None:
    table = rows(
        [P, "0101", "心血管内科", "人员经费", 10],
        [P, "0102", "呼吸内科", "人员经费", 20],
        ["合计", None, None, None, 31],
    )
    path = workbook(tmp_path / "a.xlsx", {"S": table})
    reading = read(path)
    part = only(reading)
    assert (reading.status, str(part.control_total), str(part.amount_read)) == (
        "needs_decision",
        "31.00",
        "30.00",
    )
    issue = next(i for i in part.issues if i.code == "total_mismatch")
    assert (issue.row, issue.col, issue.params["difference"]) == (4, "E", "1.00")
    assert "相差 1.00" in issue.text("zh")
    assert read(path, Options(plan={"S": {"accept_totals": True}})).status == "ready"


def test_a_difference_that_refused_rows_account_for_does_not_wait(tmp_path: Path) -> None:
    table = rows(
        [P, "0101", "心血管内科", "人员经费", 10],
        [P, "0102", "呼吸内科", "人员经费", "二十"],
        ["合计", None, None, None, 30],
    )
    reading = read(workbook(tmp_path / "a.xlsx", {"S": table}))
    assert (reading.status, "total_refused" in codes(reading)) == ("ready", True)
    readable = rows(
        [P, "0101", "心血管内科", "人员经费", 10],
        ["春天", "0102", "呼吸内科", "人员经费", 20],
        ["合计", None, None, None, 30],
    )
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": readable})))
    assert (part.checks[0].ok, str(part.amount_accepted), str(part.amount_refused), str(part.control_total)) == (
        True, "10.00", "20.00", "30.00",
    )  # fmt: skip
    assert balanced(part)


def test_a_wrong_subtotal_is_told_and_does_not_wait(tmp_path: Path) -> None:
    table = rows([P, "0101", "心血管内科", "人员经费", 10], [P, "0101", "心血管内科", "药品费", 10], [None, "小计", None, None, 25],
                 [P, "0102", "呼吸内科", "人员经费", 5], ["合计", None, None, None, 25])  # fmt: skip
    reading = read(workbook(tmp_path / "a.xlsx", {"S": table}))
    part = only(reading)
    assert [(c.row, c.ok) for c in part.checks] == [(4, False), (6, True)]
    assert (reading.status, codes(part, "warning")) == ("ready", ["total_mismatch"])


def test_a_total_in_wan_yuan_hides_no_yuan_however_few_digits_it_shows(tmp_path: Path) -> None:
    def stated(name: str, first: str, second: str, total: str) -> tuple[str, str, bool, str]:
        table = [["2025年3月 单位：万元"], HEAD[1:], ["0101", "心血管内科", "人员经费", first], ["0102", "呼吸内科", "人员经费", second],
                 ["合计", None, None, total]]  # fmt: skip
        part = only(read(workbook(tmp_path / f"{name}.xlsx", {"S": table})))
        (check,) = part.checks
        return str(check.stated), str(check.computed), check.ok, part.status

    # whole wan: 4 000 yuan apart; a digit less than the rows: 1 yuan; a spreadsheet drops the zeros of 1234.60
    assert stated("a", "617.3", "617.3", "1235") == ("12350000.00", "12346000.00", False, "needs_decision")
    assert stated("b", "1.2345", "2.3456", "3.58") == ("35800.00", "35801.00", False, "needs_decision")
    assert stated("c", "617.32", "617.28", "1234.6") == ("12346000.00", "12346000.00", True, "ready")
    # thirds of 10 000 yuan have more digits than a sum of them: the same fen is the same amount
    assert stated("d", "0.333333333333333", "0.666666666666666", "1")[2:] == (True, "ready")


def test_a_column_of_sums_in_wan_yuan_hides_no_yuan_either(tmp_path: Path) -> None:
    table = [["2025年支出　单位：万元"], ["科室", "成本项目", "1月", "2月", "合计"], ["内科", "药品费", "1.234567", "2", "3.23"],
             ["外科", "药品费", "1.234567", "2", "3.234567"]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert [(c.row, str(c.stated), str(c.computed), c.ok) for c in part.checks] == [
        (0, "64645.67", "64691.34", False), (3, "32300.00", "32345.67", False),
    ]  # fmt: skip
    assert next(i for i in part.issues if i.code == "total_mismatch").params["difference"] == "-45.67"


def test_totals_of_quantities_are_checked_and_shares_are_not_summed(tmp_path: Path) -> None:
    table = [["统计年月", "科室名称", "出院人次", "实际占用床日数", "床位使用率"], [P, "心血管内科", 10, 100, "80%"],
             [P, "呼吸内科", 20, 200, "90%"], ["合计", None, 30, 301, "85%"]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert sorted((c.column, str(c.stated), c.ok) for c in part.checks) == [
        ("bed_days", "301.00", False),
        ("discharges", "30.00", True),
    ]


def test_a_department_whose_name_ends_like_a_total_is_a_department(tmp_path: Path) -> None:
    table = rows([P, "0301", "会计科", "人员经费", 10], [P, "0302", "统计室", "人员经费", 20])
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": table})))
    assert (part.rows_accepted, part.control_total, D("30.00")) == (2, None, part.amount_accepted)


def test_the_word_for_a_total_in_a_code_column_is_a_name_and_in_a_voucher_column_a_total(
    tmp_path: Path,
) -> None:
    named = [
        ["统计年月", "受益科室编码", "分摊参数编码", "统计值"],
        [P, "0401", "total", 5],
        [P, "0402", "total", 7],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"分摊参数": named})))
    assert (part.extract, part.rows_accepted, part.checks) == ("alloc_param", 2, [])
    ledger = [["统计年月", "科室名称", "成本项目", "金额", "凭证号"], [P, "骨科", "电费", 5, "记-1"],
              [P, "骨科", "水费", 7, "合计"], [None, None, None, 12, "合计"]]  # fmt: skip
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": ledger})))
    assert (part.rows_accepted, part.rows_refused, str(part.control_total)) == (2, 0, "12.00")


def test_notes_under_a_dictionary_are_notes(tmp_path: Path) -> None:
    table = [["科室类别", "科室编码", "科室名称"], ["临床服务类", "0401", "骨科"], ["临床服务类", "0402", "肿瘤科"],
             ["注：编码为文本，新增科室须经审批。"], ["维护人：周婷　审核人：王建国"]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"科室字典": table})))
    assert (part.extract, part.rows_read, part.rows_refused) == ("dept", 2, 0)
