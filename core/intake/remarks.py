"""What is said about a table beside its refused cells: skipped lines, filled cells, hidden rows, totals."""

from __future__ import annotations

from collections.abc import Sequence

from core.intake.lines import letters
from core.intake.reading import ControlCheck, Part
from core.intake.rows import Fill, Roles
from core.intake.tables import Table
from core.intake.totals import Checked
from core.issue import Issue

MAX_LISTED = 40


def remark_rows(part: Part, table: Table, roles: Roles, fills: Sequence[Fill]) -> None:
    """Notes about lines that are not data, filled cells and hidden places."""
    sheet = part.sheet
    names = {h.index: h.text for h in table.headings}
    for row, text in roles.footers[:5]:
        part.issues.append(Issue("footer_skipped", sheet=sheet, row=row + table.first + 1, value=text[:120]))
    if roles.notes:
        row, text = roles.notes[0]
        place = row + table.first + 1
        part.issues.append(
            Issue("note_skipped", sheet=sheet, row=place, value=text[:120], count=len(roles.notes))
        )
    if roles.repeated:
        part.issues.append(Issue("header_repeated", sheet=sheet, count=roles.repeated))
    for fill in fills:
        params = {"heading": names.get(fill.index, "")}
        code = "filled_merged" if fill.how == "merged" else "filled_blank"
        part.issues.append(Issue(code, params=params, sheet=sheet, col=letters(fill.index), count=fill.count))
    hidden = [row for row in table.sheet.hidden_rows if table.first <= row < table.stop]
    if hidden:
        part.issues.append(Issue("hidden_rows", sheet=sheet, row=min(hidden) + 1, count=len(hidden)))
    columns = [names[index] for index in sorted(table.sheet.hidden_cols) if index in names]
    if columns:
        part.issues.append(
            Issue("hidden_cols", params={"headings": " / ".join(columns)}, sheet=sheet, count=len(columns))
        )
    if table.sheet.hidden:
        part.issues.append(Issue("hidden_sheet", sheet=sheet))
    used = {m.col for m in part.columns if m.how != "unused"}
    for heading in table.headings:
        if heading.col not in used and len(part.issues) < 500:
            part.issues.append(
                Issue("heading_unused", params={"heading": heading.text}, sheet=sheet, col=heading.col)
            )


def remark_totals(part: Part, checked: Checked, rows: int) -> None:
    """One note for the totals that were found, one warning for each that differs."""
    if rows:
        part.issues.append(Issue("total_rows", sheet=part.sheet, count=rows))
    for check in checked.checks:
        if check.row == 0:
            part.issues.append(
                Issue("total_cols", params={"heading": check.label}, sheet=part.sheet, col=check.col)
            )
    wrong = [check for check in checked.checks if not check.ok and check.row]
    explained = checked.explained or []
    for check in wrong[:MAX_LISTED]:
        part.issues.append(_difference(part, check, any(check is other for other in explained)))
    if len(wrong) > MAX_LISTED:
        part.issues.append(Issue("issues_more", sheet=part.sheet, count=len(wrong) - MAX_LISTED))


def _difference(part: Part, check: ControlCheck, explained: bool) -> Issue:
    params = {
        "label": check.label or "=",
        "stated": f"{check.stated:,}",
        "computed": f"{check.computed:,}",
        "difference": f"{check.stated - check.computed:,}",
    }
    code = "total_refused" if explained else "total_mismatch"
    return Issue(code, params=params, sheet=part.sheet, row=check.row, col=check.col, column=check.column)
