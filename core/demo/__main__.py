"""`python -m core.demo [FOLDER]`: write the demo's workbooks again (developers, after a change of the generator)."""

from __future__ import annotations

import sys
from pathlib import Path

from core.demo.workbooks import write_demo

SHIPPED = Path(__file__).parents[2] / "data" / "demo"

if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    sizes = [path.stat().st_size for path in write_demo(target)]
    sys.stdout.write(f"{len(sizes)} files, {sum(sizes):,} bytes in {target}\n")
