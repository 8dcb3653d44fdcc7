"""Page quality."""

from pages._ui import frame, states

with frame.page("quality", needs_data=False):
    states.empty()
