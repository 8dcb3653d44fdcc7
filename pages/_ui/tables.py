"""Tables of figures: right-aligned, the same decimals, totals in bold at the bottom, a dash for missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages._ui.cache import Memo
from pages._ui.charts.palette import LIGHT
from pages._ui.format import MISSING, Unit
from pages._ui.text import lang, t

ROW, HEAD = 34, 34
_KEPT = 256
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
        bare: the heading goes without the unit, which then stands above the table.
    """

    name: str
    label: str
    kind: str = "text"
    unit: Unit | None = None
    help: str | None = None
    width: str | int | None = None
    most: Any = None
    bare: bool = False

    @property
    def heading(self) -> str:
        """Label with its unit."""
        shown = self.unit.label if self.unit and not self.bare else ""
        return f"{self.label} ({shown})" if shown else self.label


@dataclass(frozen=True, slots=True)
class Click:
    """A row's menu was used: the row as it was given and the code of the action."""

    row: Mapping[str, Any]
    action: str


def _cell(row: Mapping[str, Any], col: Col) -> Any:
    value = row.get(col.name)
    if col.kind in _FIGURES and col.unit:
        return col.unit.cell(value)
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


def _arrow(rows: Sequence[Mapping[str, Any]], cols: Sequence[Col], menu: Any = None) -> pa.Table:
    """The grid's content: scaled figures, words, and `menu` (words of the row menu) in every row."""
    kinds: dict[str, Any] = {"trend": pa.list_(pa.float64()), **dict.fromkeys(_FIGURES, pa.float64())}
    made = {
        col.name: pa.array([_cell(row, col) for row in rows], kinds.get(col.kind, pa.string()))
        for col in cols
    }
    if menu is not None:
        kind = pa.list_(pa.string()) if isinstance(menu, list) else pa.string()
        made["_actions"] = pa.array([menu] * len(rows), kind)
    return pa.table(made)


_memo: Memo[tuple[list[Mapping[str, Any]], pa.Table]] = Memo(_KEPT)


def table(
    rows: Iterable[Mapping[str, Any]] | Callable[[], Iterable[Mapping[str, Any]]],
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
    memo: Hashable = None,
) -> Click | None:
    """Draw a table; return what was chosen in a row's menu in this run.

    Args:
        rows: the rows, or what makes them (only called when `memo` is new).
        total: the last row, in bold; below a table with a row menu it stands by itself, out of the way of sorting.
        bold: rows that are sub-totals; only without `actions`.
        actions: codes of text `action.*`; one code is a button, several a menu.
        height: pixels; default as many rows as there are, at most 14.
        download: stem of the CSV's file name; '' for none.
        workbook: makes the same table as .xlsx when clicked.
        memo: everything the rows depend on (snapshot, period, choices); the grid is then made once and shared.
    """
    words = [t(f"action.{code}") for code in actions]
    menu = None if not words else words if len(words) > 1 else words[0]

    def make() -> tuple[list[Mapping[str, Any]], pa.Table]:
        given = [*(rows() if callable(rows) else rows)]
        return given, _arrow(given, cols, menu)

    given, grid = _memo.get((key, lang(), memo), make) if memo is not None else make()
    config: dict[str, Any] = {col.name: _config(col, given, col is cols[0] and len(cols) > 6) for col in cols}
    tall = height or HEAD + ROW * max(1, min(len(given) + bool(total and not menu), 14)) + 2
    if menu is None and (total or bold):
        whole = [*given, *([total] if total else [])]
        _static(whole, cols, lambda row: row is total or bool(bold and bold(row)), key, tall, alt)
    else:
        if menu is not None:
            config["_actions"] = _menu(key)
        st.dataframe(
            grid,
            key=key,
            hide_index=True,
            column_config=config,
            placeholder=MISSING,
            row_height=ROW,
            height=tall,
            alt=alt or key,
        )
        if total:
            _static([total], cols, lambda row: True, f"{key}_total", HEAD + ROW + 2, alt)
    _downloads([*given, *([total] if total else [])], len(given), cols, key, download, workbook)
    if f"{key}:click" in st.session_state:
        row, label = st.session_state.pop(f"{key}:click")
        code = next((c for c in actions if t(f"action.{c}") == label), actions[0] if actions else "")
        if row < len(given):
            return Click(given[row], code)
    return None


def _menu(key: str) -> Any:
    def clicked() -> None:
        click = st.session_state[f"{key}_menu"]
        st.session_state[f"{key}:click"] = (click.row, click.label)

    return st.column_config.ButtonColumn(
        t("table.actions"), type="tertiary", on_click=clicked, key=f"{key}_menu", width=76
    )


def _static(
    rows: Sequence[Mapping[str, Any]],
    cols: Sequence[Col],
    strong: Callable[[Mapping[str, Any]], bool],
    key: str,
    height: int,
    alt: str,
) -> None:
    """A table with bold rows. Styling costs 20 ms a table, so what was drawn once is replayed while it is the same."""
    grid = _arrow(rows, cols)
    marked = tuple(index for index, row in enumerate(rows) if strong(row))
    looks = tuple((col.name, col.heading, col.kind, col.width, col.help, str(col.most)) for col in cols)
    content = tuple(str(column) for column in grid.to_pydict().values())
    config = {col.name: _config(col, rows, col is cols[0] and len(cols) > 6) for col in cols}
    plain = [col.name for col in cols if col.kind != "trend"]
    _replayed((key, content, looks, marked, height, alt), grid, config, plain)


@st.cache_data(show_spinner=False, max_entries=512)
def _replayed(
    asked: tuple[Any, ...], _grid: pa.Table, _config: Mapping[str, Any], _plain: Sequence[str]
) -> None:
    key, _, _, marked, height, alt = asked
    shown = _grid.to_pandas().style.set_properties(
        subset=pd.IndexSlice[list(marked), list(_plain)], **{"font-weight": "bold"}
    )
    st.dataframe(
        shown,
        key=key,
        hide_index=True,
        column_config=dict(_config),
        placeholder=MISSING,
        row_height=ROW,
        height=height,
        alt=alt or key,
    )


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
