"""Empty workbooks for each extract, generated from its definition: headings, a filling guide, allowed words."""

from __future__ import annotations

from io import BytesIO

from core.catalog import DEFINITIONS, Catalog, Column, Extract, catalog, load_yaml
from core.export.book import open_book, safe_sheet_name, width

LONGEST_LIST = 255  # characters a drop-down may hold by itself


def template_workbook(name: str, lang: str, words: Catalog | None = None) -> bytes:
    """The template of extract `name` in `lang` as .xlsx bytes.

    First sheet: the headings (required ones marked by colour and a star in the guide), choices as drop-downs. Second
    sheet: what each column means, which other headings are understood, and what is required.

    Raises:
        KeyError: no such extract.
    """
    book_of = words or catalog()
    extract = book_of.extracts[name]
    text = {key: value[lang] for key, value in load_yaml(DEFINITIONS / "export.yaml")["template"].items()}
    buffer = BytesIO()
    book = open_book(buffer)
    need = book.add_format({"bold": True, "bg_color": "#DCE9F5", "bottom": 1})
    may = book.add_format({"bold": True, "bg_color": "#EEF1F5", "bottom": 1})
    as_text = book.add_format({"num_format": "@"})
    money = book.add_format({"num_format": "#,##0.00"})
    used: set[str] = set()
    sheet = book.add_worksheet(safe_sheet_name(extract.label.of(lang), used))
    guide = book.add_worksheet(safe_sheet_name(text["guide"], used))
    needed = {column for group in extract.requires for column in group}
    for index, column in enumerate(extract.columns):
        heading = column.label.of(lang)
        sheet.write_string(0, index, heading, need if column.name in needed else may)
        body = as_text if column.type in ("code", "text", "period", "choice", "flag", "time") else money
        sheet.set_column(index, index, max(12, width(heading) + 4), body)
        if column.type == "choice":
            allowed = [term.label.of(lang) for term in book_of.terms[column.of]]
            choose: dict[str, object] = {"validate": "list", "source": allowed, "error_type": "warning"}
            if len(",".join(allowed)) > LONGEST_LIST:
                words_on = _listed(book, safe_sheet_name(column.label.of(lang), used), allowed)
                choose["source"] = f"='{words_on}'!$A$1:$A${len(allowed)}"
            sheet.data_validation(1, index, 5000, index, choose)
    sheet.freeze_panes(1, 0)
    _guide(book, guide, extract, lang, text, book_of)
    book.close()
    return buffer.getvalue()


def _listed(book, title: str, words: list[str]) -> str:  # type: ignore[no-untyped-def]
    """A hidden sheet with the words of a drop-down that is too long for Excel to hold in the cell; returns its name."""
    sheet = book.add_worksheet(title)
    sheet.write_column(0, 0, words)
    sheet.hide()
    return title


def _guide(book, sheet, extract: Extract, lang: str, text: dict[str, str], words: Catalog) -> None:  # type: ignore[no-untyped-def]
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#EEF1F5", "bottom": 1})
    title = book.add_format({"bold": True, "font_size": 14})
    sheet.write_string(0, 0, f"{extract.number} {extract.label.of(lang)}", title)
    sheet.write_string(1, 0, extract.about.of(lang))
    for index, key in enumerate(("column", "type", "required", "understood", "allowed")):
        sheet.write_string(3, index, text[key], head)
    for line, column in enumerate(extract.columns, 4):
        sheet.write_string(line, 0, column.label.of(lang), wrap)
        sheet.write_string(line, 1, text[f"type_{column.type}"], wrap)
        sheet.write_string(line, 2, _need(column, extract, lang, text), wrap)
        sheet.write_string(line, 3, ", ".join(column.aliases), wrap)
        choices = [term.label.of(lang) for term in words.terms[column.of]] if column.of else []
        sheet.write_string(line, 4, ", ".join(choices), wrap)
    for index, size in enumerate((20, 30, 30, 60, 50)):
        sheet.set_column(index, index, size)


def _need(column: Column, extract: Extract, lang: str, text: dict[str, str]) -> str:
    for group in extract.requires:
        if column.name in group:
            if len(group) == 1:
                return text["yes"]
            return text["one_of"].format(
                columns=", ".join(extract.column(name).label.of(lang) for name in group)
            )
    return text["no"]
