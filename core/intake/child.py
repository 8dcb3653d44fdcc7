"""The child process of a reading: opens the file while everything else is imported beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from core.intake.opening import open_file


def work(request: Mapping[str, Any], progress: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The request and the answer are plain JSON; see core.intake.front.

    Raises:
        FileRefused: the file cannot be opened.
    """
    # The spreadsheet library works without holding the interpreter, so imports and definitions cost no time here.
    warm = threading.Thread(target=_warm)
    warm.start()
    progress({"fraction": 0.02, "stage": "open"})
    workdir = Path(request["workdir"])
    opened = open_file(Path(request["path"]), request["name"], workdir)
    warm.join()
    from core.intake.reader import read_opened
    from core.intake.reading import Memory, Options

    reading = read_opened(
        opened,
        request["name"],
        options=Options.from_dict(request["options"]),
        memory=Memory.from_dict(request["memory"]),
        workdir=workdir,
        progress=lambda fraction, stage: progress({"fraction": fraction, "stage": stage}),
    )
    return reading.to_dict()


def _warm() -> None:
    import_module("core.intake.reader")
    from core.intake.vocabulary import all_aliases
    from core.issue import sentences

    all_aliases()
    sentences()
