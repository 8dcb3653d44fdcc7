"""Which departments, items and projects broke a rule, whose is it, and what became of it?"""

from pages._ui import frame
from pages._ui.alerts import page as alerts
from pages._ui.boards import opened

with frame.page("alerts", filters=("dept",), empty=opened.needs()) as page:
    opened.waiting(page)
    alerts.draw(page)
