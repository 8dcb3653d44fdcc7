"""Uploaded files, kept byte for byte under their SHA-256. The name a person gave them is never part of a path."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from pathlib import Path

from core.store.types import StoreError

_HASH = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


def path_of(root: Path, sha256: str) -> Path:
    """Where the original with this hash lies, or would lie.

    Raises:
        StoreError: `sha256` is not 64 lower-case hex digits.
    """
    if not _HASH.fullmatch(sha256):
        raise StoreError(f"{sha256[:80]!r} is not a SHA-256; originals go by their hash")
    return root / "originals" / sha256[:2] / sha256


def keep(root: Path, source: Path, sha256: str) -> Path:
    """Copy `source` under its hash; one that is there already is kept as it is.

    Raises:
        StoreError: the bytes of `source` do not have this hash (the file changed after it was read).
        OSError: the disk is full or cannot be written; nothing is left behind.
    """
    target = path_of(root, sha256)
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{sha256}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        with source.open("rb") as reader, part.open("wb") as writer:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
            writer.flush()
            os.fsync(writer.fileno())
        if digest.hexdigest() != sha256:
            raise StoreError("the file changed after it was read; read it again")
        part.chmod(0o440)
        part.replace(target)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return target
