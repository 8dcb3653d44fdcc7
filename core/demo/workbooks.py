"""The demo's workbooks: true rows, garbled by their layouts, in files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.catalog import catalog
from core.demo.books import manifest
from core.demo.layout import build
from core.demo.organisation import departments, periods
from core.demo.spreadsheets import to_xls, to_xlsx
from core.demo.textfiles import to_html, to_ods, to_text
from core.demo.truth import truth
from core.demo.words import book_words, item_names, spec

MANIFEST = "MANIFEST.yaml"


def layout_of(name: str) -> dict[str, Any]:
    """The layout of a workbook, with what it takes over from another one."""
    own: Mapping[str, Any] = book_words()["layouts"][name]
    base = layout_of(str(own["like"])) if "like" in own else {}
    return {**base, **own}


def write_demo(folder: Path, *, months: int = 36) -> list[Path]:
    """Write the workbooks of the last `months` months, and their manifest, into `folder`.

    The same months give the same bytes on every run. Needs xlwt (requirements-dev.txt) for the binary .xls files.

    Returns:
        the workbooks in the order they are meant to be imported.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(periods()[-months:])
    written, listed = [], []
    for entry in manifest():
        rows = [
            row
            for row in _rows_by_file()[entry["file"]]
            if row.get("period", max(wanted)) in wanted or _standing(entry, row, min(wanted))
        ]
        if rows:
            path = folder / entry["file"]
            path.write_bytes(_encode(layout_of(entry["file"]), rows))
            written.append(path)
            listed.append("- {" + ", ".join(f"{key}: {value}" for key, value in entry.items()) + "}")
    (folder / MANIFEST).write_text("\n".join([str(book_words()["manifest"]), *listed, ""]), encoding="utf-8")
    return written


def _standing(entry: Mapping[str, str], row: Mapping[str, Any], first: int) -> bool:
    """Figures that stay valid until replaced are needed even when they are older than the first month."""
    return entry["extract"] in ("area", "alloc_param") and row["period"] <= first


def _encode(layout: Mapping[str, Any], rows: list[dict[str, Any]]) -> bytes:
    if "parts" in layout:
        named = layout["parts"].items()
        grids = [
            grid
            for extract, part in named
            for grid in build(part, [r for r in rows if r["extract"] == extract])
        ]
    else:
        grids = build(layout, rows)
    kind = layout["write"]
    if kind == "text":
        return to_text(grids[0], layout["encoding"], layout["delimiter"], layout.get("trailing", ""))
    if kind == "html":
        return to_html(grids[0])
    return {"xlsx": to_xlsx, "xls": to_xls, "ods": to_ods}[kind](grids)


@lru_cache(maxsize=1)
def _rows_by_file() -> Mapping[str, list[dict[str, Any]]]:
    """True rows by workbook, with the helper fields that layouts sort and group by."""
    classes = {dept.code: dept.dept_class for dept in departments()}
    orders = {
        "class_order": {name: i for i, name in enumerate(book_words()["values"]["dept_class"])},
        "fund_order": {name: i for i, name in enumerate(book_words()["values"]["fund_source"])},
        "charge_order": {name: i for i, name in enumerate(book_words()["values"]["charge_class"])},
        "item_order": {name: i for i, name in enumerate(book_words()["values"]["item_class"])},
    }
    metrics = catalog().labels("operation_metrics", "zh")
    old = spec()["planted"]["old_name"]
    stale = book_words()["stale_names"]
    unnamed = next(
        e["file"] for e in manifest() if str(book_words()["files"]["materials"][2024]) == e["file"]
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for extract, table in truth().items():
        for row in table.to_pylist():
            row["extract"] = extract
            if "dept_code" in row and extract != "dept":
                row["dept_class"] = classes.get(row["dept_code"], "clinical")
                row["class_order"] = orders["class_order"][row["dept_class"]]
            if "fund_source" in row:
                row["fund_order"] = orders["fund_order"][row["fund_source"]]
            if extract == "budget":
                known = "item_order" if row["direction"] == "cost" else "charge_order"
                row["item_order"] = f"{orders[known][row['item_class']]:02d}"
            if extract == "operation_value":
                row["metric_label"] = metrics[row["metric"]]
                row["dept_shown"] = row["dept_name"] or str(book_words()["whole_hospital"])
                row["month"] = row["period"] % 100
            if "period" in row:
                row["year"] = row["period"] // 100
            if row["file"] == unnamed:
                row["dept_name"] = stale.get(row["dept_code"], row["dept_name"])
                if row["dept_code"] == old["dept"] and row["period"] in old["periods"]:
                    row["dept_name"] = old["name"]
            found[row["file"]].append(row)
    assert len(item_names()) == truth()["cost_item"].num_rows
    return found
