"""The way in: a Reading whatever happens, JSON both ways, progress, and the identities on random tables."""

import json
import logging
import tempfile
from decimal import Decimal
from pathlib import Path

import odf.opendocument
import odf.table
import odf.text
import pytest
import xlwt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import intake
from core.intake import Memory, Options, Reading, front
from core.intake.reading import ColumnMatch, ControlCheck, DeptMatch, Part
from core.intake.refusal import FileRefused
from core.issue import Issue
from tests.core.intake.sheets_made import balanced, codes, only, read, rows_of, text_file, workbook

HEAD = ["统计年月", "科室编码", "成本项目名称", "金额"]


def through(path: Path, **kept: object) -> Reading:
    folder = Path(tempfile.mkdtemp(dir=path.parent))
    return intake.read(
        path, path.name, hospital="H1", options=Options(), memory=Memory(), workdir=folder, **kept
    )  # type: ignore[arg-type]


def test_a_reading_survives_json() -> None:
    part = Part("S", 2, "ledger_cost", "ready", "A1:D9", [ColumnMatch("A", "金额", "amount", "exact", spread={"period": "202501"})],
                [["budget", 90.5]], control_total=Decimal("10.10"), rounding=Decimal("-0.004"),
                checks=[ControlCheck(3, "D", "合计", "amount", Decimal("10.10"), Decimal("10.00"), False)],
                departments=[DeptMatch("101", "", "0101", "repaired", 100, 3, Decimal("5.00"))],
                issues=[Issue("amount_text", row=3, col="D", value="x")], rows_path=Path("/tmp/rows"))  # fmt: skip
    reading = Reading(
        "a.xlsx", "ab" * 32, 10, "xlsx", parts=[part], issues=[Issue("nothing_found", file="a.xlsx")]
    )
    assert Reading.from_dict(json.loads(json.dumps(reading.to_dict()))) == reading
    options = Options(period=202501, plan={"S": {"columns": {"金额": "amount"}}})
    assert Options.from_dict(json.loads(json.dumps(options.to_dict()))) == options
    assert part.key == "S#2"


def test_reading_in_a_child_process_reports_progress_and_the_hash(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [HEAD, ["202503", "0101", "药品费", 12.34]]})
    told: list[tuple[float, str]] = []
    reading = through(path, progress=lambda fraction, stage: told.append((fraction, stage)))
    part = only(reading)
    assert (reading.status, reading.kind, reading.bytes) == ("ready", "xlsx", path.stat().st_size)
    assert len(reading.sha256) == 64 and rows_of(part, "amount") == [(Decimal("12.34"),)]
    assert told[0][1] == "open" and told[-1] == (1.0, "done")
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("空.xlsx", b"", "file_empty"),
        ("假.xlsx", b"PK\x03\x04 nothing", "file_truncated"),
        ("图.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "file_unsupported"),
    ],
)
def test_a_file_that_cannot_be_opened_is_an_issue_with_its_name(
    tmp_path: Path, name: str, raw: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    reading = through(tmp_path / name)
    assert (reading.status, codes(reading)) == ("refused", [code])
    assert name in reading.issues[0].text("zh") and name in reading.issues[0].text("en")


def test_a_fault_of_the_program_is_a_reference_number_and_a_log_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [HEAD]})
    monkeypatch.setattr(front, "run_limited", lambda *args, **kept: 1 / 0)
    with caplog.at_level(logging.ERROR):
        reading = through(path)
    (issue,) = reading.issues
    assert (reading.status, issue.code) == ("refused", "unexpected")
    assert issue.params["reference"] in caplog.text and "ZeroDivisionError" in caplog.text
    assert "Traceback" not in issue.text("zh") + issue.text("en")


def test_a_fault_of_the_spreadsheet_library_is_not_blamed_on_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [HEAD]})
    for detail, code in (
        ("PanicException in opening.py", "reader_failed"),
        ('File "core/intake/reader.py"', "unexpected"),
    ):

        def fail(*args: object, detail: str = detail, **kept: object) -> None:
            raise FileRefused("reader_failed", {"name": "a.xlsx"}, detail)

        monkeypatch.setattr(front, "run_limited", fail)
        assert codes(through(path)) == [code] and detail in caplog.text


