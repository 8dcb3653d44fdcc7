"""All indicators of a store with 115 departments and 36 months: cold, and the questions a page asks once they are there.

python -m tests.bench.bench_indicators      COSTWARD_DEMO names a demo store that is already made (see bench_pages)
"""

from __future__ import annotations

from core.indicators import strategy
from core.indicators.card import card, league
from core.indicators.series import series
from core.settings import get_settings
from core.staging import Staging
from core.store import Store
from core.warehouse import Warehouse
from tests.bench.bench_pages import store as demo
from tests.bench.timing import alone

COLD, PAGE = "<= 3 s", "<= 150 ms"


def main() -> None:
    """One line for the whole, one for each question of a page."""
    store = Store(demo(1))
    snapshot = store.snapshot()
    hospital = Staging(store, snapshot).hospitals()[0]

    def cold() -> Warehouse:
        opened = Warehouse(Staging(store, snapshot))
        opened.query(
            "select 1 from mart_department_month limit 1"
        )  # the months themselves are not what is measured
        return opened

    spare = [cold() for _ in range(4)]
    count = "select count(*) from mart_indicator_value"
    print(
        alone(
            "all indicators, every span, department and month, cold",
            lambda: spare.pop().query(count),
            runs=3,
            target=COLD,
        )
    )
    warm = cold()
    ((rows,),) = warm.query(count)
    period = max(warm.periods(hospital))
    settings = get_settings(store, snapshot, hospital)
    print(f"  {rows:,} values, {len(warm.periods(hospital))} months")
    print(alone("  card of the hospital", lambda: card(warm, settings, hospital, period, "ytd"), target=PAGE))
    print(
        alone(
            "  league of all departments",
            lambda: league(warm, settings, hospital, period, "month"),
            target=PAGE,
        )
    )
    print(alone("  one indicator over all months", lambda: series(warm, hospital, "F03"), target=PAGE))
    print(alone("  arrows of the strategy map", lambda: strategy.links(warm, hospital, period), target=PAGE))


if __name__ == "__main__":
    main()
