"""What the department page draws: message, cards, composition, trend, peers, flows, unit costs, income."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.catalog import catalog
from core.figures.changes import REST
from core.figures.common import BUDGET
from core.figures.department import Department, Flow
from core.figures.peers import near
from core.measures import measure
from pages._ui import board as boards
from pages._ui import charts, format, frame, url
from pages._ui.board import Board
from pages._ui.boards import figures, opened, words
from pages._ui.boards.lines import lines, open_department
from pages._ui.boards.message import cause, earned, moved, usual
from pages._ui.boards.why import why
from pages._ui.charts.seasons import seasons
from pages._ui.format import Unit
from pages._ui.frame import Page
from pages._ui.text import label as labelled
from pages._ui.text import lang, t

VIEWS = ("split", "bridge")


def opened_board() -> tuple[Board, str]:
    """The board and the page's title, which names the department asked for."""
    found = boards.current(pinned=True)
    code = url.peek("dept")
    name = next((one.name for one in found.departments if one.code == code), "")
    return found, t("department.title_of", dept=name) if name else t("department.title")


def choose(page: Page, waiting: tuple[int, ...]) -> None:
    """Nothing chosen yet: every department with its money, to open one."""
    page.message(t("department.choose"))
    found = opened.cockpit(page, waiting)
    lines(page, found, format.money_unit([found.total.direct]))


def to_scorecard(page: Page) -> None:
    """The way to the department's own scorecard; nothing is computed for it here."""
    if st.button(t("department.to_scorecard"), key="to_scorecard", type="tertiary", icon=":material/target:"):
        st.switch_page("pages/board/scorecard.py", query_params={"dept": page.dept or ""})


def cost_label(name: str) -> str:
    """Full cost for clinical departments, direct cost for the others."""
    return t("cockpit.direct") if name == "cost" else labelled(measure(name))


def message(page: Page, found: Department) -> bool:
    """Cost and change, what made it, how much came from others, the unit cost among its peers, what is left.

    False when the department has no cost in the month.
    """
    opened.lacks(page, found.missing)
    if found.cards[0].value is None:
        what = t("department.subject", dept=words.dept(found.dept), what=cost_label(found.main))
        page.message(t("cockpit.message.nothing", month=format.period(page.period), label=what))
        return False
    label = t("department.subject", dept=words.dept(found.dept), what=cost_label(found.changed))
    parts = [moved(page, found.changes, label), cause(found.changes, {}), usual(found.trend)]
    indirect, whole = (
        sum((getattr(s, name) for s in found.split), Decimal(0)) for name in ("indirect", "value")
    )
    if found.incoming and whole:
        parts.append(
            t("department.message_indirect", share=format.percent(0).text(indirect / whole, unit=True))
        )
    parts.append(_rank(found))
    cards = {one.measure: one for one in found.cards}
    income, left = cards.get("income"), cards.get("full_surplus")
    if income and left and income.value is not None and left.value is not None:
        parts.append(earned(income, left))
    said = t("cockpit.message.join").join(part for part in parts if part) + t("cockpit.message.end")
    page.message(said, why=why(page, found.main, found.dept.code))
    return True


def _rank(found: Department) -> str:
    here = next((peer for peer in found.peers if peer.here), None)
    if not found.rank or here is None or found.median is None:
        return ""
    one = measure(found.peer_measure)
    unit = words.unit(one, here.value)
    return t(
        "department.message_rank",
        what=labelled(one),
        value=format.show(here.value, unit),
        count=sum(peer.value is not None for peer in found.peers),
        rank=found.rank,
        median=format.show(found.median, unit),
    )


def cards_row(page: Page, found: Department) -> None:
    """Five or six cards."""
    figures.row(
        found.cards,
        page.compare,
        "cards",
        lambda name: why(page, name, found.dept.code),
        {"cost": cost_label("cost")},
    )


