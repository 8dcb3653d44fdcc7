"""The tests, as SQL over a figure: for each unit and month what was put in (a to e), the result, the line it is held
against, and whether it is over the first and the second limit.

Table `marks` has, per case and month, the limits in force: l1, l2 (NULL: none), way, least, months. A limit that is
not decided (NULL) fires nothing. Ratios are rounded to eight places once; money is compared exactly.
"""

from __future__ import annotations

from core.alerts.figures import figure_sql
from core.alerts.rules import Case
from core.engine import quoted

# Columns of the result, in order.
TOLD = (
    "period", "dept_code", "dept_name", "object_code", "object_name", "a", "b", "c", "d", "e", "actual", "line",
    "limit_value", "level", "since", "last", "enough", "tested", "short",
)  # fmt: skip
_RATE = "decimal(38, 8)"
_OWN = "partition by dept_code, object_code"
WINDOW = 12  # months a department is compared with its own past
PEERS = 3  # fewer comparable departments have no median worth the name
POINTS = 7  # purchases a price is compared with


def _ratio(part: str, whole: str) -> str:
    return f"cast(round(cast({part} as double) / nullif(cast({whole} as double), 0), 8) as {_RATE})"


def _plain(a: str = "top", b: str = "bottom", c: str = "null", d: str = "null", e: str = "null") -> str:
    return ", ".join(
        f"cast({value} as {_RATE}) as {name}" for name, value in zip("abcde", (a, b, c, d, e), strict=True)
    )


def _test(case: Case) -> str:
    """Columns a..e, actual, line, f1, f2 over `s` joined with `marks` as k; f1 and f2 may be NULL."""
    name = case.kind
    if name == "over":
        return f"""{_plain()}, {_ratio("top - bottom", "bottom")} as actual, k.l1 as line,
            top > bottom * (1 + k.l1) and bottom > 0 as f1, top > bottom * (1 + k.l2) and bottom > 0 as f2"""
    if name == "above":
        return f"""{_plain()}, {_ratio("top", "bottom")} as actual, k.l1 as line,
            top > bottom * k.l1 and bottom > 0 as f1, top > bottom * k.l2 and bottom > 0 as f2"""
    if name == "below":
        times = case.times
        return f"""{_plain()}, {_ratio(f"top * {times}", "bottom")} as actual, k.l1 as line,
            top * {times} < bottom * k.l1 and bottom > 0 as f1, top * {times} < bottom * k.l2 and bottom > 0 as f2"""
    if name == "gap":
        return f"""{_plain()}, cast(bottom - top as {_RATE}) as actual, k.l1 as line,
            bottom - top > k.l1 as f1, bottom - top > k.l2 as f2"""
    if name == "band":
        return f"""{_plain()}, {_ratio("top", "bottom")} as actual, k.l1 as line,
            top > 0 and top < bottom * k.l1 as f1, false as f2"""
    if name == "pace":
        pace = f"{_ratio('top * 12 - bottom * (period % 100)', 'bottom * 12')}"
        return f"""{_plain(c="period % 100")}, {pace} as actual, k.l1 as line,
            abs({pace}) > k.l1 as f1, abs({pace}) > k.l2 as f2"""
    if name == "growth":
        grown = f"{_ratio('top * before_bottom', 'bottom * before_top')} - 1"
        over = ">=" if case.reach else ">"
        return f"""{_plain(c="before_top", d="before_bottom")}, {grown} as actual, k.l1 as line,
            {grown} {over} k.l1 as f1, {grown} {over} k.l2 as f2"""
    if name == "race":
        ahead = _ratio("top - before_top", "abs(before_top)")
        behind = _ratio("bottom - before_bottom", "abs(before_bottom)")
        # Income that is not known to have grown is not income that fell.
        line = f"case when {behind} is null then null when k.way = 1 then {behind} + k.l1"
        line += f" when {behind} > 0 then {behind} * (1 + k.l1) else 0 end"
        line = f"cast(round({line}, 8) as {_RATE})"
        return f"""{_plain(b="before_top", c="bottom", d="before_bottom", e=behind)}, {ahead} as actual, {line} as line,
            {ahead} > {line} as f1, false as f2"""
    if name == "streak":
        return f"""{_plain(c="run_top", d="run_bottom")}, cast(run as {_RATE}) as actual, k.l1 as line,
            run >= k.l1 as f1, run >= k.l2 as f2"""
    if name == "sigma":
        z = _ratio("value - mean", "spread")
        return f"""{_plain(c="mean", d="spread", e="n")}, {z} as actual, k.l1 as line,
            {z} > k.l1 as f1, {z} > k.l2 as f2"""
    if name == "peer":
        multiple = _ratio("value", "middle")
        return f"""{_plain(c="middle", d="peers")}, {multiple} as actual, k.l1 as line,
            {multiple} > k.l1 and peers >= {PEERS} as f1, {multiple} > k.l2 and peers >= {PEERS} as f2"""
    dearer = f"{_ratio('top * before_bottom', 'bottom * before_top')} - 1"
    return f"""{_plain(c="before_top", d="before_bottom", e="n")}, {dearer} as actual, k.l1 as line,
        {dearer} > k.l1 as f1, {dearer} > k.l2 as f2"""


