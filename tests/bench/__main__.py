"""`make bench [ONLY=name]`: every bench_*.py in turn. Figures are medians; quote ratios, machines differ."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import tests.bench
from tests.bench.timing import machine


def main(only: list[str]) -> None:
    print(machine())
    for found in sorted(pkgutil.iter_modules(tests.bench.__path__), key=lambda module: module.name):
        if found.name.startswith("bench_") and (not only or any(word in found.name for word in only)):
            print(f"\n{found.name.removeprefix('bench_')}", flush=True)
            importlib.import_module(f"tests.bench.{found.name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
