"""What leaves the page: a workbook with months, intervals, methods, regression and departments; the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from core.export import Sheet, table_workbook
from core.forecasting import Answer
from core.forecasting.subjects import Subject
from pages._ui import format
from pages._ui.charts.fan import fan_spec
from pages._ui.charts.picture import png
from pages._ui.forecast import words as said
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import t

FIELDS = ("mean", "low80", "high80", "low95", "high95", "naive", "final")
Row = Sequence[Any]


def kind(one: Subject) -> str:
    """How a workbook writes the subject's figures."""
    return "money" if one.money else "ratio" if one.unit == "percent" else "quantity"


def workbook(page: Page, found: Answer) -> Callable[[], bytes]:
    """A maker: words are asked for now, the file is written when it is clicked."""
    style, about = kind(found.target.subject), _about(page, found)
    month = t("forecast.month")
    heads = [
        month,
        *(said.column(found, name) for name in FIELDS),
        t("forecast.adjusted_why"),
        t("forecast.col_own"),
    ]
    ahead = [
        [str(p.period), *(getattr(p, name) for name in FIELDS), p.adjusted.reason if p.adjusted else "", p.own]
        for p in found.points
    ]  # fmt: skip
    past = [
        [str(period), value, _mark(found, period)]
        for period, value in zip(found.past.periods, found.past.values, strict=True)
    ]
    sheets = [
        Sheet(t("nav.forecast"), heads, ahead, ["text", *[style] * len(FIELDS), "text", style], about),
        Sheet(t("role.actual"), [month, t("role.actual"), t("forecast.state")], past, ["text", style, "text"]),
        Sheet(t("forecast.models"), *_models(found)),
    ]  # fmt: skip
    if found.statistics.equations and (line := found.statistics.equations[0]) is not None:
        parts = list(line.contributions)
        rows = [
            [
                str(point.period),
                *(float(line.contributions[name][at]) for name in parts),
                float(line.mean[at]),
            ]
            for at, point in enumerate(found.points)
        ]
        names = [month, *(said.driver(name) for name in parts), t("forecast.model_regression")]
        sheets.append(Sheet(t("forecast.view_why"), names, rows, ["text", *["quantity"] * (len(parts) + 1)]))
    if found.family:
        sheets.append(_departments(page, found, style))
    return lambda: table_workbook(sheets)


def picture(page: Page, found: Answer, rows: Sequence[Mapping[str, Any]], unit: Unit) -> Callable[[], bytes]:
    """The fan chart as PNG, titled; the specification is made now, the picture when it is clicked."""
    spec = fan_spec(rows, unit=unit, height=420, naive=said.naive(found))
    title = f"{page.board.hospital_name}  {said.whose(page, found.target)}  {said.name(found.target)}"
    note = f"{unit.label}  ·  {said.fan_note(found)}"
    return lambda: png(spec or {}, title, note)


def _models(found: Answer) -> tuple[list[str], list[Row], list[str]]:
    errors, wape, bias = found.statistics.errors, found.statistics.wape, found.statistics.bias
    heads = [t("forecast.model"), "MASE", "WAPE", t("forecast.bias"), t("forecast.verdict")]
    rows: list[Row] = []
    for name in said.MODELS:
        if name in errors:
            figures = [_number(part.get(name)) for part in (errors, wape, bias)]
            rows.append([said.model(found, name), *figures, said.verdict(found, name)])
    return heads, rows, ["text", "quantity", "ratio", "ratio", "text"]


def _departments(page: Page, found: Answer, style: str) -> Sheet:
    assert found.family is not None
    sums = found.target.subject.nature.sums
    names = {dept.code: dept.name for dept in page.board.departments}
    heads = [
        t("forecast.dept"),
        *(str(period) for period in found.family.periods),
        t("forecast.sum") if sums else t("forecast.card_mean", count=len(found.points)),
        t("forecast.alone"),
    ]
    rows: list[Row] = [
        [
            names.get(one.dept) or t("forecast.unmapped"),
            *one.months,
            said.together(found, one.months),
            said.together(found, one.own),
        ]
        for one in sorted(found.family.members, key=lambda each: -each.ahead)
    ]
    alone = sum((row[-1] for row in rows), Decimal(0))
    rows.append([t("forecast.sum"), *found.family.total, said.together(found, found.family.total), alone])
    kinds = ["text", *[style] * (len(heads) - 1)]
    return Sheet(t("forecast.view_departments"), heads, rows, kinds, (), frozenset([len(rows) - 1]))


def _about(page: Page, found: Answer) -> list[str]:
    covered = [
        t("forecast.covered", level=level, share=format.percent(0).text(float(share), unit=True))
        for level, value in found.statistics.coverage.items()
        if np.isfinite(share := np.atleast_1d(value)[0])
    ]
    drivers = t("state.and").join(said.driver(name) for name in found.usual) or t("forecast.drivers_none")
    return [
        f"{page.board.hospital_name}  {said.whose(page, found.target)}  {said.name(found.target)}",
        t("forecast.book_about", month=format.period(found.last), drivers=drivers, snapshot=page.snapshot),
        t("forecast.book_bands", count=int(np.atleast_1d(found.statistics.origins)[0]), shares=", ".join(covered)) if covered
        else t("forecast.untried_short"),
        t("forecast.book_method"),
        *said.reasons(found),
    ]  # fmt: skip


def _mark(found: Answer, period: int) -> str:
    decision = found.decided.excluded.get(period)
    if decision is not None:
        return t("forecast.excluded_because", reason=decision.reason)
    return t("forecast.odd") if any(at == period for at, _, _ in found.odd) else ""


def _number(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
