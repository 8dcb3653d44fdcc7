"""Large text files take the straight way and say exactly what the careful way says."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.intake import bulk
from core.intake.reading import Part, Reading
from tests.core.intake.sheets_made import balanced, codes, only, read, refused_of, rows_of, text_file

HEAD = [
    "收费流水号",
    "患者ID",
    "收费日期",
    "开单科室编码",
    "执行科室编码",
    "项目编码",
    "数量",
    "单价",
    "金额",
]


def lines(count: int, month: str = "2025-01") -> list[list[str]]:
    return [[f"C{i:06}", f"P{i % 50}", f"{month}-{i % 28 + 1:02}", f"00{i % 60:02}", "0201", f"I{i % 9}", "2", "1.25", f"{i}.50"]
            for i in range(count)]  # fmt: skip


def both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Reading, Reading]:
    careful = read(path)
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    straight = read(path)
    monkeypatch.undo()
    return careful, straight


def same(one: Part, other: Part) -> None:
    """Everything a person or the store sees is equal."""
    left, right = one.to_dict(), other.to_dict()
    for place in ("rows_path", "refused_path", "columns"):
        left.pop(place), right.pop(place)
    assert [issue.text("zh") + issue.place() for issue in one.issues] == [
        issue.text("zh") + issue.place() for issue in other.issues
    ]
    assert left == right
    meanings = [[(m.col, m.column, m.how) for m in part.columns] for part in (one, other)]
    assert meanings[0] == meanings[1]
    columns = (
        "charge_id",
        "patient_id",
        "charged_at",
        "order_code",
        "quantity",
        "unit_price",
        "amount",
        "period",
        "_sheet",
        "_row",
        "_col",
    )
    assert rows_of(one, *columns) == rows_of(other, *columns)
    assert refused_of(one) == refused_of(other)


def test_clean_lines_of_one_month(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    careful, straight = both(text_file(tmp_path / "a.csv", [HEAD, *lines(500)]), monkeypatch)
    part = only(straight)
    assert (part.rows_accepted, str(part.amount_accepted), part.periods) == (500, "125000.00", [202501])
    assert [path.name for path in sorted(part.rows_path.glob("*"))] == ["202501.parquet"]  # type: ignore[union-attr]
    same(only(careful), part)


def test_every_trouble_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["XX医院收费明细 2025年1月"], [], HEAD, *lines(300)]
    rows[50][8], rows[51][8], rows[52][8] = "1,234.50", "约十元", "(7.00)"
    rows[60][2], rows[61][2], rows[62][2] = "昨天", "2025/1/9", ""
    rows[70][0], rows[71][3] = " C9\t", "#N/A"
    rows[80] = ["制表人：张三"]
    rows[81] = []
    rows[86] = list(HEAD)
    rows[90][6] = "2.12345"
    rows[100] = ["2025", "1"]
    rows[110] = [*rows[110], "多出来的"]
    rows[120] = list(rows[121])
    total = sum(
        Decimal(row[8]) for row in rows[3:] if len(row) == 9 and row[8][:1].isdigit() and "," not in row[8]
    )
    rows.append(["合计", "", "", "", "", "", "", "", f"{total + Decimal('1234.50') - 7}"])
    rows.append(["审核：李四"])
    careful, straight = both(text_file(tmp_path / "a.csv", rows), monkeypatch)
    part = only(straight)
    assert balanced(part) and part.rows_refused >= 5
    assert {"amount_text", "date_text", "required_blank", "cell_error", "row_wide"} <= set(
        codes(part, "refused")
    )
    assert {"footer_skipped", "header_repeated", "duplicate_row"} <= set(codes(part))
    assert part.control_total is not None
    same(only(careful), part)


def test_lines_of_several_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = [HEAD, *lines(100), *lines(100, "2025-02"), *lines(100, "2025-03")]
    for i, row in enumerate(mixed[1:]):
        row[0] = f"D{i:05}"
    careful, straight = both(text_file(tmp_path / "a.csv", mixed), monkeypatch)
    assert only(straight).periods == [202501, 202502, 202503]
    same(only(careful), only(straight))
    assert sorted(path.name for path in only(straight).rows_path.glob("*")) == [  # type: ignore[union-attr]
        "202501.parquet", "202502.parquet", "202503.parquet",
    ]  # fmt: skip


def test_rows_read_the_careful_way_get_a_file_beside_the_months(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [HEAD, *lines(60)]
    rows[30][0] = "小计12合计"  # looks like a total at first glance, and is a charge number
    rows[31][8] = "1.2345"
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    part = only(read(text_file(tmp_path / "a.csv", rows)))
    assert part.rows_read == part.rows_accepted + part.rows_refused
    assert len(rows_of(part, "_row")) == part.rows_accepted and part.periods == [202501]


def test_parts_of_a_fen_in_every_line_keep_the_rounded_sum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [HEAD, *lines(300)]
    for i, row in enumerate(rows[1:]):
        row[8] = f"{i}.3333"
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    part = only(read(text_file(tmp_path / "a.csv", rows)))
    assert (str(part.amount_read), str(part.amount_accepted), str(part.rounding)) == (
        "44949.99",
        "44949.99",
        "0.00",
    )
    stored = [amount for (amount,) in rows_of(part, "amount")]
    assert sum(stored) == Decimal("44949.99") and max(
        abs(a - Decimal(f"{i}.3333")) for i, a in enumerate(stored)
    ) < Decimal("0.01")


def test_a_wide_table_or_another_unit_takes_the_careful_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    wide = [
        ["2025年支出"],
        ["科室", "成本项目", "1月", "2月"],
        ["内科", "药品费", "5", "6"],
        ["制表人：张三"],
    ]
    part = only(read(text_file(tmp_path / "a.csv", wide)))
    assert rows_of(part, "period", "amount", "_row", "_col") == [
        (202501, Decimal("5.00"), 3, "C"), (202502, Decimal("6.00"), 3, "D"),
    ]  # fmt: skip
    units = [["统计年月", "科室编码", "成本项目", "金额（万元）"], ["202503", "0101", "药品费", "1.5"]]
    assert str(only(read(text_file(tmp_path / "b.csv", units))).amount_accepted) == "15000.00"


def test_quoted_fields_with_line_breaks_count_as_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        ["统计年月", "科室编码", "成本项目", "金额", "摘要"],
        ["202503", "0101", "药品费", "1", '两行\n"文字"'],
        ["202503", "0102", "药品费", "x", ""],
    ]
    monkeypatch.setattr(bulk, "BULK_FROM", 0)
    part = only(read(text_file(tmp_path / "a.csv", rows)))
    assert rows_of(part, "memo", "_row") == [('两行\n"文字"', 2)]
    assert [r["row"] for r in refused_of(part)] == [3]
