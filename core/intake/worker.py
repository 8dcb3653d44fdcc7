"""The child's side of core.intake.limits: limit itself, import the target, call it, answer, exit.

Started as `python -m core.intake.worker MODULE:FUNCTION MEMORY_MB SECONDS ANSWER_FD`; request on stdin.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import inspect
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any

from core.intake.refusal import FileRefused

_PR_SET_PDEATHSIG = 1


def main(target: str, memory_mb: str, seconds: str, answer_fd: str) -> int:
    """Exit status 0 if an answer was written, whatever it says."""
    limit(int(memory_mb), float(seconds))
    request = json.loads(sys.stdin.readline())
    with os.fdopen(int(answer_fd), "w", encoding="utf-8") as answers:

        def send(message: dict[str, Any]) -> None:
            answers.write(json.dumps(message, ensure_ascii=False) + "\n")
            answers.flush()

        send(answer_to(target, request, lambda report: send({"progress": report})))
    return 0


def answer_to(target: str, request: dict[str, Any], progress: Any) -> dict[str, Any]:
    """{'result': ...}, {'refused': ...} or {'failed': text}: everything that can be caught, is."""
    try:
        module, _, function = target.partition(":")
        call = getattr(importlib.import_module(module), function)
        wants_progress = len(inspect.signature(call).parameters) > 1
        return {"result": call(request, progress) if wants_progress else call(request)}
    except FileRefused as refusal:
        return {"refused": {"code": refusal.code, "params": refusal.params, "detail": refusal.detail}}
    except BaseException as fault:  # a Rust panic is not an Exception
        with contextlib.suppress(Exception):
            traceback.print_exc()
        return {"failed": f"{type(fault).__name__}: {fault}"[:2_000]}


def limit(memory_mb: int, seconds: float) -> None:
    """Address space, processor time, no core file, and no life after the parent's."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    processor = max(1, round(seconds * (os.cpu_count() or 1)))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.stdout = sys.stderr
    sys.exit(main(*sys.argv[1:5]))
