"""The words of the command line, in the language of the terminal."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from core.catalog import DEFINITIONS, load_yaml

_chosen: list[str] = []


def choose(lang: str | None) -> str:
    """Fix the language: what was asked for, else Chinese where the terminal's locale is Chinese, else English."""
    _chosen[:] = [lang] if lang else []
    return language()


def language() -> str:
    """'zh' or 'en'."""
    if _chosen:
        return _chosen[0]
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = load_yaml(DEFINITIONS / "cli.yaml")
    return words


def say(key: str, **params: Any) -> str:
    """The sentence `key` of cli.yaml with its braces filled."""
    return _words()[key][language()].format(**params)