def composition(page: Page, found: Department, unit: Unit) -> None:
    """The seven items, direct and allocated in, or what changed."""
    title = t("department.composition", what=cost_label(found.main))
    with frame.panel(title, unit.label, why=why(page, found.main, found.dept.code), key="split"):
        url.seed("part", VIEWS, VIEWS[0])
        st.segmented_control(
            t("cockpit.view"), VIEWS, key="part", format_func=lambda name: t(f"department.view_{name}"),
            required=True, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        view = st.session_state["part"]
        url.publish("part", view, VIEWS[0])
        if view == "bridge":
            _bridge(page, found, unit)
        else:
            _split(found, unit)


def _split(found: Department, unit: Unit) -> None:
    whole = sum((one.value for one in found.split), Decimal(0))
    shown = [one for one in found.split if one.value]
    share = {
        one.item: format.percent().text(one.value / whole if whole else None, unit=True) for one in shown
    }
    labels = {one.item: f"{words.item(one.item)}  {share[one.item]}" for one in shown}
    if not found.incoming:
        rows = [{"label": labels[s.item], "value": s.value, "previous": s.last_year.base} for s in shown]
        st.caption(t("department.last_year_note"))
        charts.ranking(rows, unit=unit, alt=t("department.split_alt"), row_height=38)
        return
    rows = [
        {"label": labels[one.item], "part": t(f"department.{part}"), "value": getattr(one, part)}
        for one in shown
        for part in ("direct", "indirect")
    ]
    charts.composition(rows, unit=unit, alt=t("department.split_alt"), share=False, row_height=44)


def _bridge(page: Page, found: Department, unit: Unit) -> None:
    changed = found.changes
    if not changed.by_item:
        st.caption(words.why_no_base(changed.against))
        return
    if found.changed != found.main:
        st.caption(t("department.budget_direct"))
    rows = charts.steps(
        (
            words.base_title(page.compare),
            changed.against.base,
            "budget" if page.compare == BUDGET else "previous",
        ),
        [{"label": words.item(p.item), "value": p.difference} for p in changed.by_item if p.difference],
        (t("role.actual"), changed.value, "actual"),
    )
    charts.waterfall(rows, unit=unit, alt=t("cockpit.bridge", base=words.base(page.compare)), height=300)


def trend(page: Page, found: Department, unit: Unit) -> None:
    """Thirty-six months within what the seasons make usual."""
    with frame.panel(t("cockpit.trend"), f"{cost_label(found.main)}, {unit.label}", key="trend"):
        points = [
            {"period": month, "value": p.value, "mean": p.mean, "low": p.low, "high": p.high, "rule": p.rule}
            for month, p in found.trend.points
        ]
        seasons(points, unit=unit, alt=t("cockpit.trend_alt"), height=292)
        st.caption(t(f"cockpit.limits_{found.trend.how}"))


def peers(page: Page, found: Department, unit: Unit) -> None:
    """Departments of the same kind, ranked; a click opens one."""
    one = measure(found.peer_measure)
    each = words.unit(one, found.median)
    kind = t("department.kind", kind=_kind(found))
    with frame.panel(t("department.peers", what=labelled(one)), f"{kind}, {each.label}", key="peers"):
        known = tuple(peer for peer in found.peers if peer.value is not None)
        if not known:
            st.caption(t("department.no_peers", what=labelled(one)))
            return
        shown = near(known)
        rows = [
            {"label": f"{rank}  {words.dept(peer.dept)}", "value": peer.value, "role": "actual" if peer.here else "s7"}
            for rank, peer in shown
        ]  # fmt: skip
        st.caption(t("department.peers_note", median=format.show(found.median, each), count=len(known)))
        picks = charts.ranking(rows, unit=each, alt=t("department.peers_alt"), key="peers", row_height=29)
        _open(picks, {str(row["label"]): peer.dept.code for row, (_, peer) in zip(rows, shown, strict=True)})


def _kind(found: Department) -> str:
    if found.kind in ("outpatient", "inpatient"):
        return catalog().term("care_settings", found.kind).label.of(lang())
    return words.dept_class(found.dept.dept_class)


def flows(page: Page, found: Department, unit: Unit) -> None:
    """Where allocated cost came from, or where this department's cost went; a click opens the other side."""
    way = "from" if found.incoming else "to"
    explained = why(page, "full_indirect", found.dept.code) if found.incoming else None
    with frame.panel(t(f"department.flows_{way}"), unit.label, why=explained, key="flows"):
        if not found.flows:
            st.caption(t("department.no_flows"))
            return
        st.caption("  ·  ".join(
            f"{words.dept_class(name)} {format.show(amount, unit)}" for name, amount in found.by_class
        ))  # fmt: skip
        rows = [{"label": _flow_label(flow), "value": flow.amount} for flow in found.flows]
        picks = charts.ranking(
            rows, unit=unit, alt=t(f"department.flows_{way}_alt"), key="flows", row_height=38
        )
        _open(picks, {str(row["label"]): flow.dept.code for row, flow in zip(rows, found.flows, strict=True)})


def _flow_label(flow: Flow) -> str:
    return f"{words.dept(flow.dept, flow.count)}  {format.percent().text(flow.share, unit=True)}"


def _open(picks: charts.Picks, codes: dict[str, str]) -> None:
    if picks and picks.fresh and (code := codes.get(str(picks[0]["label"]), REST)) != REST:
        open_department(code)


def unit_of(found: Department) -> Unit:
    """The page's money unit."""
    return format.money_unit([found.changes.value, *(one.value for one in found.charges)])
