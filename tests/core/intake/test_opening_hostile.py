"""Every hostile file ends in sheets or in a refusal with a code, whatever it does to the reader."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.intake.limits import run_limited
from core.intake.refusal import CODES, FileRefused

SHIPPED = Path(__file__).parent / "hostile"
FOLDER = Path(os.environ.get("COSTWARD_HOSTILE") or SHIPPED)
SPECTRUM = SHIPPED / "csv-spectrum"

# What the shipped files must come to. Anything not named here must open.
REFUSED = {
    "calamine/OOM_alloc3.xls": "file_truncated",
    "calamine/empty_sheet.xlsx": "file_no_cells",
    "calamine/issue252.xlsx": "file_damaged",
    "calamine/issue_385.xls": "file_password",
    "calamine/issue_594_dos.ods": "file_too_many_cells",
    "calamine/issue_666_panic.xlsb": "file_no_cells",
    "calamine/pass_protected.ods": "file_password",
    "calamine/pass_protected.xlsb": "file_password",
    "calamine/pass_protected.xlsx": "file_password",
    "calamine/ptgexp-truncated-operand.xls": "reader_failed",
    "calamine/vba.xlsm": "file_no_cells",
    "phpspreadsheet/oleloop.xls": "file_damaged",
    "python-calamine/empty_file.xlsx": "file_empty",
    "python-calamine/password.xls": "file_password",
    "xlrd/biff4_no_format_no_window2.xls": "file_unsupported",
}


def files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def outcome(path: Path, workdir: Path) -> str:
    request = {"path": str(path), "name": path.name, "workdir": str(workdir), "rows": 3}
    try:
        result = run_limited("core.intake.opening:describe", request, memory_mb=1500, seconds=60)
    except FileRefused as refusal:
        assert refusal.code in CODES
        assert refusal.params["name"] == path.name
        assert set(CODES[refusal.code]) <= set(refusal.params), "a sentence could not be filled in"
        return refusal.code
    assert result["sheets"]
    for sheet in result["sheets"]:
        assert sheet["rows"] > 0 and sheet["columns"] > 0
        assert all(len(row) == sheet["columns"] for row in sheet["head"])
    return "opened"


@pytest.mark.parametrize("path", list(files(FOLDER)), ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_hostile_file_opens_or_is_refused(path: Path, tmp_path: Path) -> None:
    came_to = outcome(path, tmp_path)
    if FOLDER == SHIPPED:
        expected = REFUSED.get(str(path.relative_to(SHIPPED)), "opened")
        if path.suffix == ".json":
            expected = "file_unsupported"
        assert came_to == expected


@pytest.mark.parametrize("path", list(files(SPECTRUM / "csvs")), ids=lambda path: path.stem)
def test_csv_spectrum_reads_as_its_authors_say(path: Path, tmp_path: Path) -> None:
    raw = path.read_bytes()
    if path.stem.endswith("_crlf"):
        raw = raw.replace(b"\n", b"\r\n")  # the copies lost the line ends they are named for
    copy = tmp_path / "copy"
    copy.write_bytes(raw)
    request = {"path": str(copy), "name": path.name, "workdir": str(tmp_path), "rows": 100}
    result = run_limited("core.intake.opening:describe", request, memory_mb=1500, seconds=60)
    headings, *rows = result["sheets"][0]["head"]
    read = [dict(zip(headings, ["" if v is None else v for v in row], strict=True)) for row in rows]
    expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    if path.stem == "location_coordinates":  # the authors' JSON is one record, with another telephone number
        expected = [{**expected, "Contact Phone Number": "2095257564"}]
    assert read == expected
