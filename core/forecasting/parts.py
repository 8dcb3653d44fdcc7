"""What a subject is made of (forecast.yaml, parts), each part forecast by itself beside the whole.

Cost items and the whole cost are not reconciled: item by department would be some six hundred series more, several
seconds for a page that is to open in one. So the page says how far they are apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.forecasting.family import family
from core.forecasting.known import CALENDAR
from core.forecasting.subjects import choices
from core.forecasting.targets import HOSPITAL, Target
from core.journal import Journal
from core.warehouse import Warehouse

NIL = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what its own page says of the months to come together, and the same months a year before.

    Attributes:
        ahead: None where there is nothing to forecast from.
    """

    measure: str
    ahead: Decimal | None
    year_before: Decimal | None


def parts(
    warehouse: Warehouse, hospital: str, target: Target, horizon: int, *, drivers: Sequence[str] = (CALENDAR,),
    journal: Journal | None = None,
) -> tuple[Part, ...]:  # fmt: skip
    """The parts of the hospital's or a department's figure, in their order; () where it has none. Stored as families."""
    return tuple(
        _part(warehouse, hospital, Target(name, target.dept, target.scope), horizon, drivers, journal)
        for name in choices()["parts"].get(target.measure, ())
    )


def _part(
    warehouse: Warehouse, hospital: str, target: Target, horizon: int, drivers: Sequence[str], journal: Journal | None
) -> Part:  # fmt: skip
    found = family(
        warehouse, hospital, target.measure, horizon, target.scope, drivers=drivers, journal=journal
    )
    months = found.months(target.dept) if found else None
    if found is None or months is None:
        return Part(target.measure, None, None)
    before = found.year_before
    if target.dept != HOSPITAL:
        before = next((one.year_before for one in found.members if one.dept == target.dept), None)
    return Part(target.measure, sum(months[0], NIL), before)
