"""Zip workbooks: which parts are sheets, what their layout is, and their cells.

The cells come from the fast reader, the layout (merges, hidden rows and columns) from the parts.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from core.intake import sheetxml, xlsb
from core.intake.archive import MAX_SMALL_PART, Archive, normal
from core.intake.ods import ods_layouts
from core.intake.refusal import FileRefused
from core.intake.sheets import NO_CACHED_VALUE, Opened, Sheet
from core.intake.workbook import (
    CHINESE_DATES,
    EPOCH,
    EPOCH_1904,
    MAX_CELLS,
    Cells,
    check_size,
    date_text,
    sheet_of,
)

_ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_FOREIGN = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "index/document.iwa": "numbers"}


@dataclass(frozen=True)
class _Part:
    name: str
    part: str
    is_cells: bool


Layouts = dict[str, tuple[_Part, sheetxml.SheetXml, dict[tuple[int, int], str]]]


def open_package(path: Path, name: str, workdir: Path) -> Opened:
    """A zip workbook, by its parts. Anything else in a zip is named and refused."""
    archive = Archive(path, name)
    if normal("xl/workbook.xml") in archive.parts or _find(archive, "workbook.xml"):
        return _open_xlsx(archive, workdir)
    if _find(archive, "workbook.bin"):
        return _open_xlsb(archive, workdir)
    if "content.xml" in archive.parts:
        return _open_ods(archive, workdir)
    foreign = next((kind for part, kind in _FOREIGN.items() if part in archive.parts), "zip")
    raise FileRefused("file_unsupported", {"name": name, "kind": foreign})


def _find(archive: Archive, tail: str) -> str:
    return next((part for part in archive.parts if posixpath.basename(part) == tail), "")


def _open_xlsx(archive: Archive, workdir: Path) -> Opened:
    archive.check_declared()
    archive.check_heads()
    main = _find(archive, "workbook.xml")
    book = archive.tree(main)
    parts = _sheet_parts(archive, main, book)
    dates = _chinese_date_styles(archive, main)
    early = any(
        element.get("date1904") in ("1", "true") for element in book.iter() if _local(element) == "workbookPr"
    )
    epoch = EPOCH_1904 if early else EPOCH
    layouts: Layouts = {}
    for part in parts:
        layout = sheetxml.SheetXml()
        patch: dict[tuple[int, int], str] = {}
        if part.is_cells and part.part in archive.parts:
            layout = sheetxml.scan(archive.chunks(part.part))
            _check_extent(archive, part, layout)
            patch = dict.fromkeys(layout.bare, NO_CACHED_VALUE)
            if dates:
                for row, column, number in sheetxml.styled(archive.chunks(part.part), dates):
                    patch[(row, column)] = date_text(epoch, number)
        layouts[part.name] = (part, layout, patch)
    _prove(archive, "sharedstrings.xml")
    kind = "xlsm" if _find(archive, "vbaproject.bin") else "xlsx"
    return _read(archive, kind, workdir, layouts)


def _open_xlsb(archive: Archive, workdir: Path) -> Opened:
    archive.check_declared()
    archive.check_heads()
    main = _find(archive, "workbook.bin")
    targets = _targets(archive, main)
    layouts: Layouts = {}
    for sheet_name, identity in xlsb.sheets(archive.small(main)):
        part, kind = targets.get(identity, ("", "worksheet"))
        layout = sheetxml.SheetXml()
        if part in archive.parts and archive.parts[part].file_size <= MAX_SMALL_PART:
            layout = xlsb.layout(archive.small(part))
        layouts[sheet_name] = (_Part(sheet_name, part, kind == "worksheet"), layout, {})
    _prove(archive, "sharedstrings.bin")
    return _read(archive, "xlsb", workdir, layouts)


def _prove(archive: Archive, tail: str) -> None:
    """Inflate a part that the reader will take whole, only to see that it is as small as it says."""
    for part in archive.parts:
        if part.endswith(tail):
            for _ in archive.chunks(part):
                pass


def _read(
    archive: Archive,
    kind: str,
    workdir: Path,
    layouts: Layouts,
) -> Opened:
    cells = Cells(archive.path, archive.name, "xlsx" if kind == "xlsm" else kind, workdir)
    sheets: list[Sheet] = []
    for index, sheet_name in enumerate(cells.sheet_names):
        part, layout, patch = layouts.get(sheet_name, (None, sheetxml.SheetXml(), {}))
        if part is not None and not part.is_cells:
            continue
        hidden, table = cells.table(index, patch)
        if not table.num_columns:
            continue
        sheet = sheet_of(sheet_name, hidden, table, layout.merged, layout.hidden_rows, layout.hidden_cols)
        sheet.not_calculated = len(layout.bare)
        sheets.append(sheet)
    return Opened(kind, "", sheets)


def _targets(archive: Archive, main: str) -> dict[str, tuple[str, str]]:
    """Relationship id -> (part, kind of part) for the workbook part."""
    folder = posixpath.dirname(main)
    rels = f"{folder}/_rels/{posixpath.basename(main)}.rels".lstrip("/")
    targets: dict[str, tuple[str, str]] = {}
    for relation in archive.tree(rels) if rels in archive.parts else ():
        target = (relation.get("Target") or "").replace("\\", "/")
        full = target if target.startswith("/") else f"{folder}/{target}"
        kind = (relation.get("Type") or "").rsplit("/", 1)[-1]
        targets[relation.get("Id") or ""] = (normal(posixpath.normpath(full)), kind)
    return targets


def _sheet_parts(archive: Archive, main: str, book: ElementTree.Element) -> list[_Part]:
    targets = _targets(archive, main)
    found = []
    for element in book.iter():
        if _local(element) == "sheet":
            identity = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            part, kind = targets.get(identity, ("", "worksheet"))
            found.append(_Part(element.get("name") or "", part, kind == "worksheet"))
    return found


def _check_extent(archive: Archive, part: _Part, layout: sheetxml.SheetXml) -> None:
    """Stop a sheet whose cells lie so far apart that the reader would fill memory with blanks."""
    if layout.rows * layout.columns > MAX_CELLS or layout.far:
        rows, columns = sheetxml.extent(archive.chunks(part.part))
        check_size(archive.name, part.name, rows, columns)


def _chinese_date_styles(archive: Archive, main: str) -> frozenset[int]:
    part = f"{posixpath.dirname(main)}/styles.xml".lstrip("/")
    if part not in archive.parts:
        return frozenset()
    root = archive.tree(part)
    written = {e.get("numFmtId") for e in root.iter() if _local(e) == "numFmt"}
    chinese = {str(number) for number in CHINESE_DATES} - written
    styles = next((e for e in root if _local(e) == "cellXfs"), None)
    if styles is None:
        return frozenset()
    return frozenset(index for index, style in enumerate(styles) if style.get("numFmtId") in chinese)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _open_ods(archive: Archive, workdir: Path) -> Opened:
    mime = archive.small("mimetype")[:100] if "mimetype" in archive.parts else _ODS_MIME
    if not mime.startswith(_ODS_MIME):
        kind = mime.decode("ascii", "replace").rsplit(".", 1)[-1]
        raise FileRefused("file_unsupported", {"name": archive.name, "kind": f"OpenDocument {kind}"})
    manifest = "meta-inf/manifest.xml"
    if manifest in archive.parts and b"encryption-data" in archive.small(manifest):
        raise FileRefused("file_password", {"name": archive.name})
    archive.check_declared()
    archive.check_heads()
    layouts: Layouts = {
        sheet: (_Part(sheet, "content.xml", True), layout, {})
        for sheet, layout in ods_layouts(archive).items()
    }
    return _read(archive, "ods", workdir, layouts)
