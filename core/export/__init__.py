"""Workbooks that leave the program: tables, empty templates, refused rows. The only door to xlsxwriter."""

from core.export.refused import RefusedRow, refused_workbook
from core.export.tables import Sheet, table_workbook
from core.export.templates import template_workbook

__all__ = ["RefusedRow", "Sheet", "refused_workbook", "table_workbook", "template_workbook"]
