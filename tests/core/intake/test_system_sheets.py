"""Sheets as HIS, LIS, RIS, personnel and ledger systems print them are told apart by their headings and read as meant."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.intake import bulk
from tests.core.intake.sheets_made import D, codes, only, read, refused_of, rows_of, text_file, workbook

VISITS = [
    "挂号流水号",
    "患者ID",
    "就诊科室",
    "接诊医生",
    "是否预约",
    "签到时间",
    "接诊时间",
    "离院时间",
    "费用合计",
]
ORDERS = [
    "医嘱号",
    "住院号",
    "病区",
    "开嘱医生",
    "医嘱类型",
    "医嘱名称",
    "抗菌药物级别",
    "开嘱时间",
    "执行时间",
    "执行护士",
]
EXAMS = [
    "检查号",
    "病人ID",
    "申请科室",
    "执行科室",
    "检查类型",
    "检查项目",
    "检查设备",
    "检查时间",
    "报告时间",
    "阳性标志",
]
TESTS = ["条码号", "患者ID", "送检科室", "检验科室", "检验项目", "标本接收时间", "检验时间", "审核时间"]
SHEETS: dict[str, tuple[str, list[list[Any]], dict[str, Any]]] = {
    "visit": (
        "门诊.xlsx",
        [VISITS, ["G1", "P1", "胸外科门诊", "D01", "是", "2025/3/3 8:05", "2025/3/3 8:45", "2025/3/3 9:35", "126.50"]],
        {"visit_id": "G1", "booked": True, "arrived_at": datetime(2025, 3, 3, 8, 5), "seen_at": datetime(2025, 3, 3, 8, 45),
         "left_at": datetime(2025, 3, 3, 9, 35), "amount": D("126.50"), "doctor_code": "D01"},
    ),
    "employee": (
        "2025年3月职工花名册.xlsx",
        [["职工花名册（2025年3月）"], ["工号", "姓名", "所在科室", "人员类别", "职称", "学历", "护士层级", "入职日期"],
         ["0012", "张三", "胸外科病区", "护理", "主管护师", "本科", "N3", "2011-07-01"]],
        {"emp_code": "0012", "category": "护理", "title": "主管护师", "degree": "本科", "nurse_level": "N3", "hired_on": date(2011, 7, 1)},
    ),
    "order": (
        "医嘱.csv",
        [ORDERS, ["Y1", "Z1", "胸外科病区", "D01", "临时", "头孢呋辛", "限制级", "2025-03-03 08:00:00", "2025-03-03 08:40:00", "N7"]],
        {"order_id": "Y1", "patient_id": "Z1", "term": "临时", "antibiotic": "限制级", "executed_at": datetime(2025, 3, 3, 8, 40)},
    ),
    "lab_exam": (
        "检查.xlsx",
        [EXAMS, ["J1", "P1", "胸外科门诊", "CT室", "CT", "胸部平扫", "64排CT", "2025-03-03 10:00", "2025-03-03 15:30", "阳性"]],
        {"exam_id": "J1", "order_name": "胸外科门诊", "exec_name": "CT室", "device": "64排CT", "result": "阳性",
         "done_at": datetime(2025, 3, 3, 10), "reported_at": datetime(2025, 3, 3, 15, 30)},
    ),
    "price": (
        "价目.xlsx",
        [["医疗服务价目表"], ["收费编码", "项目名称", "计价单位", "单价", "最高限价", "日限", "性别限制", "是否单独收费"],
         ["110200001", "普通门诊诊察费", "次", 20, 20, 1, None, "是"]],
        {"charge_code": "110200001", "price": D("20"), "ceiling": D("20"), "day_limit": D("1"), "separate": True},
    ),
    "train": (
        "培训.xlsx",
        [["培训签到汇总"], ["工号", "姓名", "所在科室", "课程名称", "培训日期", "学时"], ["0012", "张三", "胸外科病区", "成本管控专题", "2025-03-12", 2]],
        {"emp_code": "0012", "course": "成本管控专题", "held_on": date(2025, 3, 12), "hours": D("2")},
    ),
    "balance": (
        "2025年3月科目余额表.xlsx",
        [["科目余额表"], ["科目编码", "科目名称", "方向", "期初余额", "本期借方", "本期贷方", "方向", "期末余额"],
         ["1302", "库存物品", "借", 900, 500, 400, "借", 1000]],
        {"account_code": "1302", "direction": "debit", "opening": D("900"), "debit": D("500"), "credit": D("400"), "closing": D("1000")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("extract", SHEETS)
def test_their_sheets_are_recognised(tmp_path: Path, extract: str) -> None:
    file, rows, meant = SHEETS[extract]
    path = tmp_path / file
    part = only(read(text_file(path, rows) if file.endswith("csv") else workbook(path, {"S": rows})))
    wanted = (extract, "ready", 1, [0] if extract == "price" else [202503])
    assert (part.extract, part.status, part.rows_accepted, part.periods) == wanted, codes(part)
    assert rows_of(part, *meant) == [tuple(meant.values())]


def test_a_laboratory_list_without_kinds_is_one_of_tests(tmp_path: Path) -> None:
    line = [
        "T1",
        "P1",
        "胸外科病区",
        "检验科",
        "血常规",
        "2025-03-03 08:00",
        "2025-03-03 08:50",
        "2025-03-03 09:20",
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"LIS": [TESTS, line]})))
    assert (part.extract, part.status) == ("lab_exam", "ready")
    assert rows_of(part, "received_at", "done_at") == [(datetime(2025, 3, 3, 8), datetime(2025, 3, 3, 8, 50))]


def test_wage_items_across_become_lines_and_names_are_not_kept(tmp_path: Path) -> None:
    rows = [
        ["2025年3月工资明细表"],
        ["工号", "姓名", "所在科室", "职工分类", "岗位工资", "津补贴", "绩效工资", "应发合计", "代扣公积金", "个人所得税", "实发合计"],
        ["0012", "张三", "胸外科病区", "护理", 3000, 800, 4200, 8000, 600, 120, 7280],
        ["0013", "李四", "胸外科病区", "护理", 2800, 0, 3900, 6700, 560, None, 6140],
    ]  # fmt: skip
    part = only(read(workbook(tmp_path / "工资.xlsx", {"S": rows})))
    assert (part.extract, part.status, part.rows_accepted) == ("payroll", "ready", 8), codes(part)
    assert part.amount_accepted == D("15980")  # every line, withheld ones too
    assert rows_of(part, "emp_code", "wage_item", "amount", "gross")[:3] == [
        ("0012", "basic", D("3000"), D("8000")), ("0012", "allowance", D("800"), D("8000")),
        ("0012", "performance", D("4200"), D("8000")),
    ]  # fmt: skip
    assert not any(
        "张三" in str(value) for row in rows_of(part, "emp_code", "category", "wage_name") for value in row
    )


def test_a_long_payroll_keeps_items_nobody_listed(tmp_path: Path) -> None:
    rows = [["工资年月", "职工编码", "科室名称", "工资项目", "金额"], ["202503", "0012", "胸外科病区", "高温补贴", 300],
            ["202503", "0012", "胸外科病区", "绩效工资", 4200]]  # fmt: skip
    part = only(read(workbook(tmp_path / "工资明细.xlsx", {"S": rows})))
    assert (part.extract, part.status) == ("payroll", "ready"), codes(part)
    assert rows_of(part, "wage_name", "amount") == [("高温补贴", D("300")), ("绩效工资", D("4200"))]


def test_balances_on_two_sides_under_two_lines_of_headings(tmp_path: Path) -> None:
    rows = [["2025年3月科目余额表"], ["科目编码", "科目名称", "期初余额", None, "本期发生额", None, "期末余额", None],
            [None, None, "借方", "贷方", "借方", "贷方", "借方", "贷方"],
            ["1002", "银行存款", 700, None, 500, 400, 800, None], ["2302", "应付账款", None, 300, 50, 150, None, 400],
            ["合计", None, 700, 300, 550, 550, 800, 400]]  # fmt: skip
    merged = {"S": ["C2:D2", "E2:F2", "G2:H2", "A2:A3", "B2:B3"]}
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, merged)))
    assert (part.extract, part.status, part.rows_accepted) == ("balance", "ready", 2), codes(part)
    assert rows_of(part, "account_code", "opening_credit", "debit", "credit", "closing_debit", "closing_credit") == [
        ("1002", None, D("500"), D("400"), D("800"), None), ("2302", D("300"), D("50"), D("150"), None, D("400")),
    ]  # fmt: skip


@pytest.mark.parametrize("clock", ["2025-03-{:02} {:02}:{:02}:07", "2025/3/{} {}:{:02}"])
def test_moments_take_the_straight_way_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    lines = [[f"G{n}", f"P{n % 7}", "胸外科门诊", "D01", "否", clock.format(n % 28 + 1, 8, n % 60), clock.format(n % 28 + 1, 9, n % 60),
              clock.format(n % 28 + 1, 10, 0), f"{n}.5"] for n in range(300)]  # fmt: skip
    lines[7][5] = "昨天"
    lines[9][6] = "2025/2/30 8:00"
    path = text_file(tmp_path / "visits.csv", [VISITS, *lines])
    careful = only(read(path))
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    straight = only(read(path))
    columns = ("visit_id", "arrived_at", "seen_at", "left_at", "amount", "period", "_row")
    assert rows_of(careful, *columns) == rows_of(straight, *columns)
    assert careful.rows_accepted == straight.rows_accepted == 298
    places = [
        [(cell["row"], cell["column"], cell["value"]) for cell in refused_of(part)]
        for part in (careful, straight)
    ]
    assert places[0] == places[1] and {value for *_, value in places[0]} == {"昨天", "2025/2/30 8:00"}


def test_lines_that_are_all_plain_leave_nothing_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = [
        "Z1",
        "胸外科病区",
        "D01",
        "临时",
        "头孢呋辛",
        "限制级",
        "2025-03-03 08:00:00",
        "2025-03-03 08:40:00",
        "N7",
    ]
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    part = only(read(text_file(tmp_path / "orders.csv", [ORDERS, *([f"Y{n}", *line] for n in range(50))])))
    assert (part.extract, part.status, part.rows_accepted, part.rows_refused) == ("order", "ready", 50, 0)
    assert rows_of(part, "executed_at")[0] == (datetime(2025, 3, 3, 8, 40),)


def test_a_signature_below_a_list_without_amounts_is_no_line_of_it(tmp_path: Path) -> None:
    file, rows, _ = SHEETS["employee"]
    part = only(read(workbook(tmp_path / file, {"S": [*rows, ["制表：人力资源部 陈洁"]]})))
    assert (part.status, part.rows_accepted, part.rows_refused) == ("ready", 1, 0)
