"""What became of a file, as lines for a terminal and as JSON records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.catalog import catalog
from core.cli.words import language, say
from core.issue import Issue
from core.through import Outcome

PROBLEMS_SHOWN = 12


def report(outcome: Outcome) -> list[str]:
    """Lines for a terminal: the file, each part, each problem with its place."""
    lang = language()
    lines = [outcome.path.name]
    for record in records_of(outcome):
        total = say("line_total", total=record["control_total"]) if record["control_total"] else ""
        extract = catalog().extracts[record["extract"]].label.of(lang) if record["extract"] else "-"
        lines.append(
            say(
                "line", sheet=record["sheet"] or "-", extract=extract, status=say(f"status_{record['status']}"),
                read=record["rows_read"], accepted=record["rows_accepted"], refused=record["rows_refused"],
                amount=record["amount"], total=total,
            )
        )  # fmt: skip
        problems = [problem for problem in record["problems"] if problem["severity"] != "note"]
        for problem in problems[:PROBLEMS_SHOWN]:
            lines.append(f"    {problem['place']}  {problem['what']} {problem['do']}".rstrip())
        if len(problems) > PROBLEMS_SHOWN:
            lines.append(say("more", count=len(problems) - PROBLEMS_SHOWN))
    lines += [f"    {warning.text(lang)}" for warning in outcome.warnings]
    lines += [f"    {outcome.refusal}"] if outcome.refusal else []
    if outcome.batch:
        lines.append(say("batch_line", batch=outcome.batch, snapshot=outcome.snapshot))
    if outcome.same_as:
        lines.append(say("same_as", batch=outcome.same_as))
    return lines


def records_of(outcome: Outcome) -> list[dict[str, Any]]:
    """One JSON record per file and sheet; a file that could not be opened has one record with an empty sheet."""
    reading = outcome.reading
    said = [*(warning.text(language()) for warning in outcome.warnings), *filter(None, [outcome.refusal])]
    whole = [_problem(issue, outcome.path.name) for issue in reading.issues]
    base = {
        "file": outcome.path.name,
        "batch": outcome.batch or outcome.same_as,
        "snapshot": outcome.snapshot,
    }
    records = []
    for part in reading.parts:
        status = part.status if part.status in ("ignored", "refused") else outcome.status
        if part.status == "ready" and outcome.status == "needs_decision":
            status = "needs_decision"
        records.append(
            {
                **base, "sheet": part.key, "extract": part.extract, "status": status, "periods": part.periods,
                "rows_read": part.rows_read, "rows_accepted": part.rows_accepted, "rows_refused": part.rows_refused,
                "amount": _text(part.amount_accepted), "amount_read": _text(part.amount_read),
                "amount_refused": _text(part.amount_refused), "rounding": _text(part.rounding),
                "control_total": _text(part.control_total),
                "problems": [*whole, *(_problem(issue, outcome.path.name) for issue in part.issues)],
                "warnings": said,
            }
        )  # fmt: skip
        whole = []
    if not records:
        empty: dict[str, Any] = {
            "rows_read": 0,
            "rows_accepted": 0,
            "rows_refused": 0,
            "amount": "0",
            "control_total": None,
        }
        records.append(
            {**base, "sheet": "", "extract": None, "status": outcome.status, "periods": [], **empty, "problems": whole,
             "warnings": said}
        )  # fmt: skip
    return records


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _problem(issue: Issue, file: str) -> dict[str, Any]:
    lang = language()
    return {
        "code": issue.code, "severity": issue.severity, "file": issue.file or file, "sheet": issue.sheet,
        "row": issue.row, "col": issue.col, "column": issue.column, "value": issue.value, "count": issue.count,
        "place": issue.place(), "what": issue.what(lang), "do": issue.todo(lang),
    }  # fmt: skip
