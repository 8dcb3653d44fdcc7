"""Shared by the browser tests: one browser, one demo store imported once, one server each for demo and empty."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.board import ROOT, chromium, serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium(), args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo hospital, imported through the same intake as a user's files (or a store already made: COSTWARD_DEMO)."""
    if ready := os.environ.get("COSTWARD_DEMO"):
        return Path(ready)
    # One import for all processes of the run: the first one here makes it, the others wait.
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    folder, done = shared / "demo", shared / "demo.done"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made = subprocess.run(
                [sys.executable, "-m", "core", "demo", "--data", str(folder)],
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-2000:]
            done.touch()
    return folder


@pytest.fixture(scope="session")
def demo_url(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(demo_data, tmp_path_factory.mktemp("log") / "demo.log") as url:
        yield url


@pytest.fixture(scope="session")
def empty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("log") / "empty.log") as url:
        yield url


@pytest.fixture
def own_url(demo_data: Path, tmp_path: Path) -> Iterator[str]:
    """A server over a private copy of the demo store, for tests that import and undo."""
    copy = tmp_path / "data"
    shutil.copytree(demo_data, copy)
    with serving(copy, tmp_path / "own.log") as url:
        yield url
