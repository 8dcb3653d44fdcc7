"""Closed lists of the catalog as small tables: `ref_term`, `ref_scope`, `ref_metric`, `ref_unit`, `ref_account`, `ref_words`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

import pyarrow as pa

from core.catalog import Catalog
from core.lexicon import lexicon

UNKNOWN_CLASSES = ("unmapped", "")
# Closed lists that texts of systems are read by (core/definitions/systems.yaml).
SYSTEM_LISTS = (
    "wage_items", "staff_categories", "title_levels", "degrees", "nurse_grades", "staff_posts", "staff_gone",
    "training_topics", "exam_kinds", "exam_results", "antibiotic_grades", "order_terms",
)  # fmt: skip


def loose(text: str) -> str:
    """A word reduced to letters and digits, as macro loose_name does in SQL."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN").lower()


def ref_term(catalog: Catalog) -> pa.Table:
    """list, alias (loose), name, spelled, kind: every word a closed list's member goes by, and what it counts as.

    `spelled` marks words that are safe to find inside a longer name: two letters or more of a script without spaces.
    """
    rows: dict[tuple[str, str], tuple[str, bool]] = {}
    kinds = {(kind, term.name): term.kind for kind, terms in catalog.terms.items() for term in terms}
    for kind, terms in catalog.terms.items():
        for term in terms:
            rows.setdefault((kind, loose(term.name)), (term.name, False))
        for term in terms:
            for word in (term.label.zh, term.label.en, *term.aliases):
                spelled = len(word) > 1 and not re.search(r"[ -~]", word)
                if loose(word):
                    rows.setdefault((kind, loose(word)), (term.name, spelled))
    return pa.table(
        {
            "list": [kind for kind, _ in rows],
            "alias": [alias for _, alias in rows],
            "name": [name for name, _ in rows.values()],
            "spelled": [spelled for _, spelled in rows.values()],
            "kind": [kinds[kind, name] for (kind, _), (name, _) in zip(rows, rows.values(), strict=True)],
        }
    )


def ref_metric(catalog: Catalog) -> pa.Table:
    """metric, kind, over, base, seldom_above: the operation metrics; `base` is what a value given alone is out of (100 for a
    percentage or points, 10 000, 1 000, else 1), NULL for amounts and counts, which have no denominator; `seldom_above`:
    the share (a fraction) that is seldom exceeded, NULL where shares of any size are usual."""
    full = {"percent": 100, "points": 100, "per_10k": 10_000, "per_1000": 1_000}
    metrics = catalog.terms.get("operation_metrics", ())
    return pa.table(
        {
            "metric": pa.array([term.name for term in metrics], pa.string()),
            "kind": pa.array([term.kind for term in metrics], pa.string()),
            "over": pa.array([term.over for term in metrics], pa.string()),
            "base": pa.array(
                [full.get(term.unit, 1) if term.kind in ("ratio", "score") else None for term in metrics],
                pa.int64(),
            ),
            "seldom_above": pa.array(
                [Decimal(term.seldom_above) if term.seldom_above else None for term in metrics],
                pa.decimal128(28, 8),
            ),
        }
    )


def ref_unit() -> pa.Table:
    """word, factor: what a unit written beside a value multiplies it by; 0 for a percent sign (see stg_operation_value)."""
    units = {word: int(factor) for word, factor in lexicon().units} | dict.fromkeys(lexicon().percent, 0)
    return pa.table({"word": list(units), "factor": pa.array(units.values(), pa.int64())})


def ref_scope(catalog: Catalog) -> pa.Table:
    """scope, layer, dept_class: what counts in which scope. Money of unknown class counts wherever its layer does,
    so that a missing mapping never makes a total smaller."""
    rows = [
        (scope.name, layer, dept_class)
        for scope in catalog.terms["scopes"]
        for layer in scope.layers
        for dept_class in (*scope.classes, *UNKNOWN_CLASSES)
    ]
    scopes, layers, classes = zip(*rows, strict=True)
    return pa.table({"scope": scopes, "layer": layers, "dept_class": classes})


def ref_account(catalog: Catalog) -> pa.Table:
    """account_group, prefix: which accounts belong to a group, by the first digits of their codes."""
    rows = [(term.name, prefix) for term in catalog.terms["account_groups"] for prefix in term.classes]
    groups, prefixes = zip(*rows, strict=True)
    return pa.table({"account_group": groups, "prefix": prefixes})


def words_query(catalog: Catalog) -> str:
    """Query of `ref_words`: one row with a column for each closed list of systems, to be looked into without a join.

    A list is a struct: `exact` text -> member, `inside` words that name a member inside a longer text (the longest first),
    `kinds` member -> what it counts as. Beside them `limits` (name -> figure) and `contra` (prefixes of accounts)."""
    columns = [
        f"(select struct_pack(exact := map(list(alias), list(name)), kinds := map_from_entries(list(distinct (name, kind))),"
        f" inside := coalesce(list({{'alias': alias, 'name': name}} order by length(alias) desc) filter (where spelled), []))"
        f" from ref_term where list = '{kind}') as {kind}"
        for kind in SYSTEM_LISTS
    ]
    limits = ", ".join(f"'{term.name}': {int(term.number)}" for term in catalog.terms["system_limits"])
    columns += [
        f"map {{{limits}}} as limits",
        "(select list(prefix) from ref_account where account_group = 'contra') as contra",
    ]
    return f"select {', '.join(columns)}"
