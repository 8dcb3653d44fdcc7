"""Zip packages (xlsx, xlsm, xlsb, ods) read with a cap, before any spreadsheet library sees them.

A zip states how large each part will become; a hostile one lies. Parts are therefore inflated here
in small steps against both the stated size and the caps, whatever the directory says.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from core.intake.refusal import FileRefused

MAX_PARTS = 20_000
MAX_INFLATED = 3 << 30  # bytes of all table-bearing parts together
MAX_RATIO = 250  # inflated : packed, looked at once a part is larger than RATIO_FROM
RATIO_FROM = 64 << 20
MAX_SMALL_PART = 64 << 20  # parts that are parsed as a tree: workbook, relationships, manifest
_CHUNK = 1 << 20
_DOCTYPE_HEAD = 4096


class Archive:
    """The parts of one zip package, addressed without regard to case or slash direction."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        try:
            with zipfile.ZipFile(path) as packed:
                infos = packed.infolist()
        except zipfile.BadZipFile as problem:
            raise FileRefused("file_truncated", {"name": name}, str(problem)) from None
        except (ValueError, OSError, NotImplementedError, struct.error, UnicodeDecodeError) as problem:
            raise FileRefused("file_damaged", {"name": name}, repr(problem)) from None
        if len(infos) > MAX_PARTS:
            raise FileRefused("file_damaged", {"name": name}, f"{len(infos)} parts")
        self.parts = {normal(info.filename): info for info in infos if not info.is_dir()}
        self._inflated = 0

    def check_declared(self) -> None:
        """Refuse on what the directory itself admits; the true sizes are checked while inflating."""
        tables = [info for part, info in self.parts.items() if is_table_part(part)]
        if any(info.flag_bits & 1 for info in tables):
            raise FileRefused("file_password", {"name": self.name})
        self._check_ratio(sum(i.file_size for i in tables), sum(i.compress_size for i in tables))
        for info in tables:
            self._check_ratio(info.file_size, info.compress_size)

    def chunks(self, part: str) -> Iterator[bytes]:
        """The inflated bytes of a part, about 1 MiB at a time, each step checked against the caps."""
        info = self.parts[part]
        try:
            yield from self._inflate(info)
        except (zlib.error, OSError, struct.error) as problem:
            raise FileRefused("file_damaged", {"name": self.name}, f"{part}: {problem!r}") from None

    def small(self, part: str) -> bytes:
        """A whole part that is parsed as a tree."""
        held = bytearray()
        for chunk in self.chunks(part):
            held += chunk
            if len(held) > MAX_SMALL_PART:
                raise self._bomb(len(held), self.parts[part].compress_size)
        return bytes(held)

    def tree(self, part: str) -> ElementTree.Element:
        """A part as an XML tree. A document type declaration is refused before it is parsed."""
        raw = self.small(part)
        self.refuse_entities(raw)
        try:
            return ElementTree.fromstring(raw)
        except ElementTree.ParseError as problem:
            raise FileRefused("file_damaged", {"name": self.name}, f"{part}: {problem}") from None

    def refuse_entities(self, head: bytes) -> None:
        """Spreadsheet parts never carry a DOCTYPE; one that does is trying to pull something in."""
        start = head[:_DOCTYPE_HEAD].replace(b"\0", b"")
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise FileRefused("file_external_entity", {"name": self.name})

    def check_heads(self) -> None:
        """Look for document type declarations at the start of every XML part the reader will open."""
        for part in self.parts:
            if part.endswith((".xml", ".rels")) and is_table_part(part):
                self.refuse_entities(next(self.chunks(part), b""))

    def _inflate(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            stream.seek(info.header_offset)
            header = stream.read(30)
            if len(header) < 30 or header[:4] != b"PK\x03\x04":
                raise FileRefused("file_damaged", {"name": self.name}, f"no local header: {info.filename}")
            name_length, extra_length = struct.unpack("<HH", header[26:30])
            stream.seek(name_length + extra_length, 1)
            yield from self._counted(info, _steps(stream, info))

    def _counted(self, info: zipfile.ZipInfo, steps: Iterator[bytes]) -> Iterator[bytes]:
        seen = 0
        for chunk in steps:
            seen += len(chunk)
            self._inflated += len(chunk)
            self._check_ratio(seen, info.compress_size)
            if self._inflated > MAX_INFLATED:
                raise FileRefused(
                    "file_too_large",
                    {"name": self.name, "megabytes": self._inflated >> 20, "limit": MAX_INFLATED >> 20},
                )
            yield chunk

    def _check_ratio(self, inflated: int, packed: int) -> None:
        if inflated > RATIO_FROM and inflated > MAX_RATIO * max(packed, 1):
            raise self._bomb(inflated, packed)

    def _bomb(self, inflated: int, packed: int) -> FileRefused:
        ratio = inflated // max(packed, 1)
        return FileRefused("file_bomb", {"name": self.name, "megabytes": inflated >> 20, "ratio": ratio})


def normal(part: str) -> str:
    """A part's address as the readers resolve it: forward slashes, no leading slash, lower case."""
    return part.replace("\\", "/").lstrip("/").lower()


def is_table_part(part: str) -> bool:
    """True for the parts a reader inflates; pictures and macros are never opened."""
    return part.endswith((".xml", ".rels")) or (part.endswith(".bin") and "vbaproject" not in part)


def _steps(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    left = info.compress_size
    if info.compress_type == zipfile.ZIP_STORED:
        while left > 0:
            chunk = stream.read(min(_CHUNK, left))
            if not chunk:
                raise zlib.error("part ends early")
            left -= len(chunk)
            yield chunk
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise zlib.error(f"compression method {info.compress_type}")
    inflater = zlib.decompressobj(-15)
    while not inflater.eof:
        raw = inflater.unconsumed_tail
        if not raw:
            raw = stream.read(min(_CHUNK >> 2, left))
            left -= len(raw)
            if not raw:
                raise zlib.error("part ends early")
        chunk = inflater.decompress(raw, _CHUNK)
        if chunk:
            yield chunk
