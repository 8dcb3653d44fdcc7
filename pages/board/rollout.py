"""How far is the scorecard introduced: phases and dates, team, pilots, and what people find too hard?"""

from pages._ui import frame
from pages._ui.scorecard import figures, introduce

with frame.page("rollout", filters=("period",), empty=figures.needs()) as page:
    introduce.message(page)
    introduce.phases_panel(page)
    introduce.pilots_panel(page)
    introduce.problems_panel(page)
