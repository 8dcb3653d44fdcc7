"""The questions a table may raise: which extract it is, what its columns mean, unit, month, totals that differ.

Tables of one shape are asked about once. What a person answers becomes a plan (`core.intake.reading`), and the file
is read again by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.catalog import Extract, catalog
from core.intake.reading import NEEDS_DECISION, ColumnMatch, Part, Plan, Reading
from pages._ui import format, tables
from pages._ui.text import label, lang, t
from pages._ui.upload.job import Job
from pages._ui.upload.lines import issues, plain

UNITS = ("1", "1000", "10000", "1000000", "100000000")
_FIXED = ("spread", "total")
_SURE = ("exact", "remembered", "plan")
_PERIOD = ("period_missing", "period_no_year")
_ASKING = ("table_unknown", "table_ambiguous", "columns_missing", *_PERIOD)


def groups(reading: Reading) -> list[list[Part]]:
    """Tables that wait for an answer, those of one shape together."""
    found: dict[tuple[str, str | None], list[Part]] = {}
    for part in reading.parts:
        if part.status == NEEDS_DECISION:
            found.setdefault((part.shape or part.key, part.extract), []).append(part)
    return list(found.values())


def ask(job: Job, parts: Sequence[Part]) -> None:
    """Draw the questions of one group and lay the answers over the job's plan."""
    first = parts[0]
    name = f"{job.id}:{first.key}"
    with st.container(border=True):
        places = t("upload.and").join(plain(part.key) for part in parts[:6])
        st.markdown(f"**{t('upload.ask.table', sheets=places)}**  :gray[{plain(first.place)}]")
        asking = [issue for issue in first.issues if issue.code in _ASKING]
        issues(asking, ("refused", "warning"))
        extract = _which(job, parts, name)
        if extract is None:
            return
        with st.form(f"{name}:form", border=False):
            columns = _columns(first, extract, name)
            unit, months = _unit_and_months(parts, extract, name)
            totals = _totals(parts, name)
            remember = st.checkbox(
                t("upload.ask.remember"), value=job.remember, key=f"{name}:remember",
                help=t("upload.ask.remember_help"),
            )  # fmt: skip
            sent = st.form_submit_button(
                t("upload.ask.read_again"), type="primary", icon=":material/arrow_forward:"
            )
        if not sent:
            return
        lacking = _lacking(extract, columns, first, months)
        if lacking:
            st.warning(t("upload.ask.lacking", columns=t("upload.and").join(lacking)), icon=":material/info:")
            return
        job.remember = remember
        for part in parts:
            plan: Plan = {"extract": extract.name, "columns": columns, "unit": unit}
            if months.get(part.key):
                plan["period"] = months[part.key]
            if totals:
                plan["accept_totals"] = True
            job.declare(part.key, plan)
        st.rerun()


def _which(job: Job, parts: Sequence[Part], name: str) -> Extract | None:
    """Which extract the table is; choosing another one reads the file again by its columns."""
    first = parts[0]
    likely = [str(candidate[0]) for candidate in first.candidates]
    names = list(dict.fromkeys([*likely, *catalog().extracts]))
    words = {one: f"{catalog().extracts[one].number} {label(catalog().extracts[one])}" for one in names}
    words |= {one: t("upload.ask.likely", extract=words[one]) for one in likely}
    words[""] = t("upload.ask.ignore")

    def changed() -> None:
        chosen = st.session_state[f"{name}:extract"]
        for part in parts:
            job.options.plan.pop(part.key, None)
            job.declare(part.key, {"extract": chosen} if chosen else {"ignore": True})

    st.selectbox(
        t("upload.ask.extract"),
        [*names, ""],
        index=names.index(first.extract) if first.extract in names else None,
        format_func=lambda one: words.get(one, one),
        key=f"{name}:extract",
        on_change=changed,
        width=420,
        filter_mode="contains",
        placeholder=t("upload.ask.extract_hint"),
    )
    chosen = st.session_state[f"{name}:extract"]
    return catalog().extracts[chosen] if chosen else None


def _columns(part: Part, extract: Extract, name: str) -> dict[str, str | None]:
    """One select per heading that is not certain; the certain ones in a line."""
    sure = [match for match in part.columns if match.how in _SURE and match.column]
    open_ = [match for match in part.columns if match not in sure and match.how not in _FIXED]
    fixed = [match for match in part.columns if match.how in _FIXED]
    needed = {column for group in extract.requires for column in group}
    words = {
        column.name: label(column) + (t("upload.ask.star") if column.name in needed else "")
        for column in extract.columns
    }
    words[""] = t("upload.ask.unused")
    if sure:
        pairs = [f"{plain(match.heading)} → {label(extract.column(match.column or ''))}" for match in sure]
        st.markdown(f":gray[{t('upload.ask.sure')}] {t('upload.comma').join(pairs)}")
    if fixed:
        spread = t("upload.comma").join(plain(match.heading) for match in fixed[:8])
        st.markdown(f":gray[{t('upload.ask.spread', count=len(fixed))}] {spread}")
    chosen: dict[str, str | None] = {match.heading: match.column for match in sure}
    if open_:
        widths = [1.2, 1.5, 1.1, 1.6]
        with st.container(horizontal=False, gap="small"):
            heads = st.columns(widths, vertical_alignment="bottom")
            for place, key in zip(heads, ("heading", "samples", "proposal", "meaning"), strict=True):
                place.caption(t(f"upload.ask.{key}"))
            for match in open_:
                chosen[match.heading] = _column(match, extract, words, widths, name)
    return chosen


