"""The demo's workbooks: committed ones are the generator's, they can be opened, and they say what was meant."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from core.catalog import load_yaml
from core.demo import truth, write_demo, write_scaled
from core.demo.books import manifest
from core.demo.cells import amount, shown
from core.demo.layout import build
from tests.fixtures import ugly

SHIPPED = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_demo(tmp_path_factory.mktemp("demo"))


def content(path: Path) -> str:
    """A hash of what is in a file; a zip counts by its parts, since another zlib may pack them differently."""
    raw = path.read_bytes()
    digest = hashlib.sha256()
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                digest.update(name.encode() + packed.read(name))
    else:
        digest.update(raw)
    return digest.hexdigest()


def test_committed_workbooks_are_what_the_generator_writes(written: list[Path]) -> None:
    names = sorted(path.name for path in SHIPPED.iterdir())
    assert names == sorted([path.name for path in written] + ["MANIFEST.yaml"])
    for path in written:
        assert content(path) == content(SHIPPED / path.name), f"{path.name}: run python -m core.demo"


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    first = {path.name: path.read_bytes() for path in write_demo(tmp_path / "a", months=3)}
    assert first == {path.name: path.read_bytes() for path in write_demo(tmp_path / "b", months=3)}


def test_workbooks_are_few_small_and_listed_in_order() -> None:
    listed = load_yaml(SHIPPED / "MANIFEST.yaml")
    assert [entry["file"] for entry in listed] == [entry["file"] for entry in manifest()]
    assert 30 <= len(listed) <= 60
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 8_000_000
    # one workbook holds samples of three clinical systems, each on a sheet of its own
    assert {entry["extract"] for entry in listed} - {None} == set(truth()) - {"visit", "order", "lab_exam"}
    assert [entry["file"] for entry in listed if not entry["extract"]] == ["86_2025年9月临床系统抽样.xlsx"]


def signature(path: Path) -> bytes:
    return path.read_bytes()[:4]


def test_file_names_lie_about_what_is_in_them() -> None:
    kinds = {path.name: signature(path) for path in SHIPPED.glob("*.xls")}
    assert {name for name, head in kinds.items() if head == b"\xd0\xcf\x11\xe0"} == {
        "02_成本项目字典.xls",
        "11_2023年科室人员统计.xls",
    }
    assert kinds["12_2024年科室人员统计.xls"] == b"PK\x03\x04"
    assert kinds["14_2023年门诊工作量.xls"] == b"<htm"
    assert (SHIPPED / "34_2023年物流卫生材料出库.xls").read_bytes().decode("gb18030").count("\t\r\n") > 1000


def test_calamine_opens_every_real_workbook() -> None:
    opened = 0
    for path in sorted(SHIPPED.iterdir()):
        if signature(path) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
            assert all(book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
            opened += 1
    assert opened == 45


def test_monthly_ledger_sheets_carry_title_unit_and_a_total_that_is_the_truth() -> None:
    name = "46_2025年财务总账科室支出.xlsx"
    month: dict[int, Decimal] = defaultdict(Decimal)
    for row in truth()["ledger_cost"].select(["file", "period", "amount"]).to_pylist():
        if row["file"] == name:
            month[row["period"]] += row["amount"]
    book = CalamineWorkbook.from_path(str(SHIPPED / name))
    assert book.sheet_names == [f"{m}月" for m in range(1, 13)]
    sheet = book.get_sheet_by_name("3月").to_python(skip_empty_area=False)
    assert sheet[0][0] == "省肿瘤医院2025年3月科室支出明细表"
    assert sheet[1][-1] == "单位：元"
    assert sheet[-1][0].startswith("制表人")
    assert sheet[-2][0] == "合计"
    assert Decimal(str(sheet[-2][-1])) == month[202503]
    lines = [Decimal(str(row[-1])) for row in sheet[3:-2]]
    assert sum(lines) == month[202503]


def test_depreciation_in_ten_thousands_is_exact() -> None:
    book = CalamineWorkbook.from_path(str(SHIPPED / "41_2023年资产折旧及摊销.xlsx"))
    sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet[2][-1] == "单位：万元"
    assert any(cell == "-" for row in sheet for cell in row)
    meant = sum(
        row["amount"]
        for row in truth()["ledger_cost"].to_pylist()
        if row["period"] == 202301 and row["source"] == "资产"
    )
    total = next(row for row in sheet if row[1] == "合计")
    assert Decimal(str(total[-1])) * 10_000 == meant


def test_income_csv_is_gbk_with_tabs_behind_the_codes_and_adds_up() -> None:
    raw = (SHIPPED / "51_2023年HIS医疗收入.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    lines = list(csv.DictReader(io.StringIO(raw.decode("gb18030"))))
    assert all(line["开单科室编码"].endswith("\t") for line in lines)
    assert sum(Decimal(line["实收金额"]) for line in lines) == Decimal("2452000000.00")


def test_logistics_sheet_without_codes_prints_the_old_name() -> None:
    book = CalamineWorkbook.from_path(str(SHIPPED / "35_2024年物流卫生材料出库.xlsx"))

    def departments(month: str) -> set[str]:
        return {row[0] for row in book.get_sheet_by_name(month).to_python(skip_empty_area=False)}

    assert "肝胆胰外科病区" in departments("2024-03") and "肝胆外科病区" not in departments("2024-03")
    assert "肝胆外科病区" in departments("2024-04") and "肝胆胰外科病区" not in departments("2024-04")
    assert "PET中心" in departments("2024-07") and "PET-CT中心" not in departments("2024-07")


def test_payroll_of_2023_lost_the_leading_zeros() -> None:
    book = CalamineWorkbook.from_path(str(SHIPPED / "31_2023年人力资源人员经费.xlsx"))
    sheet = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert sheet[4][0] == 101.0
    assert sheet[2][2] == "应发工资" and sheet[3][2] == "基本工资"


@pytest.mark.parametrize(
    ("style", "value", "cell"),
    [
        ("wan", "416667", Decimal("41.6667")),
        ("qian", "216670", Decimal("216.67")),
        ("comma", "-1234.5", "-1,234.50"),
        ("paren", "-1234.5", "(1,234.50)"),
        ("yen", "1234.5", "¥1,234.50"),
    ],
)
def test_amount_styles(style: str, value: str, cell: object) -> None:
    assert amount(Decimal(value), style, 1) == cell


def test_typed_amounts_appear_in_full_width_and_with_no_break_spaces() -> None:
    assert amount(Decimal("12.50"), "mixed", 97) == "１２．５０"
    assert amount(Decimal("12.50"), "mixed", 98) == "12.50\xa0"
    assert amount(Decimal("12.50"), "mixed", 50) == Decimal("12.50")


@pytest.mark.parametrize(
    ("style", "cell"),
    [
        ("float", "202402.0"),
        ("dash", "2024-02"),
        ("slash", "2024/2/29"),
        ("serial", 45351),
        ("long", "2024年2月"),
    ],
)
def test_period_styles(style: str, cell: object) -> None:
    assert shown("period", 202402, style, 0) == cell


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(KeyError):
        shown("dept_name", "检验科", "pretty", 0)


def test_layout_subtotals_blanks_and_totals() -> None:
    layout = {
        "columns": ["科室=dept_name", "金额=amount"],
        "titles": ["题"],
        "blank_below": ["dept_name"],
        "merge_blank": True,
        "subtotal_by": "dept_name",
        "subtotal": "小计",
        "total": "合计",
    }
    rows = [
        {"dept_name": "甲", "amount": Decimal("1.10")},
        {"dept_name": "甲", "amount": Decimal("2.20")},
        {"dept_name": "乙", "amount": Decimal("-0.30")},
    ]
    (grid,) = build(layout, rows)
    assert grid.rows == [
        ["题"],
        ["科室", "金额"],
        ["甲", Decimal("1.10")],
        [None, Decimal("2.20")],
        ["小计", Decimal("3.30")],
        ["乙", Decimal("-0.30")],
        ["小计", Decimal("-0.30")],
        ["合计", Decimal("3.00")],
    ]
    assert grid.merges == [(0, 0, 0, 1), (2, 0, 3, 0)]


def test_fewer_months_keep_dictionaries_and_standing_figures(tmp_path: Path) -> None:
    names = [path.name for path in write_demo(tmp_path, months=2)]
    assert {"01_科室字典.xlsx", "03_科室面积.xlsx", "24_分摊参数.xlsx"} <= set(names)
    assert not any("2024年" in name for name in names) and "56_2025年4季度HIS医疗收入.xlsx" in names


def test_scaled_lines_add_up_to_the_demo_to_the_fen(tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    charges, ledger = write_scaled(
        tmp_path, 3, charge_lines_per_scale=20_000, progress=lambda done, of: steps.append((done, of))
    )
    assert steps == [(1, 2), (2, 2)]
    got: dict[tuple, Decimal] = defaultdict(Decimal)
    count = 0
    with charges.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            count += 1
            period = int(line["收费时间"][:7].replace("-", ""))
            got[period, line["开单科室编码"], line["执行科室编码"], line["费用类别"]] += Decimal(line["金额"])
    assert 50_000 < count < 70_000
    labels = {"drugs": "药品收入", "bed": "床位收入"}
    meant = {
        (r["period"], r["order_code"], r["exec_code"], labels[r["charge_class"]]): r["amount"]
        for r in truth()["income"].to_pylist()
        if r["period"] > 202500 and r["charge_class"] in labels
    }
    assert meant and all(got[key] == value for key, value in meant.items())
    assert sum(got.values()) == Decimal("2655000000.00")
    with ledger.open(encoding="utf-8", newline="") as stream:
        lines = [Decimal(line["金额"]) for line in csv.DictReader(stream)]
    whole = truth()["ledger_cost"]["amount"].to_pylist()
    assert [sum(lines[i : i + 3]) for i in range(0, len(lines), 3)] == whole


def test_scaled_lines_are_the_same_each_time(tmp_path: Path) -> None:
    first = [content(path) for path in write_scaled(tmp_path / "a", 2, charge_lines_per_scale=5_000)]
    assert first == [content(path) for path in write_scaled(tmp_path / "b", 2, charge_lines_per_scale=5_000)]
    with pytest.raises(ValueError, match="scale must be from 1 to 150"):
        write_scaled(tmp_path, 0)


def test_ugly_workbook_carries_its_two_mistakes(tmp_path: Path) -> None:
    made = ugly.make_ledger_with_wrong_department_and_broken_amount(tmp_path / "2026年1月科室成本.xlsx")
    sheet = (
        CalamineWorkbook.from_path(str(made.path))
        .get_sheet_by_name(made.sheet)
        .to_python(skip_empty_area=False)
    )
    assert sheet[0][0] == ugly.TITLE
    broken = int(made.broken_cell[1:]) - 1
    assert sheet[broken][-1] == ugly.BROKEN_TEXT
    lines = [row for row in sheet[3:] if row[0].startswith("记-")]
    assert len(lines) == made.rows
    readable = [Decimal(str(row[-1])) for row in lines if row[-1] != ugly.BROKEN_TEXT]
    assert sum(readable) == made.readable == made.stated - ugly.BROKEN_MEANT
    assert sum(row[1] == ugly.WRONG_CODE for row in lines) == made.wrong_rows > 5
    fixed = ugly.make_ledger_with_wrong_department_and_broken_amount(tmp_path / "fixed.xlsx", fixed=True)
    assert fixed.readable == fixed.stated == made.stated
    assert ugly.make_income(tmp_path / "income.xlsx") > made.stated
