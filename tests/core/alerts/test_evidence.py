"""The rows behind an alert add up to the figures of its arithmetic, each with file, sheet and row."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from core.alerts import Run, arithmetic, evidence, formula, history, inbox, subject
from core.settings import Settings
from core.warehouse import open_warehouse
from tests.small import FakeStore, H, fill, ledger


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FakeStore:
    """Three months in which 0401 is over its staff budget, with a metric reported for it."""
    store = fill(FakeStore(tmp_path_factory.mktemp("data")), 202501, 202502, 202503)
    store.put("operation_value", [
        {"period": p, "dept_code": "0401", "metric": "claims_refused", "numerator": D("3000"), "denominator": D("100000")}
        for p in (202502, 202503)
    ], file="运营.xlsx")  # fmt: skip
    warehouse = open_warehouse(store)  # type: ignore[arg-type]
    for period in (202501, 202502, 202503):
        warehouse.ensure(H, period)
    return store


def alerts(store: FakeStore) -> dict[str, Run]:
    return {alert.key: alert.run for alert in inbox(store, store.snapshot(), H).alerts}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "amounts", "file"),
    [("a04|0401|staff|202501", ("200000.00", "190000.00"), "book.xlsx"), ("a10|0401||202502", ("3000", "100000"), "运营.xlsx"),
     ("a02_hospital|||202503", (None, None), "book.xlsx")],
)  # fmt: skip
def test_rows_add_up_to_what_was_put_in(
    store: FakeStore, key: str, amounts: tuple[str | None, ...], file: str
) -> None:
    run = alerts(store)[key]
    parts = evidence(open_warehouse(store), H, run)  # type: ignore[arg-type]
    assert [part.value for part in parts] == list(run.terms[:2])
    for part, wanted in zip(parts, amounts, strict=True):
        assert part.amount == part.value and part.total >= len(part.rows) > 0
        assert wanted is None or part.amount == D(wanted)
        assert all((row.file, row.sheet) == (file, "Sheet1") and row.row >= 2 for row in part.rows)


def test_a_year_to_date_figure_lists_the_rows_of_every_month(store: FakeStore) -> None:
    run = alerts(store)["a02_hospital|||202503"]
    spent, planned = evidence(open_warehouse(store), H, run)  # type: ignore[arg-type]
    assert spent.total == 3 * len(ledger()) and planned.total == 6 and planned.amount == D("1050000.00")


def test_every_month_of_a_run_and_the_words(store: FakeStore) -> None:
    found = inbox(store, store.snapshot(), H).found  # type: ignore[arg-type]
    run = alerts(store)["a10|0401||202502"]
    assert found is not None and [row["period"] for row in history(found, run)] == [202502, 202503]
    assert subject(run, "zh") == "骨科病区" and arithmetic(run, "zh") == "3,000.00 ÷ 100,000.00 = 3%，上限 2%"
    assert arithmetic(run, "en") == "3,000.00 ÷ 100,000.00 = 3%, line 2%"
    assert formula(run.case, Settings(H), 202503, "zh") == "拒付金额 ÷ 申报金额 > 医保拒付率上限 2%"


def test_an_alert_about_alerts_has_no_rows(store: FakeStore) -> None:
    late = Run(
        "a18",
        "",
        "",
        "role:finance",
        "",
        202601,
        202601,
        "notice",
        D(2),
        D(1),
        D(1),
        (D(3), None, None, None, None),
    )
    assert evidence(open_warehouse(store), H, late) == ()  # type: ignore[arg-type]
    assert (
        subject(late, "zh") == "财务科" and arithmetic(late, "zh") == "3 条无人处理，最久 2 小时，时限 1 小时"
    )


RACE = (D("336003"), D("300000"), D("330000"), D("300000"), D("0.1"))


@pytest.mark.parametrize(
    ("line", "terms", "limit", "said"),
    [("0.12", RACE, "0.2", "1.2 × 10% = 12%"), ("0.3", RACE, "0.2", "10% + 20% = 30%"),
     ("0", (*RACE[:2], D("270000"), D("300000"), D("-0.1")), "0.2", "没有增长，成本增长即预警")],
)  # fmt: skip
def test_the_dynamic_line_says_which_reading_it_took(
    line: str, terms: tuple[D, ...], limit: str, said: str
) -> None:
    run = Run("a03", "0401", "骨科", "", "", 202503, 202503, "notice", D("0.12001"), D(line), D(limit), terms)
    text = arithmetic(run, "zh").replace("累计", "")
    assert text.startswith("成本增速（336,003.00 − 300,000.00）÷ 300,000.00 = 12.001%；") or "12.00%" in text
    assert said.replace(" ", "") in text.replace(".000", "").replace(".00", "").replace(" ", "")
