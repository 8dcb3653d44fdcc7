"""Settings: departments, name mappings, remembered headings, method and drivers, and who changed what."""

from pages._ui import frame, settings

with frame.page("settings", needs_data=False) as page:
    settings.draw(page)
