"""What did each department promise, how far has it come, and who corrects what by when?"""

from pages._ui import frame
from pages._ui.boards import opened as boards
from pages._ui.responsibility import committee, letters, opened, tracing

with frame.page("responsibility", filters=("period",), empty=opened.needs()) as page:
    boards.waiting(page)
    view = opened.view()
    if view == "letters":
        letters.show(page)
    elif view == "tracing":
        tracing.show(page)
    else:
        committee.show(page)
