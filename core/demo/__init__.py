"""The demo hospital: 36 months of an invented oncology hospital, as messy workbooks and as plain truth.

    write_demo(folder)          the workbooks as the hospital's systems would export them (developers only: xlwt)
    truth()                     what those workbooks say, one typed table per extract
    write_scaled(folder, n)     n-fold charge and ledger lines as CSV, for benchmarks

The product imports the committed files of data/demo, listed in order in data/demo/MANIFEST.yaml. Names, sizes and
the planted problems are in core/definitions/demo.yaml: a ward over budget three months in a row (2025-10 to 12), a
month keyed ten times too high (endoscopy, 2024-09), a ward missing in the dictionary (2025-11 on), an old
department name (liver surgery, early 2024), a drug-price step (2024-07), a technical department without income
(hyperthermia, 2025-08), an auxiliary department whose driver is zero (medical gas, 2025-06).
"""

from core.demo.scaled import write_scaled
from core.demo.truth import truth
from core.demo.workbooks import write_demo

__all__ = ["truth", "write_demo", "write_scaled"]
