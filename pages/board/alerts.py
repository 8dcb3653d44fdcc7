"""Which departments, items and projects broke a rule, whose is it, and what became of it?"""

from pages._ui import frame, lacking
from pages._ui.alerts import page as alerts
from pages._ui.boards import opened

NEEDS = ("dept", "ledger_cost", "budget", "income", "workload_op", "workload_ip", "operation_value")

with frame.page("alerts", filters=("dept",), empty=lacking.needs(NEEDS, NEEDS[1:3])) as page:
    opened.waiting(page)
    alerts.draw(page)
