"""The drawer of an indicator: formula, every fact put in, and the rows of the files behind each of them."""

from __future__ import annotations

from collections.abc import Callable

from core.indicators.card import HOSPITAL, Line
from core.indicators.facts import facts
from core.indicators.rows import fact_rows, months_of
from core.lineage import Source
from pages._ui import format, tables
from pages._ui.boards.why import Why, drawer_rows
from pages._ui.frame import Page
from pages._ui.scorecard import figures, words
from pages._ui.text import label, lang, t

ROWS = 60


def maker(page: Page, line: Line, span: str, only: str | None = None) -> Callable[[], Why]:
    """A maker for the drawer; nothing is asked before the click. `only`: the rows of one fact."""
    return lambda: _why(page, line, span, only)


def _why(page: Page, line: Line, span: str, only: str | None) -> Why:
    one, caliber = line.definition, line.definition.caliber(line.caliber)
    found = figures.puts(page, line, span)
    unit_of = words.fact_units(found)
    put = [(label(each.fact.label), each.amount, unit_of(each.fact)) for each in found]
    put += [
        (t("scorecard.a_year_before", what=label(each.fact.label)), each.before, unit_of(each.fact))
        for each in found
        if each.before is not None
    ]
    put.append((words.name(one, caliber.name), line.value, words.unit_of(one, caliber)))
    rows, total = [], 0
    wanted = [only] if only else [each.fact.name for each in found]
    box, months = figures.warehouse(page.snapshot), months_of(span, line.as_of or page.period)
    depts = _depts(page, line)
    for name in wanted:
        lines = fact_rows(box, page.hospital, months, name, depts, ROWS if only else ROWS // len(wanted))
        total += lines.total
        rows += [
            {**row, "part": label(facts()[name].label), "what": _what(source)}
            for row, source in zip(drawer_rows(lines.rows), lines.rows, strict=True)
        ]
    columns = [
        tables.Col("dept", t("scorecard.col_dept"), width=124),
        tables.Col("what", t("cockpit.col_what"), width=130),
        tables.Col("amount", t("cockpit.col_amount"), "number", format.number("", 2), width=110),
    ]
    if len(wanted) > 1:
        columns.insert(0, tables.Col("part", t("cockpit.col_part"), width=110))
    whose = "" if line.dept_code == HOSPITAL else words.whose(page, line.dept_code)
    crumbs = [page.board.hospital_name or page.hospital, *([whose] if whose else []),
              f"{format.period(line.as_of or page.period)} {t(f'scorecard.span_{span}')}"]  # fmt: skip
    return Why(
        words.name(one, caliber.name), crumbs, one.formula(lang(), caliber.name), put, rows, columns, total
    )


def _depts(page: Page, line: Line) -> list[str] | None:
    """Whose rows: None for the hospital, the departments of a class, or one."""
    if line.dept_code == HOSPITAL:
        return None
    if not line.dept_code.startswith(HOSPITAL):
        return [line.dept_code]
    return [
        one.code for one in page.board.departments if one.dept_class == line.dept_code.removeprefix(HOSPITAL)
    ]


def _what(source: Source) -> str:
    """What a row counts: a word of the catalog, an extract, or the text of the file itself."""
    return " · ".join(dict.fromkeys(words.term(part) for part in (source.what, source.detail) if part))
