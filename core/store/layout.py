"""Where things lie in a data folder, and how bytes get there so that a crash leaves no half file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from core.store.types import StoreError

_LONGEST = 200  # bytes of a percent-encoded hospital code; a folder name may have 255


def table_dir(root: Path, table: str) -> Path:
    """Folder of a Delta table."""
    return root / "tables" / table


def manifest_path(root: Path, table: str, version: int) -> Path:
    """The list of live files of one table version."""
    return root / "manifests" / table / f"{version}.json"


def slot_dir(hospital: str, period: int, batch: str) -> str:
    """Folder of a slot's files below its table, in Hive form; no text of a person can leave it.

    Raises:
        StoreError: the hospital code is empty or too long to be a folder name.
    """
    code = quote(hospital, safe="")
    if not code or len(code) > _LONGEST:
        raise StoreError(f"hospital code {hospital[:40]!r} is empty or too long; give a short code")
    return f"hospital={code}/period={period}/_batch={batch}"


def place_file(source: Path, target: Path) -> None:
    """Put `source` at `target` without changing `source`: by hard link, or by copy where links do not reach."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        target.unlink()  # left over by a commit that crashed; nothing that counts refers to it
    try:
        os.link(source, target)
    except OSError:
        part = target.with_name(target.name + ".part")
        try:
            shutil.copyfile(source, part)
            part.replace(target)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    sync([target])


def write_atomic(target: Path, data: bytes) -> None:
    """Write a whole file or nothing: to a neighbour first, then rename."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def sync(paths: Iterable[Path]) -> None:
    """Have the disk take the files (or folders) before anything refers to them."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
