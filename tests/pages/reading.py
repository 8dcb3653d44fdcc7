"""A page opened without a browser, and what a person can read on it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.text import words

PAGES = Path(__file__).parents[2] / "pages"
TEXTS = ("markdown", "caption", "warning", "error", "info")
WIDGETS = ("button", "selectbox", "text_input", "toggle", "expander", "checkbox")
# The key of a text shown in place of its words: the name of a text file or group, a dot, a key.
KEY = re.compile(rf"\b(?:{'|'.join(sorted({key.split('.')[0] for key in words('zh')}))})\.[a-z_]+\b")


def opened(page: str, lang: str = "zh", **query: str) -> AppTest:
    """A page, as "budget/targets", run once."""
    at = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=120)
    at.query_params["lang"] = lang
    for key, value in query.items():
        at.query_params[key] = value
    return at.run()


def read(at: AppTest) -> str:
    """Texts, labels of widgets, figures of cards, cells of static tables."""
    found = [one.value for kind in TEXTS for one in at.get(kind)]
    found += [one.label for kind in WIDGETS for one in at.get(kind)]
    found += [f"{one.label} {one.value}" for one in at.metric]
    found += [one.value.to_dict() for one in at.table]
    return "\n".join(str(text) for text in found)


def sound(at: AppTest, caplog: pytest.LogCaptureFixture) -> str:
    """No trace, nothing logged as an error, no key in place of its words; what can be read."""
    assert not at.exception
    assert not [
        one.getMessage()
        for one in caplog.records
        if one.levelno >= logging.ERROR and one.name.startswith("costward")
    ]
    text = read(at)
    assert not KEY.search(text), KEY.search(text)
    return text


def pressed(at: AppTest, label: str) -> AppTest:
    """The page after its one button of that label was used."""
    (found,) = [one for one in at.button if one.label == label]
    return found.click().run()
