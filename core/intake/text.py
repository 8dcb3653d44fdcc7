"""Delimited text: which encoding, which delimiter, how many columns; big files are only sampled.

Order of encodings: byte order mark, zero bytes (UTF-16 without a mark), strict UTF-8, strict GB18030
(which contains GBK and GB2312). A statistical guesser is not used: on short Chinese text it answers
Korean. A file with a few broken characters, as fixed-width exports leave them, is read in the better
of the two encodings with the broken places shown as U+FFFD.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from core.intake.refusal import FileRefused
from core.intake.sheets import CsvSource, Opened, Sheet

MARK = codecs.BOM_UTF8.decode("utf-8")
BROKEN = b"\xff".decode("utf-8", errors="replace")  # what stands for an undecodable place
SMALL = 8 << 20  # bytes up to which a file is looked at whole
_WINDOW = 1 << 16
_WINDOWS = 64
_PIECE = 1 << 15  # characters of a window that are split into fields
_BLOCK = 1 << 20
_DELIMITERS = ("\t", ";", "|", ",")
_THOUSANDS = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
_SEPARATOR_LINE = re.compile(rf"\A{MARK}?sep=(.)\r?\n", re.IGNORECASE)
_KINDS = {"\t": "tsv", "": "txt"}
_HIGH = bytes(range(128, 256))
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\f\x1a\x1b")
MAX_FIELD = 1 << 24
MAX_COLUMNS = 4_096
MAX_BROKEN = 0.001  # of the characters beyond ASCII

csv.field_size_limit(MAX_FIELD)


@dataclass(frozen=True)
class Decoding:
    """How bytes become text. `broken` is True when some places cannot be decoded and show as U+FFFD."""

    encoding: str
    broken: bool = False


def open_text(path: Path, name: str, workdir: Path) -> Opened:
    """A delimited text file as one sheet."""
    raw = sampled(path)
    decoding = detect(raw, name, whole=path.stat().st_size <= SMALL)
    source = path
    head = raw[0][:256].decode(decoding.encoding, errors="replace")
    separator = _SEPARATOR_LINE.match(head)
    if separator or decoding.broken or not decoding.encoding.startswith("utf-8"):
        source = transcode(path, name, workdir, decoding, skip=separator.end() if separator else 0)
    return Opened(*_sheet(source, name, decoding, separator.group(1) if separator else ""))


def sampled(path: Path) -> list[bytes]:
    """The whole file if small, else its head, evenly spaced windows, and its tail."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        if size <= SMALL:
            return [stream.read()]
        windows = [stream.read(_BLOCK)]
        for i in range(1, _WINDOWS):
            stream.seek(_BLOCK + (size - 2 * _BLOCK) * i // _WINDOWS & ~1)
            windows.append(stream.read(_WINDOW))
        stream.seek((size - _BLOCK) & ~1)
        windows.append(stream.read(_BLOCK))
    return windows


def detect(windows: list[bytes], name: str, whole: bool) -> Decoding:
    """The encoding of a file from pieces of it; the first piece starts at byte 0."""
    head = windows[0]
    if not b"".join(windows).strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileRefused("file_empty", {"name": name})
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise FileRefused("file_encoding", {"name": name}, "utf-32")
    marks = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
    for mark, encoding in marks:
        if head.startswith(mark):
            return Decoding(encoding)
    if any(b"\0" in window for window in windows):
        return Decoding(_zeros(windows, name))
    marked = head.startswith(codecs.BOM_UTF8)
    candidates = ("utf-8",) if marked else ("utf-8", "gb18030")
    errors = {encoding: sum(_errors(w, encoding, whole) for w in windows) for encoding in candidates}
    beyond = sum(len(w) - len(w.translate(None, _HIGH)) for w in windows)
    # One broken character must not turn a UTF-8 file into GB18030, where almost any bytes pass.
    nearly = errors["utf-8"] <= min(max(1, MAX_BROKEN * beyond), 0.05 * beyond)
    best = "utf-8" if nearly else min(candidates, key=lambda encoding: errors[encoding])
    if errors[best] > max(1, MAX_BROKEN * beyond):
        raise FileRefused("file_encoding", {"name": name}, str(errors))
    _refuse_binary(windows, name)
    return Decoding("utf-8-sig" if marked else best, broken=errors[best] > 0)


def _refuse_binary(windows: list[bytes], name: str) -> None:
    control = sum(len(w) - len(w.translate(None, _CONTROL)) for w in windows)
    if control > 0.01 * sum(map(len, windows)):
        raise FileRefused("file_unsupported", {"name": name, "kind": "?"}, f"{control} control characters")


def _zeros(windows: list[bytes], name: str) -> str:
    """UTF-16 without a mark: digits, delimiters and line ends leave a zero in every second byte."""
    even = sum(window[0::2].count(0) for window in windows)
    odd = sum(window[1::2].count(0) for window in windows)
    length = sum(map(len, windows)) / 2
    if max(even, odd) < 0.02 * length or min(even, odd) > 0.1 * max(even, odd):
        raise FileRefused("file_unsupported", {"name": name, "kind": "?"}, "zero bytes")
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    _refuse_binary(
        [window.decode(encoding, errors="replace").encode("utf-8", "replace") for window in windows], name
    )
    return encoding


def _errors(window: bytes, encoding: str, whole: bool) -> int:
    """Undecodable places. A window cut out of a big file may begin and end inside a character."""
    try:
        window.decode(encoding)
        return 0
    except UnicodeDecodeError:
        pass
    if not whole:
        # Line ends are never part of a character in either encoding, so whole lines are judged.
        window = window[window.find(b"\n") + 1 : window.rfind(b"\n") + 1]
    return window.decode(encoding, errors="replace").count(BROKEN)


def transcode(path: Path, name: str, workdir: Path, decoding: Decoding, skip: int = 0) -> Path:
    """Stream a file into UTF-8 without a mark, memory flat; `skip` characters at the start are left out."""
    target = workdir / f"{path.stem[:40]}.utf8.txt"
    decoder = codecs.getincrementaldecoder(decoding.encoding)("replace" if decoding.broken else "strict")
    try:
        with path.open("rb") as source, target.open("wb") as out:
            first = True
            while block := source.read(_BLOCK):
                text = decoder.decode(block)
                if first:
                    text, first = text.removeprefix(MARK)[skip:], False
                out.write(text.encode("utf-8", "replace"))
            out.write(decoder.decode(b"", True).encode("utf-8", "replace"))
    except UnicodeDecodeError as problem:
        if decoding.encoding.startswith("utf-16"):
            raise FileRefused("file_truncated", {"name": name}, str(problem)) from None
        # The sample was clean, a place between the windows is not: show it instead of giving up.
        return transcode(path, name, workdir, Decoding(decoding.encoding, broken=True), skip)
    return target


def _sheet(path: Path, name: str, decoding: Decoding, separator: str) -> tuple[str, str, list[Sheet]]:
    size = path.stat().st_size
    texts = [w.decode("utf-8-sig", errors="replace") for w in sampled(path)]
    if len(texts) > 1:
        head, *middle, tail = texts
        middle = [text[:_PIECE] for text in middle]
        tail = tail[-8 * _PIECE :]
        texts = [head[: head.rfind("\n", 0, 8 * _PIECE) + 1]]
        texts += [text[text.find("\n") + 1 : text.rfind("\n") + 1] for text in (*middle, tail)]
    delimiter = separator or find_delimiter(texts)
    quote = find_quote(texts[0], delimiter, whole=len(texts) == 1)
    source = CsvSource(path, delimiter or "\t", quote, 0, 0)
    widths: Counter[int] = Counter()
    columns = rows = last = 0
    for text in texts:
        for record in source.fields_of(io.StringIO(text, newline="")):
            rows += 1
            widths[len(record)] += 1
            used = next((i for i in range(len(record), 0, -1) if record[i - 1] != ""), 0)
            columns = max(columns, used)
            last = rows if used else last
    if not columns:
        raise FileRefused("file_no_cells", {"name": name})
    if columns > MAX_COLUMNS:
        raise FileRefused(
            "file_too_many_columns", {"name": name, "sheet": name, "columns": columns, "limit": MAX_COLUMNS}
        )
    exact = len(texts) == 1
    seen = sum(len(t.encode()) for t in texts)
    sheet = Sheet(
        name="",
        hidden=False,
        row_count=last if exact else round(rows * size / max(seen, 1)),
        col_count=columns,
        csv=CsvSource(
            path,
            delimiter or "\t",
            quote,
            columns,
            max(widths),
            widths[0] > 0,
            len(widths - Counter({0: widths[0]})) > 1,
        ),
        row_count_exact=exact,
    )
    return _KINDS.get(delimiter, "csv"), decoding.encoding, [sheet]


def find_delimiter(texts: list[str]) -> str:
    """The delimiter that splits the most records into the same number of fields; '' if none does.

    Commas inside grouped numbers (1,234.50) do not count once another delimiter does the work.
    """
    lines = [line for text in texts for line in text[: 1 << 18].splitlines()[:400] if line.strip()]
    scores: dict[str, tuple[float, int]] = {}
    for delimiter in _DELIMITERS:
        counted = lines
        if delimiter == "," and any(score[0] >= 0.6 for score in scores.values()):
            counted = [_THOUSANDS.sub("0", line) for line in lines]
        scores[delimiter] = _regularity(counted, delimiter)
    best = max(_DELIMITERS, key=lambda d: (round(scores[d][0], 1), scores[d][1]))
    return best if scores[best][0] >= 0.3 else ""


def _regularity(lines: list[str], delimiter: str) -> tuple[float, int]:
    """(share of lines with the commonest number of fields above one, that number)."""
    counts = Counter(line.count(delimiter) for line in csv_plain(lines, delimiter))
    counts.pop(0, None)
    if not counts or not lines:
        return 0.0, 0
    fields, hits = max(counts.items(), key=lambda item: (item[1], item[0]))
    return hits / len(lines), fields + 1


def csv_plain(lines: list[str], delimiter: str) -> list[str]:
    """Lines with quoted fields blanked, so that delimiters inside them are not counted."""
    pattern = re.compile(rf'(?:(?<=^)|(?<={re.escape(delimiter)}))"(?:[^"]|"")*"')
    return [pattern.sub("", line) if '"' in line else line for line in lines]


def find_quote(text: str, delimiter: str, whole: bool) -> str:
    """'"' if fields are quoted, '' if quote marks are only inch signs and the like inside the text."""
    edge = re.escape(delimiter or "\t")
    if not re.search(rf'(?:\A|[\r\n]|{edge})"', text):
        return ""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or "\t", strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as problem:
        if "unexpected end" in str(problem) and not whole:
            return '"'
        closed = re.search(rf'(?:\A|[\r\n]|{edge})"(?:[^"\r\n]|"")*"(?={edge}|[\r\n]|\Z)', text)
        return '"' if closed and "expected after" in str(problem) else ""
    return '"'
