"""One cheap pass over a worksheet part for what the spreadsheet library leaves out.

The part is inflated once before it is parsed, which also proves that it is not a bomb. Whole-chunk
searches decide whether the slower patterns need to run at all, so a plain sheet costs little more
than its inflation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.intake.sheets import Merge

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_COL = re.compile(rb"<(?:\w+:)?col\b([^>]*)>")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)\"")
_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER = {key: re.compile(rb"\b" + key + rb"=[\"'](\d+)[\"']") for key in (b"r", b"min", b"max")}
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?\bref=\"(?:[A-Z]+\d+:)?([A-Z]+)(\d+)\"")
# A formula without any cached value; one whose cached value is an empty text is a result, not a gap.
_BARE_FORMULA = re.compile(
    rb"<c r=\"([A-Z]+)(\d+)\"([^>]*)><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(<v ?/>|<v></v>)?</c>"
)
_MAYBE_BARE = (b"</f></c>", b"/></c>", b"</f><v></v></c>")  # shortest evidence, before the pattern runs
# A cell with content at or beyond column AAA. Formatted empty cells out there are common and harmless.
_FAR = re.compile(rb"r=\"([A-Z]{3})(\d+)\"(?:[^<>]*[^/<>])?>(?!</)")
_ANY = re.compile(rb"r=\"([A-Z]{1,3})(\d+)\"(?:[^<>]*[^/<>])?>(?!</)")
_LAST_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=\"(\d+)\"")

MAX_NOTES = 200_000  # bare formulas or merges remembered of one sheet


@dataclass
class SheetXml:
    """Layout of a worksheet part. Rows and columns are 0-based.

    far      whether a cell beyond column ZZ has content
    bare     formula cells without a cached value
    rows     number of the last row element, which may be an empty formatted one
    stated   (rows, columns) of the dimension element; not to be trusted
    """

    merged: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    bare: list[tuple[int, int]] = field(default_factory=list)
    far: bool = False
    rows: int = 0
    stated: tuple[int, int] | None = None
    formulas: bool = False

    @property
    def columns(self) -> int:
        """Columns to expect, as stated; not more than ZZ unless `far`."""
        return min(self.stated[1], 702) if self.stated is not None else 702


def scan(chunks: Iterable[bytes]) -> SheetXml:
    """Read the layout of a worksheet from the inflated bytes of its part."""
    found = SheetXml()
    held = b""
    first = True
    for chunk in chunks:
        held += chunk
        if first and len(held) < 4096 and b"<sheetData" not in held:
            continue
        if first:
            _preamble(found, held)
            first = False
        cut = held.rfind(b"</row>") + 6
        if cut < 6:
            cut = held.rfind(b">") + 1
        _body(found, held[:cut])
        held = held[cut:]
    if first:
        _preamble(found, held)
    _body(found, held)
    return found


def extent(chunks: Iterable[bytes]) -> tuple[int, int]:
    """(rows, columns) up to the last cell with content, by looking at every cell; slow and exact."""
    rows, columns = 0, 0
    held = b""
    for chunk in chunks:
        held += chunk
        cut = held.rfind(b">") + 1
        cells = _ANY.findall(held[:cut])
        if cells:
            rows = max(rows, int(cells[-1][1]))
            columns = max(columns, *(column(letters) + 1 for letters in {cell[0] for cell in cells}))
        held = held[cut:]
    return rows, columns


def styled(chunks: Iterable[bytes], styles: frozenset[int]) -> list[tuple[int, int, float]]:
    """(row, column, number) of the number cells that carry one of these cell styles."""
    wanted = b"|".join(str(style).encode() for style in sorted(styles))
    pattern = re.compile(
        rb"r=\"([A-Z]+)(\d+)\" s=\"(?:"
        + wanted
        + rb")\"(?: t=\"n\")?>(?:<f\b(?:[^>]*/>|[^>]*>[^<]*</f>))?<v>([-+.\dEe]+)</v>"
    )
    found: list[tuple[int, int, float]] = []
    held = b""
    for chunk in chunks:
        held += chunk
        cut = held.rfind(b"</c>") + 4
        if cut < 4:
            continue
        for letters, row, number in pattern.findall(held[:cut]):
            found.append((int(row) - 1, column(letters), float(number)))
        held = held[cut:]
    return found


def column(letters: bytes) -> int:
    """0-based column of its letters: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _preamble(found: SheetXml, head: bytes) -> None:
    match = _DIMENSION.search(head)
    if match:
        found.stated = (int(match.group(2)), column(match.group(1)) + 1)


def _body(found: SheetXml, text: bytes) -> None:
    if b"hidden=" in text:
        _hidden(found, text)
    if b"mergeCell " in text and len(found.merged) < MAX_NOTES:
        for c0, r0, c1, r1 in _MERGE.findall(text):
            found.merged.append((int(r0) - 1, column(c0), int(r1) - 1, column(c1)))
    found.formulas = found.formulas or b"</f>" in text
    if found.formulas and any(mark in text for mark in _MAYBE_BARE) and len(found.bare) < MAX_NOTES:
        for letters, row, attributes, empty in _BARE_FORMULA.findall(text):
            if not (empty and b't="str"' in attributes):
                found.bare.append((int(row) - 1, column(letters)))
    found.far = found.far or _FAR.search(text) is not None
    last = text.rfind(b"<row ")
    match = _LAST_ROW.match(text, last) if last >= 0 else None
    if match:
        found.rows = max(found.rows, int(match.group(1)))


def _hidden(found: SheetXml, text: bytes) -> None:
    for match in _ROW.finditer(text):
        if _HIDDEN.search(match.group(1)):
            number = _NUMBER[b"r"].search(match.group(1))
            if number:
                found.hidden_rows.add(int(number.group(1)) - 1)
    for match in _COL.finditer(text):
        if _HIDDEN.search(match.group(1)):
            first, last = (_NUMBER[key].search(match.group(1)) for key in (b"min", b"max"))
            if first and last:
                found.hidden_cols.update(range(int(first.group(1)) - 1, min(int(last.group(1)), 16_384)))
