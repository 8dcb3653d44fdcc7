"""Charts of the board: one function per question (see `pages/_ui/__init__.py`). The only door to altair."""

from pages._ui.charts.base import Picks
from pages._ui.charts.bridge import steps, waterfall
from pages._ui.charts.compare import bullet, pairs, ranking, slope
from pages._ui.charts.matrix import heat
from pages._ui.charts.panels import multiples
from pages._ui.charts.parts import composition, pareto
from pages._ui.charts.run import run_chart
from pages._ui.charts.sankey import flow
from pages._ui.charts.series import trend

__all__ = [
    "Picks",
    "bullet",
    "composition",
    "flow",
    "heat",
    "multiples",
    "pairs",
    "pareto",
    "ranking",
    "run_chart",
    "slope",
    "steps",
    "trend",
    "waterfall",
]
