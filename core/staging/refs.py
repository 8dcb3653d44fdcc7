"""Closed lists of the catalog as small tables: `ref_term`, `ref_scope`."""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa

from core.catalog import Catalog

UNKNOWN_CLASSES = ("unmapped", "")


def loose(text: str) -> str:
    """A word reduced to letters and digits, as macro loose_name does in SQL."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN").lower()


def ref_term(catalog: Catalog) -> pa.Table:
    """list, alias (loose), name, spelled: every word a closed list's member goes by.

    `spelled` marks words that are safe to find inside a longer name: two letters or more of a script without spaces.
    """
    rows: dict[tuple[str, str], tuple[str, bool]] = {}
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
        }
    )


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
