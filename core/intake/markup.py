"""HTML tables saved as .xls, as many hospital systems export them.

Read with a tokeniser for the handful of tags that matter: exports leave tags unclosed, and tens of
megabytes of them must not take minutes.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from core.intake.grid import Grid, decode, span
from core.intake.refusal import FileRefused
from core.intake.sheets import Opened
from core.intake.text import MAX_COLUMNS
from core.intake.workbook import number_text

MAX_NESTING = 50
_TOKEN = re.compile(
    r"<!--.*?-->|<(script|style|title)\b.*?</\1\s*>|<(/?)([a-zA-Z][\w:-]*)([^>]*)>", re.DOTALL | re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*collapse)", re.IGNORECASE)
_BARE_HIDDEN = re.compile(r"\shidden(?![\w-])", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class _Table:
    """An HTML table being read: its grid, where the next cell goes, and what spans reach down."""

    def __init__(self, name: str) -> None:
        self.grid = Grid(name)
        self.row, self.column = -1, 0
        self.open = False
        self.text: list[str] = []
        self.spans: dict[int, int] = {}  # column -> last row that a rowspan covers
        self.exact = ""
        self.caption: list[str] | None = None

    def start_row(self, attributes: dict[str, str]) -> None:
        self.end_cell()
        self.row, self.column = self.row + 1, 0
        if _HIDDEN.search(attributes.get("style", "")) or "hidden" in attributes:
            self.grid.hidden_rows.add(self.row)

    def start_cell(self, attributes: dict[str, str]) -> None:
        if self.row < 0:
            self.start_row({})
        self.end_cell()
        while self.spans.get(self.column, -1) >= self.row:
            self.column += 1
        self.open, self.text, self.exact = True, [], attributes.get("x:num", "")
        self.wide = span(attributes.get("colspan"))
        self.tall = span(attributes.get("rowspan"))

    def end_cell(self) -> None:
        if not self.open:
            return
        self.open = False
        text = (
            _BLANKS.sub(" ", html.unescape("".join(self.text))).replace(" \x0b", "\n").replace("\x0b", "\n")
        )
        text = "\n".join(line.strip(" ") for line in text.split("\n")).strip("\n")
        if self.exact and _NUMBER.fullmatch(self.exact):
            text = number_text(self.exact)  # Excel's own HTML: shown text is rounded, this is the value
        self.grid.put(self.row, self.column, text)
        if self.wide > 1 or self.tall > 1:
            last = min(self.column + self.wide, MAX_COLUMNS) - 1
            self.grid.merged.append((self.row, self.column, self.row + self.tall - 1, last))
            for column in range(self.column, last + 1):
                self.spans[column] = self.row + self.tall - 1
        self.column += self.wide


def open_html(path: Path, name: str) -> Opened:
    """Every HTML table with cells, in order of appearance; tables inside tables are sheets of their own."""
    text, encoding = decode(path, name)
    named = _SHEET_NAME.findall(text[: 1 << 16])
    done: list[_Table] = []
    stack: list[_Table] = []
    at = 0
    for token in _TOKEN.finditer(text):
        if stack:
            _text(stack[-1], text[at : token.start()])
        at = token.end()
        tag = (token.group(3) or "").lower()
        if tag:
            _tag(tag, bool(token.group(2)), token.group(4), stack, done, name)
    if stack:
        _text(stack[-1], text[at:])
    while stack:
        _close(stack)
    if not done:
        raise FileRefused("file_not_a_table", {"name": name})
    tables = [table for table in done if table.grid.rows]
    for number, table in enumerate(tables, 1):
        caption = _BLANKS.sub(" ", html.unescape("".join(table.caption or []))).strip()
        from_excel = html.unescape(named[number - 1]) if len(named) == len(tables) else ""
        table.grid.sheet = caption or from_excel or f"table{number}"
    return Opened("html", encoding, [table.grid.as_sheet() for table in tables])


def _tag(tag: str, closing: bool, raw: str, stack: list[_Table], done: list[_Table], name: str) -> None:
    if tag == "table":
        if closing:
            if stack:
                _close(stack)
        else:
            if len(stack) >= MAX_NESTING:
                raise FileRefused("file_damaged", {"name": name}, "tables nested too deep")
            stack.append(_Table(name))
            done.append(stack[-1])
        return
    if not stack:
        return
    table = stack[-1]
    if tag in ("td", "th"):
        if closing:
            table.end_cell()
        else:
            table.start_cell(_attributes(raw))
    elif tag == "tr":
        if closing:
            table.end_cell()
        else:
            table.start_row(_attributes(raw))
    elif tag in ("br", "p", "div") and table.open and (tag == "br" or (closing and table.text)):
        table.text.append("\x0b")
    elif tag == "caption":
        table.caption = [] if not closing else table.caption


def _close(stack: list[_Table]) -> None:
    stack.pop().end_cell()


def _text(table: _Table, text: str) -> None:
    if table.open:
        table.text.append(text)
    elif table.caption is not None and table.row < 0:
        table.caption.append(text)


def _attributes(raw: str) -> dict[str, str]:
    found = (
        {m[0].lower(): html.unescape(m[1] or m[2] or m[3]) for m in _ATTRIBUTE.findall(raw)}
        if "=" in raw
        else {}
    )
    if _BARE_HIDDEN.search(raw):
        found["hidden"] = ""
    return found
