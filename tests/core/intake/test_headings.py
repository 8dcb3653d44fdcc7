"""What a table is and what its columns mean: equality decides, values may speak, likeness only proposes."""

from pathlib import Path

from core.catalog import catalog
from core.intake.evidence import vetoed
from core.intake.headings import shape_of
from core.intake.reading import Memory, Options
from core.intake.tables import find_tables
from core.intake.vocabulary import Items, bare_heading, column_of, is_total, is_total_heading, month_of
from tests.core.intake.sheets_made import DEPTS, D, codes, only, read, rows_of, text_file, workbook


def test_every_extract_is_recognised_by_its_own_labels(tmp_path: Path) -> None:
    values = {"code": "0101", "text": "甲", "integer": "3", "quantity": "1.5", "money": "10", "date": "2025-03-01", "time": "2025-03-01 08:30",
              "period": "202503", "flag": "是", "choice": ""}  # fmt: skip
    wrong = {}
    for extract in catalog().extracts.values():
        head = [column.label.zh for column in extract.columns]
        row = [catalog().terms[c.of][0].label.zh if c.of else values[c.type] for c in extract.columns]
        part = read(text_file(tmp_path / f"{extract.number}.csv", [head, row, row])).parts[0]
        if (part.extract, part.status, part.rows_accepted) != (extract.name, "ready", 2):
            wrong[extract.name] = (part.extract, part.status, codes(part, "warning", "refused"))
    assert wrong == {}


def test_a_ledger_whose_amount_goes_by_an_unknown_word_is_no_dictionary(tmp_path: Path) -> None:
    """Two known columns would make a complete dictionary of items; the four others say that it is none."""
    head = ["科室编码", "科室名称", "成本项目编码", "成本项目名称", "资金来源", "某种叫法", "备注"]
    rows = [head, ["0401", "骨科病区", "6001", "工资", "自有资金", "32.50", ""]]
    part = read(text_file(tmp_path / "2025年3月.csv", rows)).parts[0]
    assert (part.extract, part.status) == ("ledger_cost", "needs_decision")


def test_headings_are_compared_without_spaces_marks_units_and_full_width_forms() -> None:
    texts = [
        "金额",
        " 金 额 ",
        "金额（元）",
        "金额(万元)",
        "＊金额",
        "金额：",
        "金额/元",
        "金额（单位：元）",
        "金额(必填)",
    ]
    assert [bare_heading(text) for text in texts] == ["金额"] * len(texts)
    assert bare_heading("金额（调整前）") == "金额(调整前)"
    ledger, income = catalog().extracts["ledger_cost"], catalog().extracts["income"]
    assert column_of(["Department Code"], ledger)[0] == "dept_code"  # type: ignore[index]
    assert column_of(["department_code"], ledger)[0] == "dept_code"  # type: ignore[index]
    assert column_of(["开单科室", "编码"], income)[0] == "order_code"  # type: ignore[index]
    assert column_of(["基本信息", "收费类别"], income)[0] == "charge_class"  # type: ignore[index]
    assert column_of(["执行科室编码"], ledger) is None


def test_words_of_totals_and_months_in_headings() -> None:
    grand = ["合计", "合 计", "总计：", "全院合计", "合计（元）", "Grand Total"]
    assert [is_total(text) for text in grand] == ["grand"] * len(grand)
    assert [is_total(text) for text in ("小计", "内科小计", "本页合计", "本年累计")] == [
        "section",
        "section",
        "section",
        "running",
    ]
    assert [
        is_total(text) for text in ("会计科", "统计室", "其中：合计", "审计", "", None, "合计财务科")
    ] == [""] * 7
    assert [is_total_heading(text) for text in ("全年合计", "一季度", "1季度", "上半年", "小计")] == [
        True
    ] * 5
    assert [
        month_of(text).month for text in ("1月", "01月（元）", "2025-01", "202501", "2025年1月", "一月")
    ] == [1] * 6  # type: ignore[union-attr]


def test_unknown_headings_are_proposed_with_likeness_and_wait_for_a_person(tmp_path: Path) -> None:
    rows = [
        ["统计年月", "科室编码", "成本项目名称", "金额合计数", "经办"],
        ["202503", "0101", "药品费", 12.5, "王"],
    ]
    path = workbook(tmp_path / "支出.xlsx", {"S": rows})
    reading = read(path)
    part = only(reading)
    assert (reading.status, part.extract) == ("needs_decision", "ledger_cost")
    match = next(m for m in part.columns if m.heading == "金额合计数")
    assert (match.column, match.how) == ("amount", "proposed") and 60 <= match.score < 100
    assert part.rows_accepted == 1 and part.amount_accepted == D(
        "12.50"
    )  # the effect can be shown before confirming
    issue = next(i for i in part.issues if i.code == "heading_proposed")
    assert issue.params["label"] == "金额" and issue.params["score"] == match.score

    accepted = read(path, Options(accept_proposals=True))
    assert accepted.status == "ready"
    planned = read(path, Options(plan={"S": part.plan()}))
    assert (planned.status, {m.how for m in only(planned).columns if m.column}) == ("ready", {"plan"})
    remembered = read(path, memory=Memory(headings={part.shape: part.plan()}))
    assert (remembered.status, {m.how for m in only(remembered).columns if m.column}) == (
        "ready",
        {"remembered"},
    )


