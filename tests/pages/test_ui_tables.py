"""Exports of tables are exact and harmless; the grid gets figures, not words."""

from decimal import Decimal

from pages._ui import format, tables

WAN = format.Unit("万元", Decimal(10_000), 1, money=True)
COLS = [
    tables.Col("dept", "科室"),
    tables.Col("cost", "成本", "money", WAN),
    tables.Col("t", "趋势", "trend"),
]


def test_csv_is_exact_and_opens_in_a_chinese_excel() -> None:
    raw = tables.csv_bytes([{"dept": "骨科", "cost": Decimal("12345.67"), "t": [1, 2]}], COLS)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines() == ["科室,成本 (万元)", "骨科,1.234567"]


def test_csv_text_is_never_a_formula_and_missing_is_empty() -> None:
    raw = tables.csv_bytes([{"dept": "=cmd|'/c calc'!A1", "cost": None}], COLS).decode("utf-8-sig")
    assert raw.splitlines()[1] == "'=cmd|'/c calc'!A1,"


def test_the_grid_gets_scaled_figures_and_dashes() -> None:
    grid = tables._arrow([{"dept": None, "cost": 1_000_000_00}, {"dept": "骨科", "cost": None}], COLS[:2])
    assert grid["cost"].to_pylist() == [100.0, None]
    assert grid["dept"].to_pylist() == ["—", "骨科"]


def test_units_stand_in_the_headings() -> None:
    assert [col.heading for col in COLS] == ["科室", "成本 (万元)", "趋势"]
