"""Forecasts stored by what they were made from: <data>/derived/forecast/<two digits>/<fingerprint>.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from core.forecast import Forecast, Track
from core.forecast.regression import Equation
from core.store import Store
from core.store.layout import write_atomic

# Raise when the models change, so that what was stored is made again.
VERSION = 11
_LEVELS = ("lower", "upper", "coverage", "pooled")


def fingerprint(*parts: Any) -> str:
    """Twenty-four hex digits of everything a forecast depends on."""
    text = json.dumps([VERSION, *parts], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def remembered(store: Store, key: str, make: Callable[[], Forecast]) -> Forecast:
    """The stored forecast of this fingerprint, or a new one that is stored. A file that cannot be read is made anew."""
    path = Path(store.root) / "derived" / "forecast" / key[:2] / f"{key}.json"
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError):
        made = make()
        write_atomic(path, to_json(made).encode())
        return made


def stored(store: Store, key: str) -> bool:
    """Whether it need not be computed."""
    return (Path(store.root) / "derived" / "forecast" / key[:2] / f"{key}.json").exists()


def to_json(found: Forecast) -> str:
    """Everything of a forecast; what is not a number becomes null."""
    data = {item.name: _plain(getattr(found, item.name)) for item in fields(found)}
    data["equations"] = [None if one is None else _fields(one) for one in found.equations]
    data["tracks"] = [[_fields(track) for track in row] for row in found.tracks]
    return json.dumps(data, ensure_ascii=False)


def from_json(text: str) -> Forecast:
    """The forecast that to_json wrote."""
    data = json.loads(text)
    data["equations"] = tuple(
        None if one is None else Equation(**_equation(one)) for one in data["equations"]
    )
    data["tracks"] = tuple(
        tuple(Track(row["cut"], *(_array(row[n]) for n in ("said", "naive", "truth"))) for row in rows)
        for rows in data["tracks"]
    )
    data["reasons"] = tuple(tuple(row) for row in data["reasons"])
    data["periods"] = tuple(data["periods"])
    for item in fields(Forecast):
        name, value = item.name, data[item.name]
        if name in _LEVELS:
            data[name] = {int(level): _array(part) for level, part in value.items()}
        elif isinstance(value, Mapping):
            data[name] = {key: _array(part) for key, part in value.items()}
        elif value is None or isinstance(value, list | float):
            data[name] = _array(value)
    return Forecast(**data)


def _fields(one: Any) -> dict[str, Any]:
    return {item.name: _plain(getattr(one, item.name)) for item in fields(one)}


def _equation(one: dict[str, Any]) -> dict[str, Any]:
    parts = {name: _array(values) for name, values in one["contributions"].items()}
    return {**one, "months": tuple(one["months"]), "contributions": parts}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, np.ndarray | np.floating | float):
        return _number(np.asarray(value, float).tolist())
    if isinstance(value, np.integer | np.bool_):
        return int(value)
    return list(value) if isinstance(value, tuple) else value


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return [_number(one) for one in value]
    return value if np.isfinite(value) else None


def _array(value: Any) -> Any:
    return np.array(value, dtype=float) if value is not None else np.array(np.nan)
