"""Delimited text: encodings, delimiters, quotes, and big files that are only sampled."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.intake import text
from core.intake.opening import open_file
from core.intake.refusal import FileRefused
from core.intake.sheets import Opened

ROWS = [["科室编码", "科室名称", "金额"], ["0101", "心内科门诊", "1234.50"], ["0102", "骨科", "-7"]]


def opened(tmp_path: Path, raw: bytes, name: str = "x.csv") -> Opened:
    path = tmp_path / "upload.bin"
    path.write_bytes(raw)
    return open_file(path, name, tmp_path)


def body(delimiter: str = ",", end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + end for row in ROWS)


@pytest.mark.parametrize(
    ("codec", "mark", "found"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("gbk", b"", "gb18030"),
        ("gb18030", b"", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_cells(codec: str, mark: bytes, found: str, tmp_path: Path) -> None:
    read = opened(tmp_path, mark + body().encode(codec))
    assert (read.kind, read.encoding) == ("csv", found)
    sheet = read.sheets[0]
    assert sheet.head() == ROWS
    assert (sheet.row_count, sheet.col_count, sheet.row_count_exact) == (3, 3, True)
    assert sheet.csv.path.read_bytes().decode("utf-8-sig").startswith("科室编码"), "the scanner gets UTF-8"


@pytest.mark.parametrize(("delimiter", "kind"), [(",", "csv"), (";", "csv"), ("|", "csv"), ("\t", "tsv")])
def test_delimiters(delimiter: str, kind: str, tmp_path: Path) -> None:
    read = opened(tmp_path, body(delimiter).encode(), "always.xls")
    assert (read.kind, read.sheets[0].csv.delimiter) == (kind, delimiter)
    assert read.sheets[0].head() == ROWS


def test_trailing_delimiters_are_not_columns(tmp_path: Path) -> None:
    sheet = opened(tmp_path, body("\t", "\t\t\r\n").encode("gbk")).sheets[0]
    assert sheet.head() == ROWS
    assert (sheet.csv.columns, sheet.csv.fields) == (3, 5)


def test_commas_inside_amounts_do_not_make_columns(tmp_path: Path) -> None:
    raw = "科室\t金额\n" + "内科\t1,234,567.00\n外科\t2,345,678.00\n" * 20
    assert opened(tmp_path, raw.encode()).sheets[0].head()[1] == ["内科", "1,234,567.00"]


def test_title_lines_and_blank_lines_keep_their_rows(tmp_path: Path) -> None:
    raw = ("某某医院科室成本表\n\n" + body(end="\n") + "\n制表人:张三\n\n\n").encode()
    sheet = opened(tmp_path, raw).sheets[0]
    assert sheet.head(4) == [["某某医院科室成本表", None, None], [None] * 3, *ROWS[:2]]
    assert sheet.row_count == 7, "up to the last row with anything in it"
    assert sheet.csv.has_blank_lines and sheet.csv.ragged


def test_quoted_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    raw = b'a,b\r\n"x, ""y""","line 1\nline 2"\r\n"",z\r\n'
    sheet = opened(tmp_path, raw).sheets[0]
    assert sheet.csv.quote == '"'
    assert sheet.head() == [["a", "b"], ['x, "y"', "line 1\nline 2"], [None, "z"]]


def test_inch_marks_are_not_quotes(tmp_path: Path) -> None:
    raw = b'code\tname\n1\t5" tube\n2\t"6 tube\n3\t7" tube\n'
    sheet = opened(tmp_path, raw).sheets[0]
    assert sheet.csv.quote == ""
    assert sheet.head() == [["code", "name"], ["1", '5" tube'], ["2", '"6 tube'], ["3", '7" tube']]


def test_a_separator_line_is_obeyed_and_not_a_row(tmp_path: Path) -> None:
    sheet = opened(tmp_path, ("sep=;\r\n" + body(";")).encode("gbk")).sheets[0]
    assert sheet.csv.delimiter == ";" and sheet.head() == ROWS


def test_a_broken_character_is_shown_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{i:04d},心内科,{i}\r\n" for i in range(2_000)).encode("gbk")
    raw = rows + b"2000," + "骨科".encode("gbk")[:3] + b",1\r\n"
    read = opened(tmp_path, raw)
    assert read.encoding == "gb18030"
    assert read.sheets[0].head(1) == [["0000", "心内科", "0"]]
    assert "\ufffd" in "".join(filter(None, read.sheets[0].tail(1)[0]))


def test_one_broken_character_does_not_make_utf8_chinese_of_another_kind(tmp_path: Path) -> None:
    raw = "你好\n".encode() * 200 + "你".encode()[:2]
    assert raw.decode("gb18030"), "every byte of it is also some GB18030"
    assert opened(tmp_path, raw).encoding == "utf-8"


def test_one_column_is_one_column(tmp_path: Path) -> None:
    read = opened(tmp_path, "科室\n内科, 外科\n儿科\n骨科\n".encode(), "list.txt")
    assert read.kind == "txt" and read.sheets[0].col_count == 1


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16-le"])
def test_a_big_file_is_sampled_and_streamed(
    codec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SMALL", 1 << 16)
    monkeypatch.setattr(text, "_BLOCK", 1 << 16)
    monkeypatch.setattr(text, "_WINDOW", 1 << 12)
    lines = [f"{i:06d},心内科{i % 7},{i}.50" for i in range(60_000)]
    read = opened(tmp_path, ("编码,科室,金额\n" + "\n".join(lines) + "\n").encode(codec))
    sheet = read.sheets[0]
    assert read.encoding == codec and not sheet.row_count_exact
    assert abs(sheet.row_count - 60_001) < 600, "an estimate, within one in a hundred"
    assert sheet.head(2) == [["编码", "科室", "金额"], ["000000", "心内科0", "0.50"]]
    assert sheet.tail(1) == [["059999", f"心内科{59_999 % 7}", "59999.50"]]
    assert sum(1 for _ in sheet.csv.records()) == 60_001
    sample = sheet.sample(80)
    assert len(sample) >= 80 and all(len(row) == 3 for row in sample)


def test_a_late_broken_character_in_a_big_file_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "SMALL", 1 << 14)
    monkeypatch.setattr(text, "_BLOCK", 1 << 13)
    monkeypatch.setattr(text, "_WINDOW", 1 << 8)
    raw = bytearray("".join(f"{i:06d},心内科,1\n" for i in range(20_000)).encode("gbk"))
    monkeypatch.setattr(text, "_WINDOWS", 2)
    raw[100_007:100_009] = b"\x81\n"
    read = opened(tmp_path, bytes(raw))
    assert read.encoding == "gb18030"
    assert sum("\ufffd" in str(row) for row in read.sheets[0].csv.records()) == 1


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\t\r\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b",,,\n,,,\n", "file_no_cells"),
        (bytes(range(256)) * 50, "file_unsupported"),
        ("a,b\n".encode("utf-32"), "file_encoding"),
        (b"\x81\xff\xfe\x80\n" * 50, "file_encoding"),
        (b'{"a": [1, 2]}', "file_unsupported"),
        (",".join("x" * 5_000).encode(), "file_too_many_columns"),
    ],
)
def test_text_that_is_refused(raw: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refusal:
        opened(tmp_path, raw)
    assert refusal.value.code == code


def test_formula_text_stays_text(tmp_path: Path) -> None:
    raw = "科室,金额\n=cmd|'/C calc'!A0,@SUM(1+9)\n+1,-2\n".encode()
    assert opened(tmp_path, raw).sheets[0].head()[1:] == [["=cmd|'/C calc'!A0", "@SUM(1+9)"], ["+1", "-2"]]
