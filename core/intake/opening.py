"""Open any spreadsheet-like file by what is in it, never by what it is called.

    opened = open_file(path, "2025-03.xls", workdir)

Run it in a child process (core.intake.limits): the spreadsheet library can take all memory or abort
on a hostile file, which no exception handler survives.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from core.intake import compound
from core.intake.biff import open_xls
from core.intake.markup import open_html
from core.intake.package import open_package
from core.intake.refusal import FileRefused
from core.intake.sheets import Opened
from core.intake.spreadsheetml import open_spreadsheetml
from core.intake.text import MARK, SMALL, detect, open_text, sampled

_HEAD = 1 << 16
_FOREIGN = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"RIFF", "riff"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\0", "sqlite"),
    (b"ID;P", "slk"),
    (b"{\\rtf", "rtf"),
    (b"MIME-Version:", "mhtml"),
    (b"\x09\x00\x04\x00", "Excel 2"),
    (b"\x09\x02\x06\x00", "Excel 3"),
    (b"\x09\x04\x06\x00", "Excel 4"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_TEXT_MAGICS = (b"BM", b"MZ", b"RIFF", b"GIF8", b"BZh")  # could also begin a line of plain text
_SPREADSHEETML = re.compile(
    r"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL
)
_TAG = re.compile(r"<(?:!doctype|\?xml|!--|/?[a-z][\w:-]*[\s/>])", re.IGNORECASE)
_HTML = re.compile(r"<(?:html|head|body|table|meta|div|!doctype\s+html)\b", re.IGNORECASE)


def open_file(path: Path, name: str, workdir: Path) -> Opened:
    """Open a file by its content.

    path     the bytes, under any file name
    name     what the person calls it; used in refusals only
    workdir  an existing folder for a transcoded copy; lives as long as the result is used
    Raises FileRefused, and whatever the reader's own faults are (see core.intake.limits).
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise FileRefused("file_empty", {"name": name})
    opened = _open(path, name, workdir, head)
    if not opened.sheets:
        raise FileRefused("file_no_cells", {"name": name})
    return opened


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """What a file holds, as JSON, for a child process: request {path, name, workdir, rows}.

    Each sheet: name, hidden, rows, columns, merged, hidden_rows, hidden_cols and its first `rows` rows.
    """
    opened = open_file(Path(request["path"]), request["name"], Path(request["workdir"]))
    sheets = [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "rows": sheet.row_count,
            "columns": sheet.col_count,
            "merged": sheet.merged,
            "hidden_rows": sorted(sheet.hidden_rows),
            "hidden_cols": sorted(sheet.hidden_cols),
            "head": sheet.head(int(request.get("rows", 20))),
        }
        for sheet in opened.sheets
    ]
    return {"kind": opened.kind, "encoding": opened.encoding, "sheets": sheets}


def _open(path: Path, name: str, workdir: Path, head: bytes) -> Opened:
    if head.startswith(b"PK"):
        return open_package(path, name, workdir)
    if head.startswith(compound.MAGIC):
        return open_xls(path, name, workdir)
    for magic, kind in _FOREIGN:
        if head.startswith(magic) and not (magic in _TEXT_MAGICS and _is_text(path, name)):
            raise FileRefused("file_unsupported", {"name": name, "kind": kind})
    markup = _markup(path, name, head)
    if markup == "xml":
        return open_spreadsheetml(path, name)
    if markup == "html":
        return open_html(path, name)
    if markup:
        raise FileRefused("file_unsupported", {"name": name, "kind": markup})
    if _is_json(path, head):
        raise FileRefused("file_unsupported", {"name": name, "kind": "json"})
    return open_text(path, name, workdir)


def _is_json(path: Path, head: bytes) -> bool:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[") or path.stat().st_size > SMALL:
        return False
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return True


def _markup(path: Path, name: str, head: bytes) -> str:
    """'xml' for SpreadsheetML, 'html', another name for other markup, '' for plain text."""
    if b"<" not in head:
        return ""
    text = _as_text(path, name, head).lstrip(MARK + " \t\r\n")
    if not _TAG.match(text):
        return ""
    if _SPREADSHEETML.search(text):
        return "xml"
    if _HTML.search(text):
        return "html"
    if "<!ENTITY" in text:
        raise FileRefused("file_external_entity", {"name": name})
    return "xml document" if text.startswith("<?xml") else ""


def _as_text(path: Path, name: str, head: bytes) -> str:
    try:
        encoding = detect([head], name, whole=False).encoding
    except FileRefused as refusal:
        if refusal.code != "file_encoding":
            raise
        encoding = "latin-1"  # only tags are looked for here
    return head.decode(encoding, errors="replace")


def _is_text(path: Path, name: str) -> bool:
    try:
        detect(sampled(path), name, whole=False)
    except FileRefused:
        return False
    return True
