"""Dictionary: what does this word mean, and how is it computed?"""

from pages._ui import dictionary, frame

with frame.page("dictionary", needs_data=False):
    words = dictionary.ask()
    if words.strip():
        dictionary.found(words)
    else:
        dictionary.show(dictionary.section())
