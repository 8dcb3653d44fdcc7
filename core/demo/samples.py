"""Samples of the demo's clinical systems: a few days of one clinic's visits, one ward's orders, one ward's tests; and
the price list. Times average what is reported by hand for the month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from core.demo.numbers import Ints, noise
from core.demo.organisation import names
from core.demo.roster import rules, stated
from core.demo.words import generator


def _start(period: int, place: int, days: int) -> datetime:
    """A moment on one of the first working days, from eight to four."""
    return datetime.combine(date(period // 100, period % 100, 1 + place % days), time(8)) + timedelta(
        minutes=place * 7 % 480
    )


def _around(topic: str, mean: int, count: int) -> Ints:
    """Whole minutes around a mean, whose sum is the mean times their number."""
    found = mean * noise(generator(topic), 350, count) // 1000
    found[: abs(mean * count - int(found.sum())) % count] += np.sign(mean * count - int(found.sum()))
    found += (mean * count - int(found.sum())) // count
    return found


def _mean(metric: str, period: int, unit: int = 1) -> int:
    """The hospital's reported mean of a month, in whole units."""
    (one,) = [held for held in stated(metric, period) if not held.dept]
    bottom = int(one.bottom or 1)
    return (one.top * unit * 2 + bottom) // (2 * bottom)


def visit_rows() -> Iterator[tuple[Any, ...]]:
    """period, visit_id, patient_id, dept_code, dept_name, doctor_code, visit_kind, booked, arrived, seen, left, fen."""
    period, said = int(rules()["samples"]["period"]), rules()["samples"]["visits"]
    stays = _around("demo visits", _mean("visit_time", period), int(said["count"]))
    fees = noise(generator("demo fees"), 600, int(said["count"]))
    for at in range(int(said["count"])):
        arrived = _start(period, at, int(said["days"]))
        seen = arrived + timedelta(minutes=int(stays[at]) * 45 // 100)
        yield (
            period, f"MZ{period}{at + 1:06d}", f"P{at * 37 % 9973:06d}", said["dept"], names()[said["dept"]],
            said["doctors"][at % len(said["doctors"])], said["kind"], at % 7 != 3, arrived, seen,
            arrived + timedelta(minutes=int(stays[at])), int(said["charge"]) * int(fees[at]) // 1000,
        )  # fmt: skip


def order_rows() -> Iterator[tuple[Any, ...]]:
    """period, order_id, patient_id, dept_code, dept_name, doctor, term, item, ordered, planned, executed, nurse."""
    held = rules()["samples"]
    period, said = int(held["period"]), held["orders"]
    for at in range(int(said["count"])):
        single = at % 3 > 0
        ordered = _start(period, at, int(said["days"]))
        planned = None if single else ordered + timedelta(hours=12)
        late = 95 if at % 11 == 5 else 5 + at * 13 % 45
        yield (
            period, f"YZ{period}{at + 1:07d}", f"Z{at * 17 % 61:05d}", said["dept"], names()[said["dept"]],
            said["doctors"][at % len(said["doctors"])], held["terms"][single], held["drugs"][at * 7 % len(held["drugs"])], ordered, planned,
            (planned or ordered) + timedelta(minutes=late), said["nurses"][at % len(said["nurses"])],
        )  # fmt: skip


def test_rows() -> Iterator[tuple[Any, ...]]:
    """period, exam_id, patient_id, order and exec department, kind, item, device, received, done, reported."""
    held = rules()["samples"]
    period, said = int(held["period"]), held["tests"]
    turn = _around("demo tests", _mean("lab_turnaround", period, 60), int(said["count"]))
    for at in range(int(said["count"])):
        received = _start(period, at, int(said["days"]))
        yield (
            period, f"{period}{at + 1:08d}", f"P{at * 53 % 4999:06d}", said["order"], names()[said["order"]],
            said["exec"], names()[said["exec"]], held["tests_named"][at % len(held["tests_named"])], said["devices"][at % len(said["devices"])],
            received, received + timedelta(minutes=int(turn[at]) * 3 // 5), received + timedelta(minutes=int(turn[at])),
        )  # fmt: skip


def price_rows() -> Iterator[tuple[Any, ...]]:
    """charge_code, charge_name, charge_unit, price, ceiling, content, day_limit, sex_limit, separate, valid_from."""
    said = rules()["prices"]
    since = said["since"] if isinstance(said["since"], date) else date.fromisoformat(str(said["since"]))
    limits = {part: sex for sex, parts in said["sexes"].items() for part in parts}
    for prefix, name, price, unit, limit in said["scans"]:
        for place, part in enumerate(said["parts"], 1):
            yield (
                f"{prefix}{place:03d}", f"{part}{name}", unit, price, price, said["content"], limit, limits.get(part), True, since,
            )  # fmt: skip
    for code, name, price, unit, limit in said["others"]:
        sex = next((limits[part] for part in limits if part in name), None)
        yield code, name, unit, price, None, None, limit, sex, True, since
