"""The way in: one file into one Reading, in a child process with limits. Use it as `core.intake.read`."""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

from core.intake.limits import run_limited
from core.intake.reading import Memory, Options, Reading
from core.intake.refusal import FileRefused
from core.issue import Issue, sentences

MEMORY_MB = 6_000  # address space; what is resident stays far below
SECONDS = 120.0
SECONDS_PER_MB = 1.0
OURS = "reader.py"  # in the child's traceback once the file is open
LOG = logging.getLogger(__name__)


def read(
    path: Path,
    name: str,
    *,
    hospital: str,
    options: Options,
    memory: Memory,
    workdir: Path,
    progress: Callable[[float, str], None] | None = None,
) -> Reading:
    """Read one file.

    Args:
        path: the bytes, under any file name. name: what the person calls the file.
        hospital: whose file it is; only for the log.
        options, memory: what was declared, and what is known from before.
        workdir: an existing folder; the reading's Parquet files live in it.
        progress: called with (0..1, stage code: open, find, read, done) while reading.
    """
    size = path.stat().st_size
    digest: list[str] = []
    hashing = threading.Thread(target=lambda: digest.append(_sha256(path)))
    hashing.start()
    request = {
        "path": str(path.resolve()),
        "name": name,
        "options": options.to_dict(),
        "memory": memory.to_dict(),
        "workdir": str(workdir.resolve()),
    }
    try:
        answer = run_limited(
            "core.intake.child:work",
            request,
            memory_mb=MEMORY_MB,
            seconds=SECONDS + SECONDS_PER_MB * (size >> 20),
            on_progress=(lambda told: progress(told["fraction"], told["stage"])) if progress else None,
        )
        reading = Reading.from_dict(answer)
    except FileRefused as refusal:
        reading = Reading(name, issues=[_refused(refusal, name, hospital)])
    except Exception:
        reading = Reading(name, issues=[_unexpected(name, hospital)])
    hashing.join()
    reading.sha256, reading.bytes = digest[0] if digest else "", size
    return reading


def _refused(refusal: FileRefused, name: str, hospital: str) -> Issue:
    """A refusal as an issue. A fault after the file was opened is ours; one before it is the spreadsheet library's."""
    if refusal.code == "reader_failed" or refusal.code not in sentences():
        reference = uuid.uuid4().hex[:8]
        LOG.error("reading %r for %s failed, reference %s\n%s", name, hospital, reference, refusal.detail)
        if refusal.code not in sentences() or OURS in refusal.detail:
            return Issue("unexpected", params={"reference": reference}, file=name)
    return Issue(refusal.code, params=dict(refusal.params), file=name)


def _unexpected(name: str, hospital: str) -> Issue:
    reference = uuid.uuid4().hex[:8]
    LOG.exception("reading %r for %s failed, reference %s", name, hospital, reference)
    return Issue("unexpected", params={"reference": reference}, file=name)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
