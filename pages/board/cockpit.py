"""Page cockpit."""

from pages._ui import frame, states

with frame.page("cockpit", needs_data=False):
    states.empty()
