"""Tables of figures: right-aligned, the same decimals, totals in bold at the bottom, a dash for missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from pages._ui.charts.palette import LIGHT
from pages._ui.format import MISSING, Unit
from pages._ui.text import t

ROW, HEAD = 34, 34
_FIGURES = ("money", "number", "bar")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Col:
    """One column.

    Attributes:
        name: field of the rows.
        label: heading; the unit's label is appended to it.
        kind: text | status | money | number | bar (figure with a bar) | trend (list of figures as a sparkline).
        unit: how figures are written; required for money, number and bar.
        width: 'small' | 'medium' | 'large' or pixels.
        most: length of a full bar in the base amount; default the largest figure shown, which is the total
            where there is one: bars are shares of it.
    """

    name: str
    label: str
    kind: str = "text"
    unit: Unit | None = None
    help: str | None = None
    width: str | int | None = None
    most: Any = None

    @property
    def heading(self) -> str:
        """Label with its unit."""
        return f"{self.label} ({self.unit.label})" if self.unit and self.unit.label else self.label


@dataclass(frozen=True, slots=True)
class Click:
    """A row's menu was used: the row as it was given and the code of the action."""

    row: Mapping[str, Any]
    action: str


def _cell(row: Mapping[str, Any], col: Col) -> Any:
    value = row.get(col.name)
    if col.kind in _FIGURES and col.unit:
        scaled = col.unit.scale(value)
        return None if scaled is None else round(scaled, max(col.unit.decimals, 6))
    if col.kind == "trend":
        return [col.unit.scale(v) if col.unit else v for v in value] if value is not None else None
    return MISSING if value is None or value == "" else str(value)


def _config(col: Col, rows: Sequence[Mapping[str, Any]], first: bool) -> Any:
    make = st.column_config
    common: dict[str, Any] = {"width": col.width, "help": col.help}
    if col.kind == "bar" and col.unit:
        most = col.unit.scale(col.most) if col.most is not None else None
        if most is None:
            most = max(
                (abs(v) for row in rows if (v := col.unit.scale(row.get(col.name))) is not None), default=1
            )
        return make.ProgressColumn(
            col.heading,
            format=col.unit.sprintf,
            min_value=0,
            max_value=float(most) or 1.0,
            color=LIGHT["scenario"],
            **common,
        )
    if col.kind in ("money", "number") and col.unit:
        return make.NumberColumn(
            col.heading, format=col.unit.sprintf, alignment="right", pinned=first, **common
        )
    if col.kind == "trend":
        return make.LineChartColumn(col.heading, color=LIGHT["muted"], **common)
    return make.TextColumn(col.heading, pinned=first, **common)


def _frame(rows: Sequence[Mapping[str, Any]], cols: Sequence[Col]) -> pd.DataFrame:
    frame = pd.DataFrame({col.name: [_cell(row, col) for row in rows] for col in cols})
    figures = [col.name for col in cols if col.kind in _FIGURES]
    return frame.astype(dict.fromkeys(figures, "float64")) if len(frame) else frame


def table(
    rows: Iterable[Mapping[str, Any]],
    cols: Sequence[Col],
    *,
    key: str,
    alt: str = "",
    total: Mapping[str, Any] | None = None,
    bold: Callable[[Mapping[str, Any]], bool] | None = None,
    actions: Sequence[str] = (),
    height: int | None = None,
    download: str = "",
    workbook: Callable[[], bytes] | None = None,
) -> Click | None:
    """Draw a table; return what was chosen in a row's menu in this run.

    Args:
        total: the last row, in bold, without a menu.
        bold: rows that are sub-totals.
        actions: codes of text `action.*`; one code is a button, several a menu.
        height: pixels; default as many rows as there are, at most 14.
        download: stem of the CSV's file name; '' for none.
        workbook: makes the same table as .xlsx when clicked.
    """
    given = [*rows, *([total] if total else [])]
    frame = _frame(given, cols)
    config: dict[str, Any] = {col.name: _config(col, given, col is cols[0] and len(cols) > 6) for col in cols}
    state = f"{key}:click"
    if actions:
        words = [t(f"action.{code}") for code in actions]
        menus: list[Any] = [words if len(words) > 1 else words[0]] * len(given)
        if total:
            menus[-1] = [] if len(words) > 1 else None
        frame["_actions"] = menus

        def clicked() -> None:
            click = st.session_state[f"{key}_menu"]
            st.session_state[state] = (click.row, click.label)

        config["_actions"] = st.column_config.ButtonColumn(
            t("table.actions"), type="tertiary", on_click=clicked, key=f"{key}_menu", width=92
        )
    strong = [i for i, row in enumerate(given) if row is total or (bold and bold(row))]
    shown: Any = frame
    if strong:
        shown = frame.style.set_properties(
            subset=pd.IndexSlice[strong, [col.name for col in cols if col.kind != "trend"]],
            **{"font-weight": "bold"},
        )
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        column_config=config,
        placeholder=MISSING,
        row_height=ROW,
        height=height or HEAD + ROW * max(1, min(len(given), 14)) + 2,
        alt=alt or key,
    )
    _downloads(given, len(given) - bool(total), cols, key, download, workbook)
    if state in st.session_state:
        row, label = st.session_state.pop(state)
        code = next((c for c in actions if t(f"action.{c}") == label), actions[0] if actions else "")
        if row < len(given):
            return Click(given[row], code)
    return None


def csv_bytes(rows: Iterable[Mapping[str, Any]], cols: Sequence[Col]) -> bytes:
    """The table as CSV that a Chinese Excel opens: UTF-8 with mark, exact figures, no text read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    kept = [col for col in cols if col.kind != "trend"]
    writer.writerow([col.heading for col in kept])
    for row in rows:
        cells: list[str] = []
        for col in kept:
            value = row.get(col.name)
            if col.kind in _FIGURES and col.unit:
                exact = col.unit.exact(value)
                cells.append("" if exact is None else f"{exact.normalize():f}")
            else:
                words = "" if value is None else str(value)
                cells.append(f"'{words}" if words.startswith(_RISKY) else words)
        writer.writerow(cells)
    return out.getvalue().encode("utf-8-sig")


def _downloads(
    rows: Sequence[Mapping[str, Any]],
    count: int,
    cols: Sequence[Col],
    key: str,
    stem: str,
    workbook: Callable[[], bytes] | None,
) -> None:
    if not stem:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("table.rows", count=f"{count:,}"), width="content")
        st.space("stretch")
        st.download_button(
            t("table.csv"),
            data=lambda: csv_bytes(rows, cols),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
            key=f"{key}_csv",
        )
        if workbook:
            st.download_button(
                t("table.xlsx"),
                data=workbook,
                file_name=f"{stem}.xlsx",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
                key=f"{key}_xlsx",
            )
