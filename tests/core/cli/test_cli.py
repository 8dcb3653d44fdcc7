"""The command line as a night job uses it: exit status, JSON, replacing, undoing, asking, proving."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.cli import main

DEPTS = [
    ["科室编码", "科室名称", "科室类别", "门诊住院标志"],
    ["0101", "院长办公室", "行政后勤类", "不适用"],
    ["0401", "骨科门诊", "临床服务类", "门诊"],
    ["0402", "骨科病区", "临床服务类", "住院"],
]


def book(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


def ledger(path: Path, month: str, *amounts: Any, total: Any = None) -> Path:
    codes = [("0101", "院长办公室"), ("0401", "骨科门诊"), ("0402", "骨科病区")]
    rows: list[list[Any]] = [[f"某某医院{month}科室支出明细表"], ["科室编码", "科室名称", "成本项目", "金额"]]
    rows += [[code, name, "人员经费", amount] for (code, name), amount in zip(codes, amounts, strict=False)]
    if total is not None:
        rows.append(["合计", None, None, total])
    return book(path, {"明细": rows})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    """A store with departments and January."""
    root = folder / "data"
    files = [
        book(folder / "科室字典.xlsx", {"科室": DEPTS}),
        ledger(folder / "2025年1月科室支出.xlsx", "2025年1月", 1000.01, 200, 300, total=1500.01),
    ]
    assert main(["import", *map(str, files), "--hospital", "H9", "--data", str(root), "--lang", "en"]) == 0
    return root


def run(capsys: pytest.CaptureFixture[str], data: Path, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    status = main([*words, "--data", str(data), "--lang", "en"])
    return status, capsys.readouterr().out


def ask(capsys: pytest.CaptureFixture[str], data: Path, sql: str) -> list[dict[str, Any]]:
    status, out = run(capsys, data, "query", sql, "--format", "json")
    assert status == 0
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_json_says_what_became_of_each_sheet(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    path = ledger(folder / "2025年2月科室支出.xlsx", "2025年2月", "1,100.50", "12,3x4.50", 310, total=1410.5)
    status, out = run(capsys, data, "import", str(path), "--json")
    (record,) = json.loads(out)
    assert status == 0 and record["status"] == "accepted" and record["extract"] == "ledger_cost"
    assert (record["rows_read"], record["rows_accepted"], record["rows_refused"]) == (3, 2, 1)
    assert Decimal(record["amount"]) == Decimal("1410.50") == Decimal(record["control_total"])
    (refused,) = [problem for problem in record["problems"] if problem["severity"] == "refused"]
    assert (refused["sheet"], refused["row"], refused["col"], refused["value"]) == (
        "明细",
        4,
        "D",
        "12,3x4.50",
    )
    assert refused["what"] and refused["do"]


def test_a_correction_replaces_its_month_and_undo_brings_the_old_one_back(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    path = ledger(folder / "2025年1月科室支出（更正）.xlsx", "2025年1月", 1000.01, 250, 300)
    _, out = run(capsys, data, "import", str(path), "--json")
    batch = json.loads(out)[0]["batch"]
    january = "select count(*) as n, sum(amount) as a from stg_cost where period = 202501"
    assert ask(capsys, data, january) == [{"n": 3, "a": "1550.01"}]
    status, _ = run(capsys, data, "undo", batch)
    assert status == 0
    assert ask(capsys, data, january) == [{"n": 3, "a": "1500.01"}]


def test_the_same_file_again_is_a_duplicate(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    status, out = run(capsys, data, "import", str(folder / "2025年1月科室支出.xlsx"), "--json")
    assert status == 0 and json.loads(out)[0]["status"] == "duplicate"


def test_unknown_headings_wait_until_a_mapping_is_given(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    path = book(folder / "export.xlsx", {"q": [["c1", "what", "val"], ["0402", "药品费", 77.5]]})
    before = ask(capsys, data, "select count(*) as n from stg_cost")
    status, out = run(capsys, data, "import", str(path), "--period", "202503", "--json")
    assert status == 1 and json.loads(out)[0]["status"] in ("needs_decision", "ignored", "refused")
    assert ask(capsys, data, "select count(*) as n from stg_cost") == before
    plan = folder / "map.yaml"
    plan.write_text(
        "period: 202503\nsheets:\n  q:\n    extract: ledger_cost\n    columns: {c1: dept_code, what: item_name, val: amount}\n"
    )
    status, out = run(capsys, data, "import", str(path), "--map", str(plan), "--json")
    assert status == 0 and json.loads(out)[0]["status"] == "accepted"
    assert ask(capsys, data, "select dept_name, item_class, amount from stg_cost where period = 202503") == [
        {"dept_name": "骨科病区", "item_class": "drugs", "amount": "77.50"}
    ]


def test_a_mapping_with_an_unknown_key_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    plan = folder / "bad.yaml"
    plan.write_text("sheets:\n  q:\n    extrakt: ledger_cost\n")
    path = str(folder / "2025年1月科室支出.xlsx")
    assert main(["import", path, "--map", str(plan), "--data", str(data), "--lang", "en"]) == 2
    assert "extrakt" in capsys.readouterr().err


def test_a_dry_run_stores_nothing(capsys: pytest.CaptureFixture[str], data: Path, folder: Path) -> None:
    path = ledger(folder / "2025年6月科室支出.xlsx", "2025年6月", 1, 2, 3)
    status, out = run(capsys, data, "import", str(path), "--dry-run", "--json")
    assert status == 0 and json.loads(out)[0]["status"] == "ready"
    assert ask(capsys, data, "select count(*) as n from stg_cost where period = 202506") == [{"n": 0}]


def test_check_proves_every_month(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    status, out = run(capsys, data, "check")
    assert status == 0 and "0 broken" in out


def test_queries_cannot_change_or_read_anything_else(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    for sql in (
        "drop view stg_cost",
        "select 1; select 2",
        "select * from read_csv('/etc/passwd')",
        "copy stg_cost to '/tmp/x'",
    ):
        assert main(["query", sql, "--data", str(data), "--lang", "en"]) == 1, sql
        assert "Traceback" not in capsys.readouterr().err


def test_something_that_is_not_a_table_is_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str], data: Path, folder: Path
) -> None:
    path = folder / "picture.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    status, out = run(capsys, data, "import", str(path), "--json")
    (record,) = json.loads(out)
    assert status == 1 and record["status"] == "refused" and record["problems"][0]["what"]


def test_wrong_usage_is_exit_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["import", "x.xlsx", "--period", "2025-13"])
    assert left.value.code == 2
    assert main(["import", "/nowhere/x.xlsx", "--lang", "en"]) == 2
