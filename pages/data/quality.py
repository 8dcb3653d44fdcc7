"""Quality: can this month be trusted, and what hangs on what is missing, unmapped or refused?"""

from pages._ui import frame, quality

with frame.page("quality", filters=("period",), needs_data=False) as page:
    quality.draw(page)
