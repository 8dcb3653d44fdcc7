"""The draft a person works on, kept in the session; where it starts; saving; words of what cannot be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import streamlit as st

from core.budget import targets as core_targets
from core.budget.compile import BudgetError
from core.budget.proposal import Proposal, proposal
from core.budget.targets import TargetVersion
from core.budget.tree import Tree, none_below_zero
from core.catalog import catalog
from core.journal import journal
from core.money import fen_to_yuan
from core.warehouse import Warehouse, open_warehouse
from pages._ui import board, cache, format, lacking, url
from pages._ui.boards import words as boards
from pages._ui.boards.why import Why
from pages._ui.frame import Page
from pages._ui.text import t
from pages._ui.upload.people import actor, now

NIL = Decimal(0)


def _warehouse(snapshot: str) -> Warehouse:
    return open_warehouse(board.store(), board.store().snapshot(snapshot))


def warehouse(page: Page) -> Warehouse:
    """The open warehouse of the page's snapshot."""
    return _warehouse(page.snapshot)


def choose_year(page: Page) -> int:
    """The year to plan: the one after the last month, or the last one itself."""
    last = max(page.board.periods) // 100
    options = [str(last + 1), str(last)]
    url.seed("year", options, options[0])
    labels = {one: t("targets.of_year", year=one) for one in options}
    st.selectbox(
        t("targets.year"), options, key="year", width=128, label_visibility="collapsed", persist_state="session",
        format_func=lambda one: labels.get(one, one),
    )  # fmt: skip
    url.publish("year", st.session_state["year"], options[0])
    return int(st.session_state["year"])


def depts(page: Page) -> tuple[tuple[str, str], ...]:
    """(code, class) of every classed department, by class."""
    order = {name: at for at, name in enumerate(catalog().names("dept_classes"))}
    known = [one for one in page.board.departments if one.dept_class in order]
    return tuple(
        (one.code, one.dept_class) for one in sorted(known, key=lambda d: (order[d.dept_class], d.code))
    )


@cache.resource(max_entries=16)
def _versions(
    seen: tuple[str, int], hospital: str, year: int, listed: tuple[tuple[str, str], ...]
) -> tuple[TargetVersion, ...]:
    return core_targets.versions(board.store(), hospital, year, listed, catalog().names("cost_items"))


def versions(page: Page, year: int) -> tuple[TargetVersion, ...]:
    """Saved versions of the year, oldest first."""
    seen = (str(board.store().root), journal(board.store()).version())
    found: tuple[TargetVersion, ...] = _versions(seen, page.hospital, year, depts(page))
    return found


def _waiting(page: Page) -> int:
    """Months not computed yet, part of a key: their cost is not in what was read."""
    return len(warehouse(page).missing(page.hospital))


@cache.resource(max_entries=16)
def _planned(
    snapshot: str, hospital: str, year: int, listed: tuple[tuple[str, str], ...], spent: bool, waiting: int
) -> Tree:
    """The budget in force of a year as a tree, or what was spent."""
    box, items = _warehouse(snapshot), catalog().names("cost_items")
    view = (
        "mart_direct_cost where scope = 'medical'"
        if spent
        else "stg_budget where in_force and direction = 'cost'"
    )
    rows = box.query(
        f"select dept_code, item_class, period % 100, cast(sum(amount) * 100 as bigint) from {view} "
        "and hospital = ? and period // 100 = ? and dept_code is not null group by all",
        (hospital, year),
    )
    known = dict(listed)
    cells: dict[str, dict[str, list[int]]] = {}
    for code, item, month, fen in rows:
        if code in known and item in items:
            cells.setdefault(code, {}).setdefault(item, [0] * 12)[month - 1] = int(fen)
    whole = {
        code: {item: none_below_zero(months) for item, months in found.items()}
        for code, found in cells.items()
    }
    return Tree.of(year, listed, items, whole)


def base(page: Page, year: int) -> Tree:
    """What the draft is compared with: what was spent in the year before."""
    made: Tree = _planned(page.snapshot, page.hospital, year - 1, depts(page), True, _waiting(page))
    return made


def in_force(page: Page, year: int) -> Tree:
    """The budget in force of the year; zeros where there is none."""
    made: Tree = _planned(page.snapshot, page.hospital, year, depts(page), False, _waiting(page))
    return made


