"""The kit every page is built from. A page asks core for figures and hands them to these functions.

Rules for a page script (<= 60 lines): no arithmetic, no SQL, no pandas, no sentence in any language.
Words come from `t("<page>.<key>")`; add yours in `text/<page>.zh.yaml` and `text/<page>.en.yaml` (same keys,
nesting allowed, every key of the file `cockpit.zh.yaml` is read as `cockpit.<key>`). A test proves both agree.

Amounts
    Exact money is `Decimal` yuan or `int` fen (an int handed to a money unit is always fen). Ratios and plain
    numbers are Decimal, int or float. `None` is missing and is drawn as a dash, never as 0. The kit scales for
    drawing; pages never divide.

text      t(key, **params) -> str            words of the session's language; lang() -> "zh" | "en"
          label(x) -> str                    x.of(lang) of a catalog Label, or str(x)
format    Unit                               label, scale(value) -> float | None, text(value, signed=False, unit=False)
          money_unit(values) -> Unit         one unit for a page: yuan, 10^4, 10^8 (zh) or yuan, thousand, million (en)
          yuan() count(label="") percent(decimals=1) points(decimals=1) number(label, decimals) -> Unit
          show(value, unit) / money(value) / change(value, unit) -> str     e.g. change(0.042, percent()) -> up arrow and +4.2%
          tone(delta, better) -> "good" | "bad" | "flat"                    better: lower | higher | target | none
          period(202503) / period(202503, "axis") / day(date) / stamp(datetime) / MISSING
board     Board                              facts about the open snapshot (hospital, periods, scopes, departments, ...)
          current(pinned=False) -> Board     of the session's hospital, cached per snapshot; .empty when no data
          store() -> Store ; follow()        take the newest snapshot from now on (call after an import on a page)
frame     page(name, filters=(...), board=None, title="", needs_data=True, empty={}) -> context manager giving Page:
              .board .period .scope .dept_class .dept .compare .snapshot .hospital .lang .key (tuple for caches)
              .message(text, why=None)       the one sentence; `why` opens the drawer
              .partial([str]) .stale() .no_right(who)
          panel(title, note="", why=None)    context manager: bordered block with a bold title and a grey note
          filters: "period" "scope" "class" "dept" "compare". Values live in the URL as codes (?period=202503) and
          survive a change of page and of language. `page(..., needs_data=False)` for upload and settings.
          Title: text `<name>.title` ({period}, {month} may stand in it), else `nav.<name>`, else `title=`.
          With data wanted, a page keeps the snapshot it was opened with and offers the newest with one click.
states    empty(...) partial(...) stale(...) no_right(...) problem(...)      and guard(): context manager that turns
          any exception inside a page, a fragment or a drawer into one sentence with a reference number (logged)
cards     Card(label, value, unit, better, comparisons=(Comparison(label, delta, unit),), trend=(...), reason="",
               help="", why=None)
          row(cards, key)                    4-6 cards (5 fit best at 1366), colours by `better`; `why: Callable[[], Explanation]`
charts    every function draws into the current container, takes rows (list of dicts or pandas frame) and returns
          Picks: list of dicts of what is selected, `.fresh` True only in the run in which the selection changed.
          Common keywords: unit: Unit, alt: str (takeaway, required), key: str | None (None: not clickable), height.
          waterfall(rows: label, value, kind "total" | "change", role; better=)      totals may be cut, cut is drawn
          bullet(rows: label, actual, target, previous?; better=)
          heat(rows: row, col, value; better=, limit=)         numbers in cells, diverging around 0
          run_chart(points: period, value, mean, low, high, rule; target?, mark?)   XmR points computed in core; rule "" or a code of
                                                                    text `rule.*`
          pareto(rows: label, value; top=12)                   80 % line, the rest gathered with its count
          multiples(rows: panel, period, value, previous?)     small multiples on one scale
          slope(rows: label, before, after; better=) / pairs(rows: label, before, after)
          composition(rows: label, part, value; share=True)    stacked bars
          trend(rows: period, actual, previous?, budget?, forecast?, low?, high?, scenario?)
          ranking(rows: label, value, previous?, budget?)      plain sorted bars
          seasons.py, moves.py                                 the cockpit's seasonal run chart and largest changes
          flow(links: source, target, value; unit, key)        sankey and its table twin
          steps((label, value, role), changes, (label, value, role)) -> rows of a waterfall
          A drawer on a click: `picked = charts.heat(...)`, then `if picked.fresh: explain.show(...)`.
tables    Col(name, label, kind="text" | "money" | "number" | "trend" | "bar" | "status", unit=None, help="")
          table(rows, cols, key, total=None, bold=None, actions=(), download="", workbook=None, height=None, alt="")
              -> Click(row: dict, action: code) | None.  actions: codes of text `action.*`, e.g. ("detail", "explain")
explain   Explanation (Protocol): title, crumbs, formula, figures [(label, value, unit)], rows, columns, rows_total,
              note, downloads [(label, file name, maker)]
          show(explanation or maker)         opens the right-hand drawer now: formula, figures, rows, file place
          button(make, key) / heading(words, make or None, key)   the quiet "why" icon, alone or after a line of words
cache     data(fn) / resource(fn)            decorators; first argument of fn is the snapshot id
"""