def _column(
    match: ColumnMatch, extract: Extract, words: dict[str, str], widths: list[float], name: str
) -> str | None:
    heading, samples, proposal, meaning = st.columns(widths, vertical_alignment="center")
    heading.markdown(f"**{plain(match.heading)}**  :gray[{match.col}]")
    samples.caption(t("upload.comma").join(plain(text) for text in match.samples[:3]) or format.MISSING)
    known = match.column if match.column in words else None
    proposal.caption(
        t("upload.ask.guess", label=words[known], score=match.score) if known else t("upload.ask.no_guess")
    )
    others = [str(one[0]) for one in match.alternatives if str(one[0]) in words]
    options = list(dict.fromkeys([*([known] if known else []), *others, *words]))
    picked: str = meaning.selectbox(
        match.heading,
        options,
        index=options.index(known or ""),
        format_func=lambda one: words.get(one, one),
        key=f"{name}:column:{match.col}",
        label_visibility="collapsed",
        filter_mode="contains",
    )
    return picked or None


def _unit_and_months(parts: Sequence[Part], extract: Extract, name: str) -> tuple[str, dict[str, int]]:
    """The unit of amounts, and a month for each table that carries none."""
    unit = parts[0].unit if parts[0].unit in UNITS else "1"
    months: dict[str, int] = {}
    words = {one: t(f"upload.unit.{one}") for one in UNITS}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if extract.amount:
            unit = st.selectbox(
                t("upload.ask.unit"), UNITS, index=UNITS.index(unit), key=f"{name}:unit", width=180,
                format_func=words.__getitem__,
            )  # fmt: skip
        for part in parts:
            if any(issue.code in _PERIOD for issue in part.issues) and not part.periods:
                months[part.key] = _month(t("upload.ask.month", sheet=part.key), f"{name}:{part.key}:month")
    return unit, months


def _month(words: str, key: str) -> int:
    """Year and month typed as 2025-03 or 202503; 0 until it is one."""
    typed = st.text_input(
        words, key=key, width=220, placeholder="2025-03", validate=r"^\s*20\d\d[-/.]?(0?[1-9]|1[0-2])\s*$"
    )
    digits = [part for part in (typed or "").replace("/", "-").replace(".", "-").strip().split("-") if part]
    if len(digits) == 1 and len(digits[0]) == 6 and digits[0].isdecimal():
        digits = [digits[0][:4], digits[0][4:]]
    if len(digits) != 2 or not all(part.isdecimal() for part in digits):
        return 0
    year, month = int(digits[0]), int(digits[1])
    return year * 100 + month if 2000 <= year < 2100 and 1 <= month <= 12 else 0


def _totals(parts: Sequence[Part], name: str) -> bool:
    """Stated totals that differ from the rows: shown with their place, and one box to say they were seen."""
    wrong = [(part, check) for part in parts for check in part.checks if not check.ok]
    if not wrong:
        return False
    st.markdown(f":orange[:material/warning:] **{t('upload.ask.totals')}**")
    money = format.number("", 2)
    tables.table(
        [
            {
                "place": f"{part.sheet}!{check.col}{check.row}",
                "label": check.label,
                "stated": check.stated,
                "computed": check.computed,
                "difference": check.stated - check.computed,
                "rows": check.rows,
            }
            for part, check in wrong
        ],
        [
            tables.Col("place", t("upload.place")),
            tables.Col("label", t("upload.ask.total_label")),
            tables.Col("stated", t("upload.stated"), "number", money),
            tables.Col("computed", t("upload.ask.computed"), "number", money),
            tables.Col("difference", t("upload.ask.difference"), "number", money),
            tables.Col("rows", t("upload.ask.covers"), "number", format.number("", 0)),
        ],
        key=f"{name}:totals_table",
        alt=t("upload.ask.totals"),
    )
    return st.checkbox(t("upload.ask.totals_seen"), key=f"{name}:totals")


def _lacking(
    extract: Extract, columns: dict[str, str | None], part: Part, months: dict[str, int]
) -> list[str]:
    """Labels of what is required and neither a column, nor spread over headings, nor declared."""
    have = {column for column in columns.values() if column}
    have |= {name for match in part.columns for name in match.spread}
    have |= {str(match.column) for match in part.columns if match.how == "spread" and match.column}
    if part.periods or any(months.values()) or not part.issues:
        have.add("period")
    if part.period_from:
        have.add("period")
    words = t("upload.ask.or")
    return [
        words.join(extract.column(name).label.of(lang()) for name in group)
        for group in extract.requires
        if not have & set(group)
    ]
