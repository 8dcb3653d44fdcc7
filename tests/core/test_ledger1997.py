"""Somebody else's hospital: a real English ledger of 1997, read and allocated in its own step order by mapping files.

Printed by its owner: 384 rows, 1,060,115.474 in all, 166 lines of statistics (one is the heading), 15 steps.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from core.cli import main
from core.store import Store
from core.warehouse import Warehouse, open_warehouse

FOLDER = Path(__file__).parents[1] / "fixtures" / "ledger1997"
TOTAL = Decimal("1060115.47")  # 1,060,115.474 to the fen


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    root = tmp_path_factory.mktemp("ledger1997")
    common = ["--hospital", "hospital1", "--data", str(root), "--lang", "en"]
    for file, plan in (
        ("departments.csv", ""), ("cost_types.csv", ""), ("model1.xlsx", "model.yaml"),
        ("Jun97HospitalCostsAndAdjustments.xlsx", "costs.yaml"),
    ):  # fmt: skip
        words = ["import", str(FOLDER / file), *(["--map", str(FOLDER / plan)] if plan else [])]
        assert main([*words, *common]) == 0, file
    opened = open_warehouse(Store(root))
    opened.ensure("hospital1", 199706)
    return opened


def test_every_row_comes_in_and_the_total_is_kept_to_the_fen(warehouse: Warehouse) -> None:
    assert warehouse.query("select count(*), sum(amount) from stg_cost") == [(384, TOTAL)]
    assert warehouse.query("select count(*) from stg_alloc_param") == [(165,)]
    assert warehouse.query("select count(*) from stg_alloc_step") == [(15,)]
    assert warehouse.query("select count(*) from stg_cost where dept_code is null") == [(0,)]


def test_it_is_allocated_in_its_own_order_and_conserves_its_total(warehouse: Warehouse) -> None:
    assert all(row["ok"] for row in warehouse.rows("select ok from mart_allocation_check"))
    whole = "select sum(amount) from mart_full_cost where scope = 'hospital_full'"
    assert warehouse.query(whole) == [(TOTAL,)]
    givers = {code for (code,) in warehouse.query("select distinct source_code from mart_allocation_flow")}
    assert givers == {"HR", "HSKP", "MADM", "MAINT", "NSUPS", "PORT", "SUPS"} & givers and "HR" in givers
    levels = dict(
        warehouse.query(
            "select source_code, min(step) from mart_allocation_flow group by all having count(*) > 0"
        )
    )
    assert levels["HR"] == 1
