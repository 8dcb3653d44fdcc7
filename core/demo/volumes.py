"""Visits, discharges and bed-days by unit and month, consistent with one another and with the beds.

Hospital totals come first (yearly volumes x season; bed-days = discharges x length of stay) and are then split over
the units, so that every unit adds up to the hospital exactly. No ward is fuller than 103 % of its open beds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.demo.numbers import Ints, even_path, noise, split, step_path
from core.demo.organisation import days, periods, units
from core.demo.words import generator, spec

FULLEST = 103  # percent of open bed-days that a ward may reach: extra beds in the corridor


@dataclass(frozen=True)
class Volumes:
    """Arrays [unit, month] of whole numbers; rows follow `units('outpatient')` and `units('inpatient')`."""

    visits: Ints
    discharges: Ints
    admissions: Ints
    open_beds: Ints
    open_bed_days: Ints
    bed_days: Ints
    discharged_days: Ints


def monthly(measure: str, unit: int = 1) -> Ints:
    """Yearly figures of `years` (visits, discharges, income) x `unit` over the months by season, exactly."""
    years, season = spec()["years"], spec()["season"]
    wobble = noise(generator(f"month {measure}"), 9, (len(years), 12))
    return np.concatenate(
        [
            split(int(years[year][measure]) * unit, np.array(season[year], dtype=np.int64) * wobble[i])
            for i, year in enumerate(years)
        ]
    )


@lru_cache(maxsize=1)
def volumes() -> Volumes:
    """All volumes, made once."""
    months, wards = periods(), units("inpatient")
    stay = even_path(int(spec()["stay"]["first"]), int(spec()["stay"]["last"]), len(months))
    discharged, visited = monthly("discharges"), monthly("visits")
    beds_open = step_path(spec()["open_beds"], months)
    approved = np.array([ward.beds for ward in wards], dtype=np.int64)
    length = np.array([ward.stay for ward in wards], dtype=np.int64)
    draw = generator("volumes")
    fullness = noise(draw, 25, (len(wards), len(months))) + noise(draw, 20, (len(wards), 1)) - 1000
    shape = (len(wards), len(months))
    open_beds, bed_days, discharges = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for m, period in enumerate(months):
        open_beds[:, m] = split(int(beds_open[m]), approved)
        capacity = open_beds[:, m] * days(period)
        bed_days[:, m] = _fill(int(discharged[m] * stay[m] // 100), capacity, fullness[:, m])
        discharges[:, m] = split(int(discharged[m]), bed_days[:, m] * 1000 // length)
    calendar = np.array([days(period) for period in months], dtype=np.int64)
    still_in = noise(draw, 8, shape)
    return Volumes(
        visits=_visits(visited, draw),
        discharges=discharges,
        admissions=discharges + (discharges * (noise(draw, 12, shape) - 1000)) // 1000,
        open_beds=open_beds,
        open_bed_days=open_beds * calendar,
        bed_days=bed_days,
        discharged_days=bed_days * still_in // 1000,
    )


def _fill(total: int, capacity: Ints, fullness: Ints) -> Ints:
    """Bed-days over wards by capacity and popularity; what a full ward cannot take goes to the others."""
    most = capacity * FULLEST // 100
    filled = np.zeros_like(capacity)
    room = np.ones(len(capacity), dtype=bool)
    while True:
        weights = np.where(room, capacity * fullness, 0)
        filled[room] = split(total - int(filled[~room].sum()), weights)[room]
        over = filled > most
        if not over.any():
            return filled
        filled[over] = most[over]
        room &= ~over


def _visits(visited: Ints, draw: np.random.Generator) -> Ints:
    clinics = units("outpatient")
    popularity = np.array([clinic.volume for clinic in clinics], dtype=np.int64)
    wobble = noise(draw, 40, (len(clinics), len(visited)))
    return np.stack([split(int(total), popularity * wobble[:, m]) for m, total in enumerate(visited)], axis=1)
