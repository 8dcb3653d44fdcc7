"""What a page lacks and the way to it: the import page, and the empty workbooks of the tables it needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.catalog import catalog
from core.export import template_workbook
from pages._ui.text import lang, t

UPLOAD = "pages/data/upload.py"


def needs(wanted: Sequence[str], offered: Sequence[str] = ()) -> dict[str, Any]:
    """Words of the empty state: the tables a page draws on (`wanted`), templates of the first to bring (`offered`)."""
    made = [(t("state.template_of", name=name(one)), f"{name(one)}.xlsx", _maker(one)) for one in offered]
    return {"needs": [name(one) for one in wanted], "templates": made}


def offer(extracts: Sequence[str], key: str) -> None:
    """A row of buttons: to the import page, and a template of each table."""
    with st.container(horizontal=True):
        if st.button(t("state.upload"), icon=":material/upload:", key=f"{key}_upload"):
            st.switch_page(UPLOAD)
        for one in extracts:
            st.download_button(
                t("state.template_of", name=name(one)), data=_maker(one), file_name=f"{name(one)}.xlsx",
                on_click="ignore", icon=":material/download:", key=f"{key}_template_{one}",
            )  # fmt: skip


def name(extract: str) -> str:
    """The table's name."""
    return catalog().extracts[extract].label.of(lang())


def _maker(extract: str) -> Any:
    return partial(template_workbook, extract, lang())
