"""Page upload."""

from pages._ui import frame, states

with frame.page("upload", needs_data=False):
    states.empty()
