"""Runs take turns, and one that holds its turn for long does not hold the others up for good."""

import threading

import pytest

from pages._ui import turns


def test_runs_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 30)
    inside, most, lock = [0], [0], threading.Lock()

    def run() -> None:
        with turns.turn():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            with lock:
                inside[0] -= 1

    crowd = [threading.Thread(target=run) for _ in range(12)]
    [one.start() for one in crowd]
    [one.join() for one in crowd]
    assert most[0] == turns.AT_ONCE


def test_a_long_run_lets_others_pass_and_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    with pytest.raises(ValueError), turns.turn():
        with turns.turn():
            passed = True
        raise ValueError
    assert passed
    monkeypatch.setattr(turns, "PATIENCE", 0)
    with turns.turn():
        assert not turns._turns.acquire(blocking=False)
    assert turns._turns.acquire(blocking=False)
    turns._turns.release()
