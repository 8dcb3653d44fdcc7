"""OLE compound files (the container of .xls and of encrypted workbooks), read defensively.

Every chain of sectors is followed with a memory of where it has been, so a file whose chain bites
its own tail is refused here instead of filling all memory in the spreadsheet library.
Source: [MS-CFB] sections 2.2 (header), 2.3 to 2.5 (FAT, mini FAT, DIFAT), 2.6 (directory).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from core.intake.refusal import FileRefused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFE  # and above it: free. Any number past the last sector ends a chain.
_MINI_SECTOR = 64
MAX_BYTES = 512 << 20


@dataclass(frozen=True)
class Entry:
    """One stream of the directory."""

    name: str
    start: int
    size: int


class CompoundFile:
    """Streams of a compound file by upper-case name."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        if path.stat().st_size > MAX_BYTES:
            raise FileRefused(
                "file_too_large",
                {"name": name, "megabytes": path.stat().st_size >> 20, "limit": MAX_BYTES >> 20},
            )
        self.raw = path.read_bytes()
        if len(self.raw) < 512:
            raise FileRefused("file_truncated", {"name": name}, "compound header cut")
        major, _order, shift, mini_shift = struct.unpack_from("<HHHH", self.raw, 26)
        if major not in (3, 4) or shift not in (9, 12) or mini_shift != 6:
            raise self._damaged(f"version {major}, sector shifts {shift} and {mini_shift}")
        self.sector = 1 << shift
        self.sectors = (len(self.raw) + self.sector - 1) // self.sector - 1
        directory, _, self.cutoff, mini_fat, _, difat = struct.unpack_from("<6I", self.raw, 48)
        self.fat = self._fat(difat)
        self.entries = self._directory(directory)
        self.mini_fat = _integers(self._chain(mini_fat)) if mini_fat < _END else ()

    def stream(self, *names: str) -> bytes | None:
        """The first of these streams that exists, or None. One shorter than it claims was cut off."""
        for name in names:
            entry = self.entries.get(name.upper())
            if entry is not None:
                held = self._bytes(entry)
                if len(held) < entry.size:
                    detail = f"stream {entry.name}: {entry.size} bytes stated, {len(held)} found"
                    raise FileRefused("file_truncated", {"name": self.name}, detail)
                return held
        return None

    def has(self, name: str) -> bool:
        return name.upper() in self.entries

    def _bytes(self, entry: Entry) -> bytes:
        root = self.entries.get("ROOT ENTRY")
        if entry.size >= self.cutoff or root is None:
            return self._chain(entry.start)[: entry.size]
        mini = self._chain(root.start)
        pieces = []
        for number in self._walk(entry.start, self.mini_fat):
            pieces.append(mini[number * _MINI_SECTOR : (number + 1) * _MINI_SECTOR])
        return b"".join(pieces)[: entry.size]

    def _fat(self, difat: int) -> tuple[int, ...]:
        listed = list(struct.unpack_from("<109I", self.raw, 76))
        seen: set[int] = set()
        while difat < self.sectors:
            if difat in seen:
                raise self._damaged("sector table loops")
            seen.add(difat)
            numbers = _integers(self._sector(difat))
            listed += numbers[:-1]
            difat = numbers[-1] if numbers else _END
        fat: list[int] = []
        for number in listed:
            if number < self.sectors:
                fat += _integers(self._sector(number).ljust(self.sector, b"\xff"))
        return tuple(fat)

    def _directory(self, start: int) -> dict[str, Entry]:
        raw = self._chain(start)
        entries: dict[str, Entry] = {}
        for offset in range(0, len(raw) - 127, 128):
            length, kind = struct.unpack_from("<HB", raw, offset + 64)
            if kind not in (2, 5) or not 2 <= length <= 64:
                continue
            name = raw[offset : offset + length - 2].decode("utf-16-le", errors="replace").upper()
            first, size = struct.unpack_from("<II", raw, offset + 116)
            if kind == 5:
                name = "ROOT ENTRY"
            entries.setdefault(name, Entry(name, first, size))
        if not entries:
            raise self._damaged("no directory")
        return entries

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._walk(start, self.fat))

    def _walk(self, start: int, table: tuple[int, ...]) -> list[int]:
        walked: list[int] = []
        seen: set[int] = set()
        number = start
        while number < len(table):
            if number in seen:
                raise self._damaged("sector chain loops")
            seen.add(number)
            walked.append(number)
            number = table[number]
        return walked

    def _sector(self, number: int) -> bytes:
        offset = (number + 1) * self.sector
        return self.raw[offset : offset + self.sector]

    def _damaged(self, detail: str) -> FileRefused:
        return FileRefused("file_damaged", {"name": self.name}, detail)


def _integers(raw: bytes) -> tuple[int, ...]:
    count = len(raw) // 4
    return struct.unpack(f"<{count}I", raw[: count * 4])
