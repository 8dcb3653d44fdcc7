"""Page allocation."""

from pages._ui import frame, states

with frame.page("allocation", needs_data=False):
    states.empty()
