"""The pieces of the quality page: can this month be trusted, and what is to be done?"""

from pages._ui.quality.page import draw

__all__ = ["draw"]