def _prepared(case: Case) -> str:
    """The figure with what the kind needs besides: the year before, the run so far, the past, the peers."""
    figure = figure_sql(case)
    if case.kind in ("growth", "race"):
        return f"""
            with f as ({figure})
            select f.*, y.top as before_top, y.bottom as before_bottom from f
            join f y on y.p = f.p - 12 and y.dept_code = f.dept_code and y.object_code = f.object_code"""
    if case.kind == "streak":
        # A run ends with a month that is not over, and with a month that is not there.
        return f"""
            with f as ({figure}), over as (
                select *, p - row_number() over ({_OWN} order by p) as run_of from f where top > bottom and bottom is not null
            ),
            counted as (
                select p, dept_code, object_code, count(*) over w as run, min(period) over w as run_first, sum(top) over w as run_top, sum(bottom) over w as run_bottom
                from over window w as (partition by dept_code, object_code, run_of order by p)
            )
            select f.*, coalesce(c.run, 0) as run, c.run_first, c.run_top, c.run_bottom
            from f left join counted c using (p, dept_code, object_code) where f.bottom is not null"""
    if case.kind == "sigma":
        past = f"over ({_OWN} order by p range between {WINDOW} preceding and 1 preceding)"
        return f"""
            with f as (select *, cast(top as double) / nullif(cast(bottom as double), 0) as value from ({figure}))
            select * exclude (n), avg(value) {past} as mean, stddev_samp(value) {past} as spread, count(value) {past} as n from f"""
    if case.kind == "peer":
        return f"""
            with f as (select *, cast(top as double) / nullif(cast(bottom as double), 0) as value from ({figure})),
            fit as (select f.* from f join marks k on k.name = {quoted(case.name)} and k.period = f.period
                    where f.value is not null and f.bottom >= coalesce(k.least, 0)),
            mid as (select p, grp, median(value) as middle, count(*) as peers from fit group by all)
            select f.*, m.middle, m.peers from f left join mid m using (p, grp)"""
    if case.kind == "price":
        past = f"over ({_OWN} order by p rows between {POINTS} preceding and 1 preceding)"
        return f"""
            select * exclude (n), sum(top) {past} as before_top, sum(bottom) {past} as before_bottom, count(*) {past} as n
            from ({figure}) where bottom > 0"""
    return figure


def case_sql(case: Case) -> str:
    """Rows that fired (and those that would have, with too small a base), and one row with period 0 that counts:
    a = tested, b = tested with too small a base.

    Months that fire without a gap among the months tested are one cause: `since` is its first, a budget year
    ends it, and `last` marks its last month. A run of months over budget begins with the first month over.
    """
    first = "s.run_first" if case.kind == "streak" else "s.period"
    restart = ", period // 100" if case.span == "ytd" else ""
    return f"""
        with s as ({_prepared(case)}),
        t as (
            select s.period, {first} as first, s.p, s.dept_code, s.dept_name, s.object_code, s.object_name, {_test(case)}, k.l1, k.l2,
                   coalesce(s.bottom >= k.least, k.least is null) and coalesce(s.n >= k.need, k.need is null) as enough
            from s join (select period as at, l1, l2, way, least, months as need from marks where name = {quoted(case.name)}) k
                on k.at = s.period
        ),
        x as (
            select *, row_number() over ({_OWN} order by p) as rn from t where actual is not null and line is not null
        ),
        hit as (
            select *, rn - row_number() over ({_OWN}, enough order by rn) as island from x where f1
        ),
        told as (
            select period, dept_code, dept_name, object_code, object_name, a, b, c, d, e, actual, line,
                   cast(if(f2, l2, l1) as {_RATE}) as limit_value, if(f2, 2, 1) as level,
                   min(first) over island as since, max(period) over island = period as last, enough
            from hit window island as ({_OWN}, enough, island{restart})
        )
        select {", ".join(TOLD)} from (
            select *, 0 as tested, 0 as short from told
            union all by name
            select 0 as period, count(*) as tested, count(*) filter (where not enough) as short from x)
        order by period, dept_code, object_code"""
