"""Pages on the server: warm scripts, a what-if, twenty people at once, and the first paint over ten million lines.

COSTWARD_DEMO names a demo store that is already made; otherwise one is imported (a minute or two).
COSTWARD_BENCH_SCALE=10 stores about ten million charge lines for the last figure (0 leaves it out).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.timing import Line
from tests.e2e.board import ROOT, chromium, seat, serving

PAGES = (
    "cockpit",
    "allocation",
    "department",
    "execution",
    "targets",
    "forecast",
    "quality",
    "dictionary",
    "settings",
    "upload",
)
SCALE = int(os.environ.get("COSTWARD_BENCH_SCALE", "10"))
FOLDER = Path(tempfile.gettempdir()) / "costward-bench"
SCRIPT = """
import sys, time, statistics
from streamlit.testing.v1 import AppTest
page, runs = sys.argv[1], int(sys.argv[2])
at = AppTest.from_file("app.py", default_timeout=120)
at.run()
if page != "cockpit":
    at.switch_page({p: f"pages/{s}/{p}.py" for s, ps in
        {"board": ["cockpit"], "cost": ["allocation", "department"], "budget": ["execution", "targets", "forecast"], "data": ["upload", "quality", "dictionary", "settings"]}.items()
        for p in ps}[page])
    at.run()
at.run()
times = []
for _ in range(runs):
    start = time.perf_counter()
    at.run()
    times.append(time.perf_counter() - start)
assert not at.exception, at.exception
print(*times)
"""


def store(scale: int) -> Path:
    """The demo store, made once per machine."""
    if scale == 0 and (ready := os.environ.get("COSTWARD_DEMO")):
        return Path(ready)
    folder = FOLDER / f"demo-{scale}"
    if not folder.exists():
        command = [sys.executable, "-m", "core", "demo", "--data", str(folder)]
        subprocess.run(
            [*command, *(["--scale", str(scale)] if scale else [])],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return folder


def warm(data: Path, page: str, runs: int = 30) -> tuple[float, float]:
    """Median and 95th percentile of a warm page script (seconds), measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, page, str(runs)], cwd=ROOT, check=True, capture_output=True, text=True,
        env={**os.environ, "COSTWARD_DATA": str(data)},
    )  # fmt: skip
    times = sorted(float(word) for word in done.stdout.split())
    return statistics.median(times), times[int(len(times) * 0.95)]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    data = store(0)
    for page in PAGES:
        middle, high = warm(data, page)
        print(Line(f"warm page script, {page}", middle, target=f"p95 {high * 1000:.0f} ms; <= 100 / 150 ms"))
    forecasts(data)
    with serving(data, FOLDER / "bench.log") as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        with seat(browser, url) as person:
            person.open("allocation")
            spans = []
            for driver in ("area", "workload", "income", "direct_cost"):
                start = time.perf_counter()
                person.page.get_by_label("一级 行政后勤按").first.click()
                person.page.get_by_role("option").nth(
                    {"area": 1, "workload": 2, "income": 3, "direct_cost": 4}[driver]
                ).click()
                person.page.wait_for_function(
                    "d => new URLSearchParams(location.search).get('step_admin') === d"
                    " && document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') === 'notRunning'",
                    arg=driver,
                )
                spans.append(time.perf_counter() - start)
            print(
                Line("what-if: click to repainted allocation page", statistics.median(spans), target="<= 1 s")
            )
        browser.close()
    crowd(data)
    if SCALE:
        big = store(SCALE)
        print(
            Line(
                f"start to first paint, scale {SCALE}",
                first_paint(big),
                "the same without charge lines",
                first_paint(data),
                1.0,
                "<= 3 s",
            )
        )


def forecasts(data: Path) -> None:
    """What the forecast page computes where nothing is stored: a copy of the store without its forecasts."""
    from core.forecasting import Target, answer
    from core.forecasting.targets import history
    from core.store import Store
    from core.warehouse import open_warehouse

    copy = Path(tempfile.mkdtemp(dir=FOLDER)) / "demo"
    shutil.copytree(data, copy)
    try:
        shutil.rmtree(copy / "derived" / "forecast", ignore_errors=True)
        box = open_warehouse(Store(copy))
        hospital = box.hospitals()[0]
        history(box, hospital, Target("cost"))
        for words, target in (
            ("forecast computed, cost of the hospital with its departments", Target("cost")),
            ("forecast computed, a department of those", Target("cost", "0501")),
            ("forecast read back", Target("cost")),
            ("forecast computed, drugs with their departments", Target("cost_drugs")),
        ):
            print(Line(words, _span(lambda one=target: answer(box, hospital, one, 12)), target="<= 1 s"))
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)


def crowd(data: Path, people: int = 20, clicks: int = 12, think: float = 2.0) -> None:
    """Twenty people clicking through warm pages with two seconds of thought between clicks (raw sessions)."""
    from tests.bench.sessions import Visitor

    with serving(data, FOLDER / "crowd.log") as url:
        first = Visitor(url)
        cold = [_span(lambda m=month: first.click(f"period={m}")) for month in range(202501, 202513)]
        print(Line("first view of a month, one session", statistics.median(cold)))
        spans: list[float] = []

        def person(number: int) -> None:
            visitor = Visitor(url)
            time.sleep(think * number / people)
            for turn in range(clicks):
                start = time.perf_counter()
                visitor.click(f"period={202501 + (number + turn) % 12}")
                spans.append(time.perf_counter() - start)
                time.sleep(think)
            visitor.close()

        threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    spans.sort()
    print(Line(f"{people} sessions, rerun of the cockpit, median", statistics.median(spans)))
    print(
        Line(
            f"{people} sessions, rerun of the cockpit, p95", spans[int(len(spans) * 0.95)], target="<= 0.4 s"
        )
    )


def _span(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def first_paint(data: Path) -> float:
    """From starting the server process to the cockpit drawn in a browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        start = time.perf_counter()
        with serving(data, FOLDER / "start.log") as url, seat(browser, url) as person:
            person.page.goto(url)
            person.page.wait_for_selector('[data-testid="stMetric"]', timeout=60_000)
            span = time.perf_counter() - start
        browser.close()
    return span
