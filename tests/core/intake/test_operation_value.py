"""The workbook of operation values: long, wide, with percentages, with a metric nobody knows."""

from pathlib import Path

from core.catalog import catalog
from core.export.templates import template_workbook
from core.intake.vocabulary import aliases, heading_key
from tests.core.intake.sheets_made import D, codes, only, read, refused_of, rows_of, workbook

COLUMNS = ("period", "dept_name", "metric", "numerator", "denominator", "value", "_row", "_col")


def test_long_form_with_the_metrics_own_words(tmp_path: Path) -> None:
    rows = [["2025年3月运营指标填报表"], ["科室", "指标", "分子", "分母", "指标值", "说明"],
            ["骨科", "医保拒付率", 120, 1000, None, None], ["骨科", "满意度", None, None, 86.5, "问卷 312 份"],
            [None, "电子病历等级", None, None, 6, None], ["骨科", "跌倒例数", 0, None, None, None]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.extract, part.status, part.periods, part.rows_accepted) == (
        "operation_value",
        "ready",
        [202503],
        4,
    )
    assert rows_of(part, *COLUMNS) == [
        (202503, "骨科", "claims_refused", D("120.0000"), D("1000.0000"), None, 3, ""),
        (202503, "骨科", "satisfaction", None, None, D("86.5000"), 4, ""),
        (202503, None, "emr_level", None, None, D("6.0000"), 5, ""),
        (202503, "骨科", "falls", D("0.0000"), None, None, 6, ""),
    ]


def test_an_unknown_metric_is_refused_with_its_place(tmp_path: Path) -> None:
    rows = [
        ["年月", "科室", "指标", "指标值"],
        [202503, "骨科", "医保拒付率", "3.2%"],
        [202503, "骨科", "幸福感", 7],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert part.rows_accepted == 1
    assert rows_of(part, "value") == [(D("0.0320"),)]
    (one,) = refused_of(part)
    assert (one["row"], one["col"], one["value"], one["reason"]) == (3, "C", "幸福感", "choice_unknown")


def test_metrics_across_keep_their_zeros_and_their_cells(tmp_path: Path) -> None:
    rows = [["2025年3月科室运营指标"], ["科室编码", "科室名称", "医保拒付率(%)", "患者满意度", "投诉件数", "幸福感"],
            ["0101", "骨科", 3.2, 91, 0, 5], ["0102", "内科", 1.1, None, 2, 6]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert (part.extract, part.status) == ("operation_value", "ready")
    assert rows_of(part, "dept_code", "metric", "value", "_row", "_col") == [
        ("0101", "claims_refused", D("3.2000"), 3, "C"),
        ("0101", "satisfaction", D("91.0000"), 3, "D"),
        ("0101", "complaints", D("0.0000"), 3, "E"),
        ("0102", "claims_refused", D("1.1000"), 4, "C"),
        ("0102", "complaints", D("2.0000"), 4, "E"),
    ]
    unused = [(i.col, i.params["heading"]) for i in part.issues if i.code == "heading_unused"]
    assert unused == [("F", "幸福感")]  # a column that is no metric is named with its place


def test_metrics_across_over_numerator_and_denominator(tmp_path: Path) -> None:
    rows = [["2025年3月科室运营指标"],
            ["科室编码", "科室名称", "医保拒付率", None, "30天再住院率", None, "能耗支出（万元）"],
            [None, None, "分子", "分母", "分子", "分母", None],
            ["0101", "骨科", 12, 400, 3, 60, 1.25]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, {"S": ["C2:D2", "E2:F2"]})))
    assert rows_of(part, "metric", "numerator", "denominator", "value", "_col") == [
        ("claims_refused", D("12.0000"), D("400.0000"), None, "C"),
        ("readmissions", D("3.0000"), D("60.0000"), None, "E"),
        ("energy_cost", None, None, D("12500.0000"), "G"),
    ]
    assert "columns_missing" not in codes(part)


def test_a_blank_department_below_a_filled_one_stays_the_hospital(tmp_path: Path) -> None:
    rows = [["统计年月", "科室", "指标", "指标值"], [202503, "骨科", "投诉件数", 3], [202503, None, "能耗支出", 9],
            [202503, None, "用电量", 8], [202503, "内科", "投诉件数", 1], [202503, None, "科研经费", 2]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert [name for (name,) in rows_of(part, "dept_name")] == ["骨科", None, None, "内科", None]


def test_the_template_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(template_workbook("operation_value", "zh"))
    parts = read(path).parts
    assert [part.extract for part in parts if part.status != "ignored"] in ([], ["operation_value"])


def test_words_of_metrics_are_nobody_elses() -> None:
    seen: dict[str, str] = {}
    for term in catalog().terms["operation_metrics"]:
        for text in {term.name, term.label.zh, term.label.en, *term.aliases}:
            assert seen.setdefault(heading_key(text), term.name) == term.name, text
            owners = {e for e in catalog().extracts if heading_key(text) in aliases(e)}
            # meters count the same kilowatt hours, and a list of events has a column of the metric's code name;
            # their sheets are told by meters and by kinds of event
            shared = {"electricity": {"energy"}, "compensation": {"event"}}.get(term.name, set())
            assert owners <= shared and (text == term.name or term.name != "compensation" or not owners)
