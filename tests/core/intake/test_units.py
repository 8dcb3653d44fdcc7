"""Money of operation values: the unit of the line, the heading or the title, exactly, once, or refused with its place."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from core.catalog import catalog
from core.intake.reading import Options, Part
from core.intake.units import said
from core.staging import open_staging
from tests.core.intake.sheets_made import D, balanced, codes, only, read, refused_of, rows_of, workbook
from tests.small import FakeStore, dictionary

HEAD = ["科室", "指标", "分子", "分母", "指标值", "计量单位"]


def sheet(tmp_path: Path, *rows: list[Any], title: str = "2025年3月运营指标", **options: Any) -> Part:
    return only(read(workbook(tmp_path / "a.xlsx", {"S": [[title], HEAD, *rows]}), Options(**options)))


def seen(tmp_path: Path, part: Part) -> list[tuple[Any, ...]]:
    """What the view says of the rows as they were written."""
    store = FakeStore(tmp_path / "store")
    store.put("dept", dictionary())
    store.put("operation_value", pq.read_table(part.rows_path).to_pylist(), source="ops", file="a.xlsx")
    columns = "numerator, denominator, numerator / denominator"
    return open_staging(store, store.snapshot()).query(
        f"select metric, {columns} from stg_operation_value order by _row"
    )


def test_the_unit_of_a_line_is_applied_before_anything_is_rounded_and_only_once(tmp_path: Path) -> None:
    part = sheet(tmp_path, [None, "总能耗支出", None, None, 12.345678, "万元"],
                 [None, "信息化投入", None, None, 0.12345678, "亿元"], [None, "科研经费", None, None, 12.3457, "元"])  # fmt: skip
    assert rows_of(part, "value", "unit") == [
        (D("123456.7800"), "元"), (D("12345678.0000"), "元"), (D("12.3457"), "元"),
    ]  # fmt: skip
    assert [row[1] for row in seen(tmp_path, part)] == [D("123456.78"), D("12345678"), D("12.3457")]
    assert next(i for i in part.issues if i.code == "unit_lines").count == 2
    assert balanced(part)


@pytest.mark.parametrize("options", [{"title": "2025年3月运营指标　单位：万元"}, {"unit": "10000"}])
def test_the_unit_of_the_sheet_holds_for_money_and_for_nothing_else(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    part = sheet(tmp_path, [None, "总能耗支出", None, None, 12.3457, None], [None, "投诉件数", None, None, 7, None],
                 [None, "医保拒付率", 12, 400, None, "%"], [None, "例均盈亏", -120, 1000, None, None],
                 [None, "医保拒付率", None, None, 3.2, "%"], **options)  # fmt: skip
    assert rows_of(part, "numerator", "denominator", "value") == [
        (None, None, D("123457.0000")), (None, None, D("7.0000")), (D("120000.0000"), D("4000000.0000"), None),
        (D("-1200000.0000"), D("1000.0000"), None), (None, None, D("3.2000")),
    ]  # fmt: skip
    assert [i.params["unit"] for i in part.issues if i.code == "unit_found"] == ["万元"]


def test_both_sides_of_a_ratio_are_yuan_where_its_metric_says_so(tmp_path: Path) -> None:
    part = sheet(tmp_path, ["骨科病区", "费用包干使用率", 80, 100, None, "万元"],
                 ["骨科病区", "例均盈亏", -120, 1000, None, "万元"], ["骨科病区", "平均采购单价", None, None, 0.35, "万元/个"],
                 ["骨科病区", "医保基金使用效率", 4120, 9800, None, "万元"],
                 ["骨科病区", "医保基金使用效率", 4120, 98_000_000, None, "元"])  # fmt: skip
    assert seen(tmp_path, part) == [
        ("lump_sum", D("800000"), D("1000000"), pytest.approx(0.8)),
        ("case_balance", D("-1200000"), 1000, -1200), ("purchase_price", D("3500"), 1, 3500),
        ("fund_efficiency", 4120, 9800, pytest.approx(0.42, abs=0.01)),  # defined per 10 000 yuan
        ("fund_efficiency", 4120, 9800, pytest.approx(0.42, abs=0.01)),
    ]  # fmt: skip
    assert [unit for (unit,) in rows_of(part, "unit")] == ["元", "元", "元/个", "万元", "万元"]


def test_what_cannot_be_decided_is_refused_with_a_sentence(tmp_path: Path) -> None:
    part = sheet(tmp_path, [None, "总能耗支出", None, None, 3, "百元"], [None, "总能耗支出", None, None, 3, "千瓦时"],
                 [None, "投诉件数", None, None, 3, "万元"], [None, "费用包干使用率", None, None, 80, "万元"],
                 [None, "患者次均自付费用", None, None, 850.12, None], [None, "例均盈亏", -120, 1000, None, "元"],
                 [None, "患者次均自付费用", None, None, 850.12, "元"], [None, "总能耗支出", None, None, 0, None],
                 title="2025年3月运营指标（单位：万元）")  # fmt: skip
    assert [(r["row"], r["col"], r["value"], r["reason"]) for r in refused_of(part)] == [
        (3, "F", "百元", "unit_unknown"), (4, "F", "千瓦时", "unit_unknown"), (5, "F", "万元", "unit_not_money"),
        (6, "F", "万元", "unit_not_money"), (7, "E", "850.12", "unit_unclear"), (8, "C", "-120", "unit_unclear"),
    ]  # fmt: skip
    assert rows_of(part, "value") == [(D("850.1200"),), (D("0.0000"),)]
    assert "百元" in next(i for i in part.issues if i.code == "unit_unknown").text("zh")
    assert balanced(part)


def test_metrics_across_take_the_unit_of_their_heading_else_of_the_title(tmp_path: Path) -> None:
    rows = [["2025年3月运营指标　单位：万元"],
            ["科室名称", "能耗支出", "次均自付费用（元）", "科研经费（元）", "投诉件数", "例均盈亏", None],
            [None, None, None, None, None, "分子", "分母"],
            ["骨科", 1.2345678, 850.5, 900, 4, -120, 1000]]  # fmt: skip
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows}, {"S": ["F2:G2"]})))
    assert rows_of(part, "metric", "numerator", "denominator", "value") == [
        ("energy_cost", None, None, D("12345.6780")), ("out_of_pocket", None, None, D("850.5000")),
        ("research_funds", None, None, D("900.0000")), ("complaints", None, None, D("4.0000")),
        ("case_balance", D("-1200000.0000"), D("1000.0000"), None),
    ]  # fmt: skip
    rows = [["2025年3月运营指标 单位：万元"], ["科室名称", "能耗支出", "次均自付费用"], ["骨科", 1.2, 0.085]]
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": rows})))
    assert [(r["col"], r["reason"]) for r in refused_of(part)] == [("C", "unit_unclear")]


def test_a_figure_too_large_in_yuan_is_refused(tmp_path: Path) -> None:
    part = sheet(tmp_path, [None, "总能耗支出", None, None, "99999999999", "亿元"])
    assert codes(part, "refused") == ["amount_range"] and part.rows_accepted == 0


def test_unit_cells() -> None:
    assert [said(text).factor for text in ("万元", "（万元）", "人民币万元", "RMB千元", "元/例", "%", "", "百元")] == [
        10_000, 10_000, 10_000, 1000, 1, None, None, None,
    ]  # fmt: skip
    assert said("百元").strange and said("$").strange and not said("例").strange


def test_every_ratio_in_yuan_says_which_side_is_money() -> None:
    for term in catalog().terms["operation_metrics"]:
        assert set(term.money) <= {"numerator", "denominator"}, term.name
        assert not (term.kind == "ratio" and term.unit == "yuan") or term.money == ("numerator",), term.name
        assert not term.money or term.kind == "ratio", term.name