def test_one_sheet_in_every_kind_of_file_reads_the_same(tmp_path: Path) -> None:
    rows = [
        ["科室成本 2025年3月"],
        HEAD[1:],
        ["0101", "药品费", "1,234.50"],
        ["0102", "人员经费", "(5.25)"],
        ["合计", "", "1,229.25"],
    ]
    paths = [workbook(tmp_path / "a.xlsx", {"S": rows})]
    old = xlwt.Workbook()
    sheet = old.add_sheet("S")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    old.save(str(tmp_path / "a.xls"))
    paths.append(tmp_path / "a.xls")
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="S")
    for row in rows:
        line = odf.table.TableRow()
        for value in row:
            cell = odf.table.TableCell(valuetype="string")
            cell.addElement(odf.text.P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    paths.append(tmp_path / "a.ods")
    for name, delimiter, encoding in (("u.csv", ",", "utf-8"), ("b.csv", ",", "utf-8-sig"), ("g.csv", ",", "gb18030"),
                                      ("s.csv", ";", "gbk"), ("t.tsv", "\t", "utf-16"), ("fake.xls", "\t", "gbk")):  # fmt: skip
        paths.append(text_file(tmp_path / name, rows, delimiter, encoding))
    html = "<html><meta charset='utf-8'><table>" + "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    (tmp_path / "html.xls").write_text(html + "</table></html>", encoding="utf-8")
    paths.append(tmp_path / "html.xls")
    (tmp_path / "renamed.xls").write_bytes((tmp_path / "a.xlsx").read_bytes())
    paths.append(tmp_path / "renamed.xls")
    found = {}
    for path in paths:
        part = only(read(path))
        found[path.name] = (
            part.periods,
            rows_of(part, "dept_code", "item_name", "amount", "_row"),
            part.control_total,
        )
    expected = (
        [202503],
        [("0101", "药品费", Decimal("1234.50"), 3), ("0102", "人员经费", Decimal("-5.25"), 4)],
        Decimal("1229.25"),
    )
    assert {name: value for name, value in found.items() if value != expected} == {}


def test_rows_that_repeat_are_told_with_places_and_kept(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["202503", "0101", "药品费", 1],
        ["202503", "0102", "药品费", 1],
        ["202503", "0101", "药品费", 1],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    issue = next(i for i in part.issues if i.code == "duplicate_row")
    assert (part.rows_accepted, issue.row, issue.count, issue.params["other"]) == (3, 4, 1, 2)
    rows[3][3] = 2
    part = only(read(workbook(tmp_path / "b.xlsx", {"S": rows})))
    issue = next(i for i in part.issues if i.code == "duplicate_key")
    assert (part.rows_accepted, issue.row, issue.params["other"], issue.severity) == (3, 4, 2, "warning")


def test_an_english_ledger_needs_no_mapping(tmp_path: Path) -> None:
    rows = [
        ["department_code", "cost_type_code", "cost"],
        ["ICU", "S&W", "41999.166"],
        ["ICU", "WK", "427.647"],
    ]
    part = only(read(text_file(tmp_path / "Jun97 costs.csv", rows)))
    assert (part.extract, part.periods, str(part.amount_read)) == ("ledger_cost", [199706], "42426.813")
    assert (str(part.amount_accepted), str(part.rounding)) == ("42426.81", "0.003")


AMOUNT = st.one_of(
    st.integers(-(10**11), 10**11).map(lambda fen: f"{fen / 100:,.2f}"),
    st.decimals(-(10**6), 10**6, places=4).map(str),
    st.sampled_from(["-", "（12.00）", "约", "", "#REF!", "5%", "1E3"]),
)
ROW = st.tuples(st.sampled_from(["202503", "2025-04", "4月", "？", "", "2025年4月"]), st.sampled_from(["0101", "0102", "", "#N/A"]),
                st.sampled_from(["药品费", "人员经费", "小计", "合计", ""]), AMOUNT)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=25))
@example([("202503", "0101", "药品费", "342420.0850")])
def test_nothing_is_lost_whatever_the_rows_say(rows: list[tuple[str, ...]]) -> None:
    folder = Path(tempfile.mkdtemp())
    reading = read(
        text_file(folder / "a.csv", [HEAD, *rows]), Options(extract="ledger_cost", accept_proposals=True)
    )
    for part in reading.parts:
        assert balanced(part)
        if part.rows_path is not None:
            stored = rows_of(part, "amount", "_row")
            assert len(stored) == part.rows_accepted and sum(a for a, _ in stored) == part.amount_accepted
            assert len({row for _, row in stored}) == len(stored)