def test_a_table_that_is_all_new_names_gets_a_proposal_for_every_column(tmp_path: Path) -> None:
    rows = [["责任单元", "费用种类", "发生数"], ["心血管内科", "药品费", 12], ["检验科", "人员经费", 8]]
    reading = read(workbook(tmp_path / "2025年3月.xlsx", {"S": rows}), memory=Memory(departments=DEPTS))
    part = only(reading)
    assert (reading.status, part.extract) == ("needs_decision", "ledger_cost")
    assert {m.heading: (m.column, m.how) for m in part.columns} == {
        "责任单元": ("dept_name", "evidence"),
        "费用种类": ("item_name", "evidence"),
        "发生数": ("amount", "proposed"),
    }


def test_a_code_heading_is_never_taken_for_a_name(tmp_path: Path) -> None:
    rows = [["统计年月", "执行科室编码", "成本项目名称", "金额"], ["202503", "0101", "药品费", 12.5]]
    part = only(read(workbook(tmp_path / "支出.xlsx", {"S": rows}), Options(extract="ledger_cost")))
    match = part.columns[1]
    assert match.column in (None, "dept_code") and all(name != "dept_name" for name, _ in match.alternatives)


def test_a_plan_may_leave_columns_and_tables_out(tmp_path: Path) -> None:
    rows = [
        ["统计年月", "科室编码", "成本项目名称", "金额", "本期金额"],
        ["202503", "0101", "药品费", 10, 20],
    ]
    path = workbook(tmp_path / "支出.xlsx", {"S": rows})
    part = only(read(path))
    assert rows_of(part, "amount") == [(D("10.00"),)]
    part = only(read(path, Options(plan={"S": {"columns": {"金额": None}}})))
    assert rows_of(part, "amount") == [(D("20.00"),)]
    ignored = read(path, Options(plan={"S": {"ignore": True}}))
    assert [p.status for p in ignored.parts] == ["ignored"]


def test_a_plan_that_does_not_fit_says_so(tmp_path: Path) -> None:
    rows = [["统计年月", "科室编码", "成本项目名称", "金额"], ["202503", "0101", "药品费", 10]]
    path = workbook(tmp_path / "支出.xlsx", {"S": rows})
    reading = read(
        path, Options(plan={"S": {"extract": "ledger_cost", "columns": {"钱": "amount", "金额": "money"}}})
    )
    assert reading.status == "needs_decision"
    assert {"plan_unknown", "plan_column"} <= set(codes(reading, "warning"))


def test_hints_in_the_title_decide_between_look_alikes(tmp_path: Path) -> None:
    head = ["统计年月", "科室编码", "成本项目名称", "金额"]
    row = ["202503", "0101", "药品费", 10]
    assert only(read(workbook(tmp_path / "a.xlsx", {"S": [["科室预算表"], head, row]}))).extract == "budget"
    assert (
        only(read(workbook(tmp_path / "b.xlsx", {"S": [["科室支出表"], head, row]}))).extract == "ledger_cost"
    )


def test_a_table_that_could_be_two_things_waits(tmp_path: Path) -> None:
    rows = [["2025年"], ["科室", "1月", "2月", "3月"], ["心血管内科", 1, 2, 3]]
    reading = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert (reading.status, codes(reading, "warning")[0]) == ("needs_decision", "table_ambiguous")
    chosen = read(workbook(tmp_path / "b.xlsx", {"S": rows}), Options(extract="staff_count"))
    assert (chosen.status, rows_of(only(chosen), "period", "headcount")[0]) == (
        "ready",
        (202501, D("1.0000")),
    )


def test_the_shape_of_next_years_file_is_this_years(tmp_path: Path) -> None:
    def shape(year: int) -> str:
        rows = [
            [f"{year}年科室支出"],
            ["科室", *[f"{year}-{m:02}" for m in range(1, 13)], "合计"],
            ["内科", *range(13)],
        ]
        path = workbook(tmp_path / f"{year}.xlsx", {"S": rows})
        from core.intake.opening import open_file

        (table,) = find_tables(open_file(path, path.name, tmp_path).sheets[0], Items())
        return shape_of(table)

    assert shape(2024) == shape(2025)


def test_a_table_like_nothing_is_left_aside_beside_one_that_is_understood_and_asked_about_alone(
    tmp_path: Path,
) -> None:
    strange = [["温度", "湿度", "风向"], ["很高", "很低", "东南"], ["低", "高", "西"]]
    ledger = [["统计年月", "科室编码", "成本项目名称", "金额"], ["202503", "0101", "药品费", 10]]
    both = read(workbook(tmp_path / "a.xlsx", {"天气": strange, "S": ledger}))
    assert (both.status, [p.status for p in both.parts]) == ("ready", ["ignored", "ready"])
    assert codes(both.parts[0], "warning") == ["table_unknown"]
    alone = read(workbook(tmp_path / "b.xlsx", {"天气": strange}))
    assert (alone.status, codes(alone, "warning")[0]) == ("needs_decision", "table_unknown")


def test_the_last_word_of_a_heading_vetoes_the_other_kind() -> None:
    ledger = catalog().extracts["ledger_cost"]
    code, name = ledger.column("dept_code"), ledger.column("dept_name")
    assert [vetoed("执行科室编码", column) for column in (code, name)] == [False, True]
    assert [vetoed("执行科室名称", column) for column in (code, name)] == [True, False]
    assert [vetoed("责任单元", column) for column in (code, name)] == [False, False]
