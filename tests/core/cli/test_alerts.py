"""`python -m core alerts`: what is open, the worst first."""

from __future__ import annotations

import json
from decimal import Decimal as D
from pathlib import Path

import pytest

from core.alerts.life import Run, event
from core.batch import accept
from core.cli import main
from core.journal import journal
from core.store import Store
from tests.readings import H, clock, cost, make


def run(level: str, item: str) -> Run:
    return Run(
        "a04",
        "0401",
        "骨科病区",
        item,
        item,
        202501,
        202503,
        level,
        D(3),
        D(3),
        D(3),
        (D(2), D(1), D(6), D(3), None),
    )


def test_nothing_imported_is_nothing_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "--data", str(tmp_path), "--json", "--lang", "en"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["alerts", "--data", str(tmp_path), "--evaluate", "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip() == "0 open, 0 of them serious"


def test_open_alerts_are_listed_and_a_serious_one_is_status_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(tmp_path / "data")
    dept = {"dept_code": "0401", "dept_name": "骨科病区", "dept_class": "clinical"}
    parts = {"dept": {0: [dept]}, "ledger_cost": {202503: [cost("0401", "01", "1.10")]}}
    reading, original = make(tmp_path, "a.xlsx", parts)
    accept(store, reading, hospital=H, actor="a", at=clock(1), original=original)
    drafts = [
        event("raised", "x", run("notice", "drugs"), "s"),
        event("raised", "y", run("notice", "staff"), "s"),
    ]
    journal(store).add(
        H, [*drafts, ("alert", "y", {"event": "state", "to": "done", "note": ""})], by="a", at=clock(2)
    )
    assert main(["alerts", "--data", str(store.root), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "A04 Notice  202503  骨科病区 · Drugs: over budget 3 months in a row  [Department head (nobody named)]",
        "1 open, 0 of them serious",
    ]
    journal(store).add(H, [event("raised", "z", run("serious", "other"), "s")], by="a", at=clock(3))
    assert main(["alerts", "--data", str(store.root), "--json", "--lang", "zh"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["alert"], first["level_name"], first["subject"]) == ("z", "严重", "骨科病区 · 其他运行费用")
    assert second["arithmetic"] == "连续 3 个月超预算；本月 2.00，预算 1.00；这几个月合计 6.00，预算 3.00"
