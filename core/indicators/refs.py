"""Indicator definitions as small tables that the marts compute with: `ref_fact`, `ref_indicator` and its terms."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import pyarrow as pa

from core.catalog import catalog
from core.indicators.define import facts, indicators

ONCE = ("~half", "~year")
_BOUND = pa.decimal128(28, 8)


@lru_cache(maxsize=1)
def indicator_tables() -> dict[str, pa.Table]:
    """ref_fact (fact, over, needs) · ref_indicator (indicator, caliber and how it is computed; all_tops and all_bottoms are
    the places of its formula as bits, facts and their extracts are listed by place) · ref_indicator_term (the facts of a formula, added or
    taken off; `compared`: whether their months have to be the same) · ref_behaviour (cost behaviour of statutory items)."""
    pairs = [(one, caliber) for one in indicators().values() for caliber in one.calibers]
    terms = [
        (
            one.code,
            caliber.name,
            side,
            part.fact,
            part.sign,
            place,
            facts()[part.fact].over in caliber.compared,
        )
        for one, caliber in pairs
        for place, (side, part) in enumerate(
            [*(("top", part) for part in caliber.top), *(("bottom", part) for part in caliber.bottom)]
        )
    ]
    columns = list(zip(*terms, strict=True))
    # People counted once in a half or a year, where a system names them, are facts of their own.
    once = [
        (f"{one.name}{part}", one.needs)
        for one in facts().values()
        if one.over == "distinct"
        for part in ONCE
    ]
    return {
        "ref_fact": pa.table(
            {
                "fact": [*facts(), *(name for name, _ in once)],
                "over": [*(one.over for one in facts().values()), *("sum" for _ in once)],
                "needs": [*(one.needs for one in facts().values()), *(needs for _, needs in once)],
            }
        ),
        "ref_indicator": pa.table(
            {
                "indicator": [one.code for one, _ in pairs],
                "caliber": [caliber.name for _, caliber in pairs],
                "perspective": [one.perspective for one, _ in pairs],
                "kind": [caliber.kind for _, caliber in pairs],
                "function": [caliber.function for _, caliber in pairs],
                "times": pa.array([caliber.times for _, caliber in pairs], pa.int64()),
                "any": pa.array([caliber.any for _, caliber in pairs], pa.bool_()),
                "all_tops": pa.array([(1 << len(c.top)) - 1 for _, c in pairs], pa.int32()),
                "all_bottoms": pa.array(
                    [((1 << len(c.bottom)) - 1) << len(c.top) for _, c in pairs], pa.int32()
                ),
                "facts": [" ".join(part.fact for part in (*c.top, *c.bottom)) for _, c in pairs],
                "needs": [
                    " ".join(facts()[part.fact].needs for part in (*c.top, *c.bottom)) for _, c in pairs
                ],
                "frequency": [one.frequency for one, _ in pairs],
                "pair": pa.array([caliber.pair for _, caliber in pairs], pa.bool_()),
                "adds": pa.array([caliber.adds for _, caliber in pairs], pa.bool_()),
                "yearly": pa.array([caliber.yearly for _, caliber in pairs], pa.bool_()),
                "better": [one.better for one, _ in pairs],
                "low": pa.array([Decimal(one.range[0]) if one.range else None for one, _ in pairs], _BOUND),
                "high": pa.array([Decimal(one.range[1]) if one.range else None for one, _ in pairs], _BOUND),
            }
        ),
        "ref_indicator_term": pa.table(
            {
                "indicator": columns[0],
                "caliber": columns[1],
                "side": columns[2],
                "fact": columns[3],
                "sign": pa.array(columns[4], pa.int64()),
                "place": pa.array(columns[5], pa.int32()),
                "compared": pa.array(columns[6], pa.bool_()),
            }
        ),
        "ref_behaviour": pa.table(
            {
                "item_class": [term.name for term in catalog().terms["cost_items"]],
                "behaviour": [term.behaviour for term in catalog().terms["cost_items"]],
            }
        ),
    }
