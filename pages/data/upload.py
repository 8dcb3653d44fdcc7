"""Import: what is in this file, what will it change, what is refused and why?"""

from pages._ui import frame, upload

with frame.page("upload", needs_data=False) as page:
    upload.draw(page)