@cache.resource(max_entries=16)
def _proposal(snapshot: str, hospital: str, year: int, key: tuple[Any, ...], waiting: int) -> Proposal:
    assumptions, growth = key
    return proposal(_warehouse(snapshot), hospital, year, dict(assumptions), growth)


def proposed(
    page: Page, year: int, assumptions: tuple[Any, ...] = (), growth: Decimal | None = None
) -> Proposal:
    """What the helper proposes under these assumptions."""
    made: Proposal = _proposal(page.snapshot, page.hospital, year, (assumptions, growth), _waiting(page))
    return made


def _key(page: Page, year: int) -> str:
    return f"targets_draft_{page.hospital}_{year}"


def draft(page: Page, year: int) -> Tree:
    """The session's draft: the newest saved version, else the budget in force, else the helper's proposal."""
    key = _key(page, year)
    if key not in st.session_state:
        saved = versions(page, year)
        started, tree = ("version", saved[-1].tree) if saved else ("force", in_force(page, year))
        if not tree.fen():
            started, tree = "helper", proposed(page, year).tree
        st.session_state[key] = tree
        st.session_state[f"{key}_from"] = started
    tree_now: Tree = st.session_state[key]
    return tree_now


def keep(page: Page, year: int, tree: Tree, started: str = "") -> None:
    """Take a tree as the draft."""
    st.session_state[_key(page, year)] = tree
    st.session_state[f"{_key(page, year)}_touched"] = True
    if started:
        st.session_state[f"{_key(page, year)}_from"] = started


def notes(page: Page, year: int, kind: str) -> list[dict[str, Any]]:
    """Rules or standards of the draft: those of the newest version until changed."""
    key = f"{_key(page, year)}_{kind}"
    if key not in st.session_state:
        saved = versions(page, year)
        st.session_state[key] = [dict(one) for one in getattr(saved[-1], kind)] if saved else []
    found: list[dict[str, Any]] = st.session_state[key]
    return found


def save(page: Page, year: int, name: str, note: str) -> TargetVersion:
    """Keep the draft as the next version."""
    return core_targets.save(
        board.store(), page.hospital, draft(page, year), name, note, by=actor(), at=now(),
        rules=notes(page, year, "rules"), standards=notes(page, year, "standards"),
    )  # fmt: skip


def message(page: Page, year: int) -> bool:
    """The draft's total against last year; False where there is nothing to start from."""
    try:
        tree = draft(page, year)
    except BudgetError as problem:
        page.message(said(problem))
        st.caption(t("targets.start_do"))
        lacking.offer(["ledger_cost"], "targets")
        return False
    before = base(page, year)
    total, last = tree.amount(), before.amount()
    ratio = total / last - 1 if last else None
    started = st.session_state.get(f"{_key(page, year)}_from", "")
    words = t(
        "targets.message",
        year=year,
        total=format.money(total),
        change=format.percent().text(ratio, signed=True, unit=True),
        last=year - 1,
        before=format.money(last),
        started=t(f"targets.from_{started}"),
        count=len(tree.plain()),
    )
    page.message(words, why=_why(page, tree, before))
    return True


def _why(page: Page, tree: Tree, before: Tree) -> Callable[[], Why]:
    def make() -> Why:
        money = format.yuan()
        figures = [(boards.dept_class(node.name), node.amount, money) for node in tree.children()]
        return Why(
            t("targets.title_total"), [page.board.hospital_name], t("targets.formula"),
            [*figures, (t("targets.last"), before.amount(), money), (t("targets.target"), tree.amount(), money)],
            [], [], 0, t("execution.note_scope"),
        )  # fmt: skip

    return make


def said(problem: BudgetError) -> str:
    """What cannot be done and what to do."""
    params = {
        key: format.money(fen_to_yuan(value)) if isinstance(value, int) else value
        for key, value in problem.params.items()
    }
    return t(f"targets.error.{problem.reason}", **params)


@contextmanager
def trying() -> Iterator[None]:
    """Say what cannot be done instead of failing."""
    try:
        yield
    except BudgetError as problem:
        st.warning(said(problem), icon=":material/info:")


def name_of(page: Page, path: tuple[str, ...]) -> str:
    """A node in words."""
    if not path:
        return page.board.hospital_name or page.hospital
    if len(path) == 1:
        return boards.dept_class(path[0])
    if len(path) == 2:
        return next((one.name for one in page.board.departments if one.code == path[1]), path[1])
    return boards.item(path[2]) if len(path) == 3 else format.period(2000_00 + int(path[3]), "month")
