"""A progress bar on a terminal, nothing where output goes to a file or a program."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

WIDTH = 28


class Bar:
    """`step()` once per piece, or `of(done, count, what)`; `print` writes lines above the bar."""

    def __init__(self, count: int, *, quiet: bool) -> None:
        self.count, self.done, self.what = count, 0, ""
        self.shown = not quiet and sys.stderr.isatty()

    def step(self, what: str) -> None:
        """One more piece is done."""
        self.of(self.done + 1, self.count, what)

    def of(self, done: int, count: int, what: str) -> None:
        """`done` of `count` pieces are done."""
        self.done, self.count, self.what = done, count, what
        self._draw()

    def print(self, *lines: str) -> None:
        """Lines of result, above the bar."""
        self._clear()
        print(*lines, sep="\n", flush=True)
        self._draw()

    def _draw(self) -> None:
        if self.shown and self.count:
            full = WIDTH * self.done // self.count
            bar = "#" * full + "." * (WIDTH - full)
            print(
                f"\r\x1b[K[{bar}] {self.done}/{self.count} {self.what[:40]}",
                end="",
                file=sys.stderr,
                flush=True,
            )

    def _clear(self) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear()
