"""From a department's full cost to its origins, and from an origin to the rows of the files it was booked in."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from core.lineage import Explanation, Origin, explain_full_cost
from core.scenario import Scenario
from pages._ui import explain, format, tables
from pages._ui.allocation import figures
from pages._ui.boards.why import Why, drawer_rows
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.states import guard
from pages._ui.tables import Click
from pages._ui.text import lang, t

ROWS = 100


def act(page: Page, scenario: Scenario, click: Click | None) -> None:
    """Do what was chosen in a row's menu: open the department's page, or explain its full cost."""
    if click is None or not click.row.get("code"):
        return
    if click.action == "open":
        st.switch_page(
            "pages/cost/department.py", query_params={"dept": click.row["code"], "period": str(page.period)}
        )
    else:
        _drawer(page, scenario, click.row)


def _drawer(page: Page, scenario: Scenario, row: Mapping[str, Any]) -> None:
    title = f"{row['name']} · {t('allocation.col_full')} · {format.period(page.period)}"

    @st.dialog(title, width=820, position="right", icon=":material/account_tree:")
    def drawer() -> None:
        with guard():
            opened = figures.warehouse(page, scenario)
            whole = explain_full_cost(opened, page.hospital, page.period, row["code"], page.scope, limit=1)
            named = _origins(whole.origins)
            code = st.selectbox(
                t("allocation.origin"), list(named), key="origin", filter_mode="contains",
                format_func=lambda origin: f"{named[origin][0]} {format.money(named[origin][1])}",
            )  # fmt: skip
            found = explain_full_cost(
                opened, page.hospital, page.period, row["code"], page.scope, origin=code, limit=ROWS
            )
            explain.body(_why(page, row, whole, found))

    drawer()


def _origins(found: tuple[Origin, ...]) -> dict[str, tuple[str, Decimal]]:
    """origin code -> (name, amount over items and paths), largest first."""
    sums: dict[str, tuple[str, Decimal]] = {}
    for origin in found:
        name, amount = sums.get(origin.code, (origin.name, Decimal(0)))
        sums[origin.code] = (name, amount + origin.amount)
    return dict(sorted(sums.items(), key=lambda entry: -abs(entry[1][1])))


def _why(page: Page, row: Mapping[str, Any], whole: Explanation, found: Explanation) -> Why:
    yuan = format.yuan()
    sums: list[tuple[str, Any, Unit | None]] = [
        (term.label.of(lang()), term.value, yuan) for term in whole.terms
    ]
    sums.append((t("allocation.col_full"), whole.value, yuan))
    paths = dict.fromkeys(origin.path for origin in found.origins)
    return Why(
        row["name"],
        [
            page.board.hospital_name,
            format.period(page.period),
            row["name"],
            *(origin.name for origin in found.origins[:1]),
        ],
        found.formula.of(lang()),
        sums,
        drawer_rows(found.rows),
        [
            tables.Col("dept", t("cockpit.col_dept"), width="small"),
            tables.Col("what", t("cockpit.col_what"), width="small"),
            tables.Col("booked", t("allocation.col_booked"), "number", format.number("", 2)),
            tables.Col("amount", t("allocation.col_part"), "number", format.number("", 2)),
        ],
        found.rows_total,
        t("allocation.paths", paths=t("state.and").join(paths)),
    )
