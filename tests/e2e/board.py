"""Driving the running board in a real Chromium: start a server, open a page, wait until it is drawn, take a picture."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(__file__).parent / "shots"
IDLE = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"]') && !document.querySelector('[data-stale="true"]');
}"""

READABLE = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const box = node.parentElement;
    if (!box.closest('[data-testid="stIconMaterial"], [role="img"], [translate="no"], script, style, noscript') && box.checkVisibility()
        && node.nodeValue.trim()) found.push(node.nodeValue.trim());
  }
  return found.join('\\n');
}"""


def chromium() -> str:
    """Path of the browser; `make test` installs one when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise AssertionError("no Chromium found: run `make browser`")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(data: Path, log: Path) -> Iterator[str]:
    """The board on a free local port over the store in `data`; its output goes to `log`."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    with log.open("w") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COSTWARD_DATA": str(data)},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + 90
            while True:
                try:
                    urllib.request.urlopen(f"{url}/_stcore/health", timeout=2)
                    break
                except OSError:
                    assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                    time.sleep(0.2)
            yield url
        finally:
            process.terminate()
            process.wait(20)


@dataclass
class Seat:
    """One person at one screen."""

    page: Page
    url: str
    context: BrowserContext
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str = "", **query: str) -> Page:
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        self.page.goto(f"{self.url}/{path}" + (f"?{asked}" if asked else ""))
        return self.settle()

    def settle(self, extra_ms: int = 500) -> Page:
        """Wait until the script has run and nothing is half drawn."""
        self.page.wait_for_selector('[data-testid="stApp"]', timeout=60_000)
        self.page.wait_for_timeout(250)
        self.page.wait_for_function(IDLE, timeout=90_000)
        self.page.wait_for_timeout(extra_ms)
        return self.page

    def shot(self, name: str, whole: bool = True) -> Path:
        """A picture of the page; `whole` grows the window to the height of the content first."""
        SHOTS.mkdir(exist_ok=True)
        path = SHOTS / f"{name}.png"
        size = self.page.viewport_size or {"width": 1366, "height": 768}
        if whole:
            height = self.page.evaluate(
                "() => Math.max(...[...document.querySelectorAll('[data-testid=stMain], [data-testid=stDialog]')]"
                ".map(e => e.scrollHeight), 600)"
            )
            self.page.set_viewport_size(
                {"width": size["width"], "height": max(size["height"], min(height + 20, 4000))}
            )
            self.page.wait_for_timeout(700)
        self.page.screenshot(path=str(path))
        if whole:
            self.page.set_viewport_size(size)
        return path

    def words(self) -> str:
        """All text a person can read on the page; icons are ligatures of words nobody sees."""
        return str(self.page.evaluate(READABLE))


@contextmanager
def seat(
    browser: Browser, url: str, lang: str = "zh", size: tuple[int, int] = (1366, 768), dark: bool = False
) -> Iterator[Seat]:
    """A fresh browser profile in one language, size and colour scheme."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN" if lang == "zh" else "en-GB",
        timezone_id="Asia/Shanghai", color_scheme="dark" if dark else "light", accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    made = Seat(page, url, context)
    local = (url, "data:", "blob:", url.replace("http", "ws", 1))
    page.on(
        "request",
        lambda request: made.outside.append(request.url) if not request.url.startswith(local) else None,
    )
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    try:
        yield made
    finally:
        context.close()
