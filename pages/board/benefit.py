"""What do improvements cost, what do they bring, and is anybody more satisfied?"""

from pages._ui import frame
from pages._ui.benefit import detail, figures, panels, write
from pages._ui.scorecard import figures as scorecard
from pages._ui.scorecard.panels import segment

with frame.page("benefit", filters=("period",), empty=scorecard.needs()) as page:
    scorecard.waiting(page)
    found = figures.evaluated(page)
    if found:
        panels.message(page, found)
    else:
        panels.none_yet(page)
    view = segment("view", ("overview", "write"), "benefit.view_")
    if view == "write":
        write.panel(page)
    elif found:
        panels.cards_row(found)
        panels.picture(page, found)
        panels.table(page, found)
    if view == "overview":
        detail.withdrawn(page)
