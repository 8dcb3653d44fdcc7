"""Run a function in a child process that cannot take the machine with it.

    result = run_limited("core.intake.opening:describe", {"path": ...}, memory_mb=1500, seconds=60)

A spreadsheet library may loop, allocate without end, panic or abort; none of that can be caught in
the process it happens in. The child is a fresh interpreter (no copied threads or locks, about 0.3 s),
limited by the kernel. The request goes in as one JSON line, progress and the result come out as JSON
lines on a pipe of their own, so that nothing a library prints can be mistaken for an answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.intake.refusal import FileRefused

_ROOT = Path(__file__).resolve().parents[2]
_TAIL = 8_000  # bytes of the child's stderr kept for the log
_MAX_LINE = 256 << 20
_OUT_OF_MEMORY = re.compile(
    r"MemoryError|memory allocation of \d+ bytes failed|bad_alloc|out of memory|capacity overflow", re.I
)


def run_limited(
    target: str,
    request: Mapping[str, Any],
    *,
    memory_mb: int,
    seconds: float,
    on_progress: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Call `module:function` in a child process and return what it returns.

    target       the function takes (request) or (request, progress); `progress(dict)` reports back.
                 It returns a JSON-ready mapping. FileRefused raised in it is raised here again.
    memory_mb    address space of the child, libraries included (they need about 500)
    seconds      wall clock and processor time, whichever runs out first
    on_progress  called in this thread for each report; if it raises, the child is killed
    Raises FileRefused: reader_memory, reader_time, reader_failed (with the end of stderr in `detail`).
    """
    name = str(request.get("name", ""))
    reader, writer = os.pipe()
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1"}
    command = [
        sys.executable,
        "-X",
        "utf8",
        "-m",
        "core.intake.worker",
        target,
        str(memory_mb),
        str(seconds),
        str(writer),
    ]
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(writer,),
            env=environment,
            cwd=_ROOT,
            start_new_session=True,  # so that a kill reaches whatever the child starts
        )
    except OSError:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    talk = _Talk(child, reader, on_progress)
    try:
        ended = talk.run(request, time.monotonic() + seconds)
    finally:
        _kill(child)
        os.close(reader)
    return _outcome(talk, ended, child.returncode, name, memory_mb, seconds)


class _Talk:
    """Both pipes of a child, read until they close or time is up."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        reader: int,
        on_progress: Callable[[dict[str, Any]], None] | None,
    ) -> None:
        self.child, self.reader, self.on_progress = child, reader, on_progress
        self.answer: dict[str, Any] | None = None
        self.errors = b""
        self._line = b""

    def run(self, request: Mapping[str, Any], deadline: float) -> bool:
        """True if the child closed its pipes by itself, False if time ran out."""
        assert self.child.stdin is not None and self.child.stderr is not None
        with contextlib.suppress(BrokenPipeError), self.child.stdin:
            self.child.stdin.write(json.dumps(request).encode() + b"\n")
        with selectors.DefaultSelector() as ready, self.child.stderr:
            ready.register(self.reader, selectors.EVENT_READ)
            ready.register(self.child.stderr, selectors.EVENT_READ)
            while ready.get_map():
                left = deadline - time.monotonic()
                events = ready.select(left) if left > 0 else []
                if not events:
                    return False
                for key, _ in events:
                    block = os.read(key.fd, 1 << 16)
                    if not block:
                        ready.unregister(key.fileobj)
                    elif key.fd == self.reader:
                        self._receive(block)
                    else:
                        self.errors = (self.errors + block)[-_TAIL:]
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(max(0.1, deadline - time.monotonic()))
        return True

    def _receive(self, block: bytes) -> None:
        *lines, self._line = (self._line + block).split(b"\n")
        if len(self._line) > _MAX_LINE:
            raise FileRefused("reader_failed", {"name": ""}, "answer without end")
        for line in lines:
            message = json.loads(line)
            if "progress" not in message:
                self.answer = message
            elif self.on_progress is not None:
                self.on_progress(message["progress"])


def _outcome(
    talk: _Talk, ended: bool, code: int | None, name: str, memory_mb: int, seconds: float
) -> dict[str, Any]:
    detail = talk.errors.decode("utf-8", errors="replace")
    answer = talk.answer
    if answer is not None and "result" in answer:
        return dict(answer["result"])
    if answer is not None and "refused" in answer:
        refused = answer["refused"]
        raise FileRefused(refused["code"], {"name": name, **refused["params"]}, refused["detail"])
    if not ended or code in (-signal.SIGXCPU, -signal.SIGALRM):
        raise FileRefused("reader_time", {"name": name, "seconds": round(seconds)}, detail)
    fault = str(answer["failed"]) if answer is not None else ""
    # SIGKILL that we did not send comes from the kernel's own memory watchdog.
    if code == -signal.SIGKILL or _OUT_OF_MEMORY.search(fault + detail):
        raise FileRefused("reader_memory", {"name": name, "megabytes": memory_mb}, fault + detail)
    raise FileRefused("reader_failed", {"name": name}, f"exit {code}\n{fault}\n{detail}")


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the child's whole session, and reap it."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
