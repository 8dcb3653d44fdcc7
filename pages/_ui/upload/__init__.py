"""The pieces of the upload page.

job          one file on its way in (session state): bytes, reading, what was decided, effect, batch
work         what is asked of core: read in the limited child process, weigh, accept, undo
files        drop zone, list of files with state lines, effect, accept, what now
mapping      questions a table raises: extract, columns, unit, month, totals that differ
departments  department names the dictionary does not know
sources      replace, or another source
effect       months before and after, largest changes, refused rows
history      batches and their undo
start, demo  first steps, templates, the demo hospital
"""

from pages._ui.upload.page import draw

__all__ = ["draw"]
