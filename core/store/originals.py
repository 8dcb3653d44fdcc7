"""Uploaded files, kept byte for byte under their SHA-256. The name a person gave them is never part of a path."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from core.store.layout import sync
from core.store.types import StoreError

_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20
BIG = 64 << 20


def path_of(root: Path, sha256: str) -> Path:
    """Where the original with this hash lies, or would lie.

    Raises:
        StoreError: `sha256` is not 64 lower-case hex digits.
    """
    if not _HASH.fullmatch(sha256):
        raise StoreError(f"{sha256[:80]!r} is not a SHA-256; originals go by their hash")
    return root / "originals" / sha256[:2] / sha256


def keep(root: Path, source: Path, sha256: str, read_at: int | None = None) -> Path:
    """Copy `source` under its hash; one that is there already is kept as it is.

    The bytes are hashed again on the way. Only a big file that was last written before `read_at` (nanoseconds since
    1970, when its rows were being written) is copied without: hashing takes longer than everything else then.

    Raises:
        StoreError: the bytes of `source` do not have this hash (the file changed after it was read).
        OSError: the disk is full or cannot be written; nothing is left behind.
    """
    target = path_of(root, sha256)
    state = source.stat()
    if target.exists() and target.stat().st_size == state.st_size:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{sha256}.{os.getpid()}.part")
    trusted = read_at is not None and state.st_size >= BIG and state.st_mtime_ns < read_at
    try:
        if trusted:
            shutil.copyfile(source, part)
        elif _copy_hashing(source, part) != sha256:
            raise StoreError("the file changed after it was read; read it again")
        sync([part])
        part.chmod(0o440)
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return target


def _copy_hashing(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
    return digest.hexdigest()


def damaged(root: Path) -> list[str]:
    """Hashes under which something else lies than what was uploaded. Reads every original."""
    found = []
    for path in sorted((root / "originals").glob("??/*")):
        if path.suffix == ".part":
            continue  # left over by a killed upload; vacuum takes it
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != path.name:
                found.append(path.name)
    return found
