"""Control rules: budgets that can be read and cannot be right are refused with their place."""

from pathlib import Path
from typing import Any

import pytest

from core.intake.reading import Memory, Options
from tests.core.intake.sheets_made import D, balanced, codes, only, read, refused_of, rows_of, workbook

HEAD = ["部门编码", "部门名称", "科目名称", *[f"{m}月" for m in range(1, 13)], "合计"]
KNOWN = Memory(departments=[["0101", "心血管内科", "clinical", ""], ["0102", "呼吸内科", "clinical", ""]])


def budget(tmp_path: Path, rows: list[list[Any]], head: list[str] = HEAD, memory: Memory = KNOWN) -> Any:
    path = workbook(tmp_path / "a.xlsx", {"S": [["2025年度科室预算"], head, *rows]})
    return only(read(path, memory=memory))


def places(part: Any, code: str) -> list[tuple[int | None, str, int]]:
    return [(issue.row, issue.col, issue.count) for issue in part.issues if issue.code == code]


def test_months_that_do_not_add_up_to_the_year_are_refused_with_their_row(tmp_path: Path) -> None:
    part = budget(
        tmp_path,
        [
            ["0101", "心血管内科", "药品费", *[100] * 12, 1200],
            ["0102", "呼吸内科", "药品费", *[100] * 12, 1300],
            ["合计", "", "", *[200] * 12, 2500],
        ],
    )
    assert (part.rows_accepted, part.rows_refused, part.amount_accepted) == (12, 12, D("1200.00"))
    assert places(part, "year_differs") == [(4, "", 12)]
    assert {r["row"] for r in refused_of(part)} == {4} and balanced(part)
    assert part.amount_refused == D("1200.00")


def test_a_line_for_the_year_beside_its_months(tmp_path: Path) -> None:
    head = ["统计年月", "部门编码", "科目名称", "预算金额"]
    months = [[f"2025{m:02}", "0101", "药品费", 10] for m in range(1, 13)]
    wrong = budget(
        tmp_path, [*months, ["2025", "0101", "药品费", 130], ["202501", "0102", "药品费", 7]], head
    )
    assert (wrong.rows_accepted, wrong.rows_refused) == (1, 13)
    assert places(wrong, "year_differs")[-1] == (15, "A", 1)
    right = budget(tmp_path, [*months, ["2025", "0101", "药品费", 120]], head)
    assert (right.rows_accepted, right.rows_refused) == (13, 0)


def test_a_negative_budget_is_refused_with_its_cell(tmp_path: Path) -> None:
    row = ["0101", "心血管内科", "药品费", *[100] * 11, -5, 1095]
    part = budget(tmp_path, [row, ["0102", "呼吸内科", "药品费", *[1] * 12, 12]])
    assert places(part, "negative") == [(3, "O", 1)]
    assert (part.rows_accepted, part.amount_refused) == (23, D("-5.00"))
    issue = next(i for i in part.issues if i.code == "negative")
    assert "预算金额" in issue.what("zh") and "-5" in issue.what("en")


@pytest.mark.parametrize("memory", [KNOWN, Memory()])
def test_a_budget_for_an_unknown_department(tmp_path: Path, memory: Memory) -> None:
    rows = [
        ["0101", "心血管内科", "药品费", *[1] * 12, 12],
        ["0999", "星际医学中心", "药品费", *[2] * 12, 24],
    ]
    part = budget(tmp_path, rows, memory=memory)
    if memory is KNOWN:
        assert places(part, "budget_department") == [(4, "B", 12)] and part.rows_accepted == 12
    else:  # without a dictionary nobody can tell
        assert "budget_department" not in codes(part) and part.rows_accepted == 24


def test_the_rules_hold_for_budgets_only(tmp_path: Path) -> None:
    rows = [
        ["2025年科室支出"],
        ["科室", "成本项目", "1月", "2月", "合计"],
        ["星际医学中心", "药品费", -1, 2, 9],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}), memory=KNOWN))
    assert (part.extract, part.rows_refused) == ("ledger_cost", 0)


def test_a_contract_register_with_payments_and_a_total(tmp_path: Path) -> None:
    head = [
        "合同编号",
        "供应商",
        "合同名称",
        "使用科室",
        "预算科目",
        "合同金额",
        "签订日期",
        "付款日期",
        "付款金额",
        "凭证号",
    ]
    rows = [
        [
            "HT-2025-001",
            "甲公司",
            "信息系统维护",
            "信息科",
            "维修费",
            120000,
            "2025-01-10",
            "2025-03-05",
            30000,
            "付-1",
        ],
        [
            "HT-2025-001",
            "甲公司",
            "信息系统维护",
            "信息科",
            "维修费",
            120000,
            "2025-01-10",
            "2025/6/5",
            30000,
            "付-2",
        ],
        ["0012", "乙公司", "保洁服务", "总务科", "物业费", "¥85,000.50", "2025年2月1日", "", "", ""],
        ["合计", "", "", "", "", "", "", "", 60000, ""],
    ]
    part = only(read(workbook(tmp_path / "合同台账.xlsx", {"S": [["2025年合同及付款台账"], head, *rows]})))
    assert (part.extract, part.status, part.rows_accepted) == ("commit", "ready", 3)
    assert rows_of(part, "contract_no", "amount", "paid", "_row") == [
        ("HT-2025-001", D("120000.00"), D("30000.00"), 3),
        ("HT-2025-001", D("120000.00"), D("30000.00"), 4),
        ("0012", D("85000.50"), None, 5),
    ]
    assert [(c.row, c.ok) for c in part.checks if c.column == "paid"] == [(6, True)]


def test_a_contract_line_without_number_is_refused(tmp_path: Path) -> None:
    head = ["合同号", "乙方", "合同金额", "签订日期", "付款日期", "付款金额"]
    rows = [["HT-1", "甲", 10, "2025-01-01", "2025-02-01", 5], ["", "丙", 10, "2025-01-01", "", 4],
            ["HT-2", "乙", "", "2025-01-01", "", ""]]  # fmt: skip
    part = only(
        read(workbook(tmp_path / "a.xlsx", {"S": [["合同付款台账"], head, *rows]}), options=Options())
    )
    assert (part.rows_accepted, part.rows_refused) == (1, 2)
    assert [(r["row"], r["column"]) for r in refused_of(part)] == [(4, "contract_no"), (5, "amount")]
