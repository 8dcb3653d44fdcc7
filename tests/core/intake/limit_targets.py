"""Functions for the child process of test_opening_limits.py, each with one bad habit."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from core.intake.refusal import FileRefused


class PanicLike(BaseException):
    """Like a Rust panic, not an Exception."""


def echo(request: dict) -> dict:
    return request


def count(request: dict, progress) -> dict:
    for i in range(request["to"]):
        print("noise on stdout")
        os.write(1, b'{"result": {"done": -1}}\n')
        progress({"at": i})
    return {"done": request["to"]}


def refuse(request: dict) -> dict:
    raise FileRefused("file_unsupported", {"name": request["name"], "kind": "pdf"}, "inside")


def eat(request: dict) -> dict:
    held = []
    while True:
        held.append(bytearray(10 << 20))


def sleep(request: dict) -> dict:
    time.sleep(100)
    return {}


def spin(request: dict) -> dict:
    while True:
        pass


def die(request: dict) -> dict:
    os.kill(os.getpid(), request["signal"])
    return {}


def leave(request: dict) -> dict:
    os._exit(0)


def panic(request: dict) -> dict:
    raise PanicLike("range start index 4 out of range")


def shout(request: dict) -> dict:
    for _ in range(request["megabytes"]):
        sys.stderr.write("x" * (1 << 20))
    raise PanicLike("at last")


def report_and_sleep(request: dict, progress) -> dict:
    progress({"pid": os.getpid()})
    time.sleep(100)
    return {}


def spawn(request: dict, progress) -> dict:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"])
    progress({"pid": child.pid})
    child.wait()
    return {}
