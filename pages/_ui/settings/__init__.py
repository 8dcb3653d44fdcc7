"""The pieces of the settings page: departments, name mappings, remembered headings, allocation, hospital, changes."""

from pages._ui.settings.page import draw

__all__ = ["draw"]
