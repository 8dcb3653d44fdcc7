"""Page settings."""

from pages._ui import frame, states

with frame.page("settings", needs_data=False):
    states.empty()
