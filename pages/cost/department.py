"""Page department."""

from pages._ui import frame, states

with frame.page("department", needs_data=False):
    states.empty()
