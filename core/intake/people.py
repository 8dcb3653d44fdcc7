"""How the department texts of a table meet the dictionary: a report, the rows stay as they are."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from core import engine
from core.engine import name
from core.intake.reading import DeptMatch, Part
from core.intake.rows import DATA
from core.intake.totals import tidy
from core.intake.typed import Job
from core.intake.vocabulary import class_of
from core.intake.wanting import bad
from core.issue import Issue
from core.matching import Departments

MAX_ISSUES = 60


def roles(job: Job) -> dict[str, tuple[str | None, str | None]]:
    """role -> (code column, name column) of each department a row names, as far as the table has them."""
    found: dict[str, tuple[str | None, str | None]] = {}
    for column in job.extract.columns:
        if column.role == "dept" and column.name in job.casts:
            role = column.name.rsplit("_", 1)[0]
            code, label = found.get(role, (None, None))
            found[role] = (column.name, label) if column.type == "code" else (code, column.name)
    return found


def match_departments(job: Job, part: Part, departments: Departments) -> None:
    """Fill `part.departments` and add an issue for each text that is not simply known."""
    measure = job.extract.measure
    total = f"coalesce(sum({name(measure)}), 0)" if measure else "0::DECIMAL(28, 10)"
    named = roles(job)
    if not named:
        return
    columns = [c for pair in named.values() for c in pair if c]
    texts = ", ".join(f"coalesce({name(c)}, '')" for c in columns)
    rows = engine.query(
        job.connection,
        f"select {texts}, count(*), {total}, min(_n) from {job.read} where _k = {DATA} and not ({bad(job)}) group by all",
    )
    for role, (code, label) in named.items():
        places = [columns.index(c) if c else -1 for c in (code, label)]
        found: dict[tuple[str, str], tuple[int, Decimal, int]] = {}
        for row in rows:
            key = (row[places[0]] if code else "", row[places[1]] if label else "")
            count, amount, first = found.get(key, (0, Decimal(0), row[-1]))
            found[key] = (count + row[-3], amount + row[-2], min(first, row[-1]))
        for (raw_code, raw_name), (count, amount, first) in sorted(
            found.items(), key=lambda hit: (hit[1][2], hit[0])
        ):
            whole = job.extract.hospital_wide and not raw_code and class_of("hospital_words", raw_name)
            if (raw_code or raw_name) and not whole:
                _match(part, departments, role, raw_code, raw_name, count, tidy(amount), first)


def _match(
    part: Part,
    departments: Departments,
    role: str,
    raw_code: str,
    raw_name: str,
    count: int,
    amount: Decimal,
    first: int,
) -> None:
    hit = departments.find(raw_code, raw_name)
    alternatives = [list(one) for one in hit.alternatives]
    part.departments.append(
        DeptMatch(
            raw_code, raw_name, hit.code, hit.how, hit.score, count, amount, role, hit.name, alternatives
        )
    )
    if not departments:
        return
    raw = " ".join(text for text in (raw_code, raw_name) if text)
    params = {"raw": raw, "name": hit.name, "code": hit.code or "", "score": hit.score, "amount": str(amount)}
    codes = {"unknown": "dept_unknown", "proposed": "dept_proposed", "repaired": "dept_repaired"}
    if hit.how in codes:
        params["raw"] = raw_code if hit.how == "repaired" else raw
        part.issues.append(
            Issue(codes[hit.how], params=params, sheet=part.sheet, row=first, value=raw, count=count)
        )
    if hit.disagrees:
        params["raw"] = raw_name
        part.issues.append(
            Issue("dept_disagrees", params=params, sheet=part.sheet, row=first, value=raw, count=count)
        )
    kinds = Counter(issue.code for issue in part.issues)
    if kinds["dept_unknown"] > MAX_ISSUES and hit.how == "unknown":
        part.issues.pop()
