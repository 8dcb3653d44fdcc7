"""The child process: answers, progress, and every way of dying, told apart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from core.intake.limits import run_limited
from core.intake.refusal import FileRefused

TARGETS = "tests.core.intake.limit_targets"


def call(
    function: str, request: dict | None = None, *, memory_mb: int = 1500, seconds: float = 30, **options
):
    return run_limited(
        f"{TARGETS}:{function}", request or {}, memory_mb=memory_mb, seconds=seconds, **options
    )


def refusal_of(function: str, request: dict | None = None, **options) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        call(function, {"name": "科室.xls", **(request or {})}, **options)
    assert refusal.value.params["name"] == "科室.xls"
    return refusal.value


def test_the_answer_comes_back_with_its_chinese() -> None:
    assert call("echo", {"科室": ["心内科", 1, None]}) == {"科室": ["心内科", 1, None]}


def test_progress_arrives_in_order_and_prints_do_not_disturb() -> None:
    seen: list[dict] = []
    assert call("count", {"to": 3}, on_progress=seen.append) == {"done": 3}
    assert seen == [{"at": 0}, {"at": 1}, {"at": 2}]


def test_a_refusal_crosses_the_border() -> None:
    refusal = refusal_of("refuse")
    assert (refusal.code, refusal.params["kind"], refusal.detail) == ("file_unsupported", "pdf", "inside")


def test_python_out_of_memory() -> None:
    refusal = refusal_of("eat", memory_mb=700)
    assert refusal.code == "reader_memory" and refusal.params["megabytes"] == 700


def test_killed_from_outside_counts_as_memory() -> None:
    assert refusal_of("die", {"signal": 9}).code == "reader_memory"


@pytest.mark.parametrize("function", ["sleep", "spin"])
def test_out_of_time(function: str) -> None:
    refusal = refusal_of(function, seconds=1.5)
    assert refusal.code == "reader_time" and refusal.params["seconds"] == 2


@pytest.mark.parametrize(
    ("function", "request_"), [("die", {"signal": 6}), ("die", {"signal": 11}), ("leave", {})]
)
def test_a_crash_is_a_refusal(function: str, request_: dict) -> None:
    assert refusal_of(function, request_).code == "reader_failed"


def test_a_panic_is_a_refusal_and_its_words_are_kept() -> None:
    refusal = refusal_of("panic")
    assert refusal.code == "reader_failed"
    assert "PanicLike" in refusal.detail and "limit_targets.py" in refusal.detail
    assert "Traceback" not in str(refusal)


def test_a_missing_target_is_a_refusal() -> None:
    assert refusal_of("no_such_function").code == "reader_failed"


def test_much_noise_on_stderr_neither_blocks_nor_fills_memory() -> None:
    refusal = refusal_of("shout", {"megabytes": 20})
    assert refusal.code == "reader_failed" and len(refusal.detail) < 20_000


def test_a_caller_that_gives_up_leaves_nobody_behind() -> None:
    pids: list[int] = []

    def give_up(report: dict) -> None:
        pids.append(report["pid"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call("report_and_sleep", on_progress=give_up)
    assert pids and not Path(f"/proc/{pids[0]}").exists()


def test_grandchildren_die_too() -> None:
    pids: list[int] = []
    refusal = refusal_of("spawn", seconds=3, on_progress=lambda report: pids.append(report["pid"]))
    assert refusal.code == "reader_time"
    for _ in range(50):
        if not alive(pids[0]):
            break
        time.sleep(0.1)
    assert not alive(pids[0])


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_no_descriptor_is_left_open() -> None:
    call("echo")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        call("echo")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
