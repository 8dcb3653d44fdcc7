"""An explanation of core/lineage as the drawer wants it: words, units, rows with their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.catalog import catalog
from core.lineage import Explanation as Found
from core.lineage import Note, explain
from core.measures import measure, measures
from pages._ui import format, tables
from pages._ui.boards import opened, words
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import has, lang, t

ROWS = 100


@dataclass(frozen=True)
class Why:
    """What `pages/_ui/explain.py` asks for."""

    title: str
    crumbs: Sequence[str]
    formula: str
    figures: Sequence[tuple[str, Any, Unit | None]]
    rows: Sequence[Mapping[str, Any]]
    columns: Sequence[tables.Col]
    rows_total: int
    note: str = ""
    downloads: Sequence[tuple[str, str, Callable[[], bytes]]] = field(default_factory=tuple)


def why(
    page: Page, name: str, dept: str | None = None, depts: frozenset[str] | None = None
) -> Callable[[], Why]:
    """A maker for the drawer: nothing is asked before the click.

    Args:
        dept: the figure of this department only.
        depts: the figure of several departments together.
    """
    whose = dept if dept is not None else depts

    def make() -> Why:
        box = opened.warehouse(page)
        found = explain(box, page.hospital, page.period, name, page.scope, whose, limit=ROWS)
        rows = [_row(one, found.terms[0].label.of(lang())) for one in found.rows] if found.terms else []
        total = found.rows_total
        for term in found.terms[1:]:
            more = explain(
                box, page.hospital, page.period, name, page.scope, whose, leaf=term.name, limit=ROWS
            )
            rows += [_row(one, term.label.of(lang())) for one in more.rows]
            total += more.rows_total
        return _drawer(page, found, rows, total, len(depts) if depts is not None and dept is None else 0)

    return make


def _drawer(
    page: Page, found: Found, rows: Sequence[Mapping[str, Any]], total: int, together: int = 0
) -> Why:
    one = measure(found.measure)
    figures: list[tuple[str, Any, Unit | None]] = [
        (term.label.of(lang()), term.value, words.unit(measure(term.name), term.value))
        for term in found.terms
        if term.name != found.measure
    ]
    figures.append((found.label.of(lang()), found.value, words.unit(one, found.value)))
    columns = [
        tables.Col("dept", t("cockpit.col_dept"), width=124),
        tables.Col("what", t("cockpit.col_what"), width=112),
        tables.Col("amount", t("cockpit.col_amount"), "number", format.number("", 2)),
    ]
    if len(found.terms) > 1:
        columns.insert(0, tables.Col("part", t("cockpit.col_part"), width=96))
    crumbs = [_crumb(page, crumb.kind, crumb.code, crumb.label.of(lang())) for crumb in found.crumbs]
    whole = (
        found.measure == "cost" and not together and not any(crumb.kind == "dept" for crumb in found.crumbs)
    )
    title = words.scope(page.scope) if whole else found.label.of(lang())
    return Why(
        f"{title} · {format.period(page.period)}",
        crumbs,
        found.formula.of(lang()),
        figures,
        rows,
        columns,
        total,
        " ".join(
            [t("cockpit.note_together", count=together)] * bool(together)
            + [said for note in found.notes if (said := _note(note))]
        ),
    )


def _crumb(page: Page, kind: str, code: str, label: str) -> str:
    if kind == "hospital":
        return page.board.hospital_name or code
    return format.period(int(code)) if kind == "period" else label


def drawer_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows of files with what was booked (`booked`) and how much of it is in the figure (`amount`)."""
    return [{**_row(one, ""), "booked": one.amount} for one in rows]


def _row(source: Any, part: str) -> dict[str, Any]:
    """One row of a file. `part` is the figure it belongs to; what a row counts is a code of the catalog or a name."""
    return {
        "part": part,
        "dept": source.dept_name or source.dept_code or t("cockpit.unmapped"),
        "what": _what(source.what),
        "amount": source.part if source.part is not None else source.amount,
        "file": source.file,
        "sheet": source.sheet,
        "row": source.row,
    }


def _what(name: str) -> str:
    for kind in ("charge_classes", "cost_items"):
        if name in catalog().names(kind):
            return catalog().term(kind, name).label.of(lang())
    return t(f"cockpit.what_{name}") if has(f"cockpit.what_{name}") else name


def _note(note: Note) -> str:
    key = f"cockpit.note_{note.code}"
    if not has(key):
        return ""
    params = dict(note.params)
    if "name" in params and params["name"] in measures():
        params["name"] = measure(params["name"]).label.of(lang())
    if "amount" in params:
        params["amount"] = format.money(params["amount"])
    return t(key, **params)
