"""Results per hospital-month: allocated cost with lineage and every base measure, computed once and kept.

    refresh(store, snapshot, progress=None, hospitals=None, workers=None) -> Refreshed   all months that are missing
    month_results(staging, hospital, period, scenario) -> Results      in memory, nothing written
    stored(staging, hospital, period) -> Path | None                  folder with the results of the actual
    ensure(staging, hospital, period) -> Path                         compute and keep one month

A month's results are Parquet files under <data>/derived/hospital=H1/period=202503/<fingerprint>/. The fingerprint
covers every file that feeds the month (its own, the dictionaries, what is carried forward, the year's budget), the
department aliases, the allocation policy and the version of the calculation, so an import makes only the months it
touches compute again and an undo finds the earlier results still there. Scenarios are never written.
"""

from core.derived.files import ensure, fingerprint, stored
from core.derived.inputs import build_inputs, policy_of
from core.derived.month import Month, read_month
from core.derived.refresh import Refreshed, refresh
from core.derived.results import Results, month_results

__all__ = [
    "Month",
    "Refreshed",
    "Results",
    "build_inputs",
    "ensure",
    "fingerprint",
    "month_results",
    "policy_of",
    "read_month",
    "refresh",
    "stored",
]
