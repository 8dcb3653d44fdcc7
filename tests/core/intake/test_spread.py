"""Wide tables turned long: months, items and classes across, with the cell each value came from."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_months_across_with_a_total_column(tmp_path: Path) -> None:
    months = [f"{m:02}月（元）" for m in range(1, 13)]
    rows = [["2025年度科室预算"], ["部门编码", "部门名称", "科目名称", *months, "合计"],
            ["0101", "心血管内科", "药品费", *range(100, 1300, 100), 7800],
            ["0102", "呼吸内科", "药品费", *[None, "-", 0], *range(1, 10), 45]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.extract, part.status, part.rows_accepted, len(part.periods)) == ("budget", "ready", 21, 12)
    assert rows_of(part, "period", "dept_code", "item_name", "amount", "_row", "_col")[:2] == [
        (202501, "0101", "药品费", D("100.00"), 3, "D"),
        (202502, "0101", "药品费", D("200.00"), 3, "E"),
    ]
    assert rows_of(part, "period", "_row", "_col")[12] == (
        202504,
        4,
        "G",
    )  # blank, dash and zero make no rows
    check = next(c for c in part.checks if c.row == 0)
    assert (check.col, check.label, check.ok, str(check.stated)) == ("P", "合计", True, "7845.00")
    assert balanced(part)
    assert next(i for i in part.issues if i.code == "spread_empty").count == 3
    spread = [m.spread for m in part.columns if m.how == "spread"]
    assert spread[0] == {"period": "202501"} and len(spread) == 12


def test_a_total_column_that_differs_names_its_row(tmp_path: Path) -> None:
    rows = [
        ["2025年科室支出"],
        ["科室", "成本项目", "1月", "2月", "合计"],
        ["内科", "药品费", 1, 2, 3],
        ["外科", "药品费", 4, 5, 10],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    wrong = [(c.row, c.col, str(c.stated), str(c.computed)) for c in part.checks if not c.ok and c.row]
    assert wrong == [(4, "E", "10.00", "9.00")]
    assert (part.status, codes(part, "warning")) == ("ready", ["total_mismatch"])


def test_cost_items_across(tmp_path: Path) -> None:
    items = [
        "人员经费",
        "卫生材料费",
        "药品费",
        "固定资产折旧费",
        "无形资产摊销费",
        "提取医疗风险基金",
        "其他运行费用",
    ]
    rows = [["2025年3月科室成本（万元）"], ["科室编码", "科室名称", *items, "合计"],
            ["0101", "心血管内科", 1, 2, 3, 4, 5, 6, 7, 28], ["合计", None, 1, 2, 3, 4, 5, 6, 7, 28]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.extract, part.periods, part.unit, part.rows_accepted) == (
        "ledger_cost",
        [202503],
        "10000",
        7,
    )
    assert rows_of(part, "item_name", "amount", "_col")[0] == ("人员经费", D("10000.00"), "C")
    assert (str(part.amount_accepted), str(part.control_total)) == ("280000.00", "280000.00")
    assert all(check.ok for check in part.checks) and len(part.checks) == 8


def test_items_of_the_hospitals_own_dictionary_lie_across_too(tmp_path: Path) -> None:
    from core.intake.reading import Memory

    rows = [["2025年3月"], ["科室编码", "电费", "水费"], ["0101", 1, 2]]
    memory = Memory(items=[["50101", "电费", "other"], ["50102", "水费", "other"]])
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}), memory=memory))
    assert rows_of(part, "item_name", "amount") == [("电费", D("1.00")), ("水费", D("2.00"))]


def test_subtotals_of_a_column_of_dashes_are_zero_and_agree(tmp_path: Path) -> None:
    rows = [["2025年3月"], ["科室编码", "科室名称", "折旧费", "摊销费"], ["0101", "财务科", 1, "-"], ["", "行政小计", 1, 0],
            ["0201", "供应室", 2, "-"], ["", "医辅小计", 2, 0], ["0301", "检验科", 3, 9], ["", "医技小计", 3, 9], ["", "合计", 6, 9]]  # fmt: skip
    part = only(read(workbook(tmp_path / "成本.xlsx", {"S": rows})))
    assert [check.ok for check in part.checks] == [True] * 8
    assert str(part.control_total) == "15.00"


def test_charge_classes_across(tmp_path: Path) -> None:
    rows = [
        ["2025年3月医疗收入"],
        ["开单科室", "患者类别", "药品收入", "检查收入", "合计"],
        ["心血管内科", "门诊", 10, 20, 30],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert part.extract == "income"
    assert rows_of(part, "charge_class", "amount", "patient_type") == [
        ("drugs", D("10.00"), "outpatient"),
        ("examination", D("20.00"), "outpatient"),
    ]


def test_months_over_items_two_levels(tmp_path: Path) -> None:
    rows = [["科室支出 2025年"], ["科室", "1月", None, None, "2月", None, None, "合计"],
            [None, "人员经费", "药品费", "小计", "人员经费", "药品费", "小计", None],
            ["心血管内科", 1, 2, 3, 4, 5, 9, 12], ["呼吸内科", 10, 20, 30, 40, 50, 90, 120],
            ["合计", 11, 22, 33, 44, 55, 99, 132]]  # fmt: skip
    merged = {"S": ["A2:A3", "B2:D2", "E2:G2", "H2:H3"]}
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, merged)))
    assert (part.status, part.rows_accepted, str(part.amount_accepted)) == ("ready", 8, "132.00")
    assert rows_of(part, "period", "item_name", "amount", "_col")[:4] == [
        (202501, "人员经费", D("1.00"), "B"),
        (202501, "药品费", D("2.00"), "C"),
        (202502, "人员经费", D("4.00"), "E"),
        (202502, "药品费", D("5.00"), "F"),
    ]
    assert str(part.control_total) == "132.00" and all(check.ok for check in part.checks)


def test_several_measures_of_one_month_make_one_row(tmp_path: Path) -> None:
    rows = [["住院工作量 2025年"], ["科室", "1月", None, "2月", None], [None, "出院人次", "占用床日", "出院人次", "占用床日"],
            ["心血管内科", 10, 100, 20, 200]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, {"S": ["A2:A3", "B2:C2", "D2:E2"]})))
    assert rows_of(part, "period", "discharges", "bed_days", "_col") == [
        (202501, 10, 100, "B"),
        (202502, 20, 200, "D"),
    ]


def test_bare_month_numbers_and_dates_as_headings(tmp_path: Path) -> None:
    rows = [["2025年支出"], ["科室", "成本项目", "1", "2", "3"], ["内科", "药品费", 5, 6, 7]]
    assert only(read(workbook(tmp_path / "a.xlsx", {"S": rows}))).periods == [202501, 202502, 202503]
    rows = [["科室", "成本项目", "2025-01", "2025-02"], ["内科", "药品费", 5, 6]]
    assert only(read(text_file(tmp_path / "支出.csv", rows))).periods == [202501, 202502]


def test_months_without_a_year_wait_for_one(tmp_path: Path) -> None:
    rows = [["科室", "成本项目", "1月", "2月"], ["内科", "药品费", 5, 6]]
    path = workbook(tmp_path / "支出.xlsx", {"S": rows})
    reading = read(path)
    assert (reading.status, "period_no_year" in codes(reading)) == ("needs_decision", True)
    assert only(read(path, Options(period=202501))).periods == [202501, 202502]


def test_a_bad_cell_of_a_wide_table_costs_only_itself(tmp_path: Path) -> None:
    rows = [
        ["2025年支出"],
        ["科室", "成本项目", "1月", "2月", "3月"],
        ["内科", "药品费", 5, "待定", 7],
        [None, "药品费", 1, 2, None],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.rows_read, part.rows_accepted, part.rows_refused, str(part.amount_refused)) == (
        5,
        2,
        3,
        "3.00",
    )
    assert [(r["row"], r["col"], r["reason"], r["period"]) for r in refused_of(part)] == [
        (3, "D", "amount_text", 202502), (4, "A", "required_blank", 202501), (4, "A", "required_blank", 202502),
    ]  # fmt: skip
    assert codes(part, "refused") == ["amount_text", "required_blank"] and balanced(part)


ITEMS = ["人员经费", "药品费", "卫生材料费"]
CELL = st.one_of(st.none(), st.integers(-(10**9), 10**9))


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 4), st.sampled_from(ITEMS)),
        st.lists(CELL, min_size=3, max_size=3),
        min_size=1,
    )
)
def test_a_table_written_wide_and_long_gives_the_same_rows(
    cells: dict[tuple[int, str], list[int | None]],
) -> None:
    folder = Path(tempfile.mkdtemp())
    text = lambda fen: "" if fen is None else f"{fen / 100:,.2f}"  # noqa: E731
    wide = [["科室编码", "成本项目名称", "2025-01", "2025-02", "2025-03"]]
    long = [["统计年月", "科室编码", "成本项目名称", "金额"]]
    for (dept, item), values in cells.items():
        wide.append([f"01{dept:02}", item, *map(text, values)])
        long += [[f"20250{m}", f"01{dept:02}", item, text(fen)] for m, fen in enumerate(values, 1) if fen]
    options = Options(extract="ledger_cost")
    if len(long) == 1:
        return
    parts = [
        only(read(text_file(folder / name, rows), options))
        for name, rows in (("w.csv", wide), ("l.csv", long))
    ]
    columns = ("period", "dept_code", "item_name", "amount")
    one, other = (sorted(rows_of(part, *columns)) for part in parts)
    assert one == other
    assert parts[0].amount_accepted == parts[1].amount_accepted == sum(row[3] for row in one)
