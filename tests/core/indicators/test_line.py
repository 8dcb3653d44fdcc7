"""Lines come from the targets that apply: what has no figures lowers the coverage; quarters and years are carried."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from core.indicators.card import basis, card, everyone, league, made
from core.indicators.define import perspectives
from core.indicators.line import Basis, Line, Past, aligned, due_from, lines
from core.indicators.targets import Target
from core.indicators.weights import Weights
from core.settings import Settings
from core.warehouse import Warehouse, open_warehouse
from tests.small import D, FakeStore, dictionary, fill

SHIPPED = Weights({one.name: Decimal(one.weight) for one in perspectives().values()})
CUSTOMER = [
    Target(code, 202401, D(base), D(aim), dept="*clinical", due=202512, owner="dept_head")
    for code, base, aim in (("C07", "0.04", "0.02"), ("C13", "0.08", "0.05"), ("C18", "0.3", "0.2"), ("C12", "0.01", "0"))
]  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """0401 has reported refusals of 1 % and nothing else; 0403 three of its four."""
    store = FakeStore(tmp_path_factory.mktemp("lines"))
    store.put("dept", dictionary())
    rows = [{"dept_code": "0401", "metric": "claims_refused", "numerator": D("1"), "denominator": D("100")}]
    rows += [
        {"dept_code": "0403", "metric": metric, "numerator": D("3"), "denominator": D("100")}
        for metric in ("claims_refused", "readmissions", "self_pay_share", "violations")
    ]
    store.put("operation_value", [{"period": 202501, **row} for row in rows], source="ops")
    store.record("settings", key="targets", json=json.dumps([one.data() for one in CUSTOMER]), by="x")
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    return opened


HELD = Settings("H1", other={"targets": [one.data() for one in CUSTOMER]})


def test_targets_without_figures_lower_the_coverage(warehouse: Warehouse) -> None:
    """Four targets, one figure: 25 % of the customer side, not all of it."""
    found = card(warehouse, HELD, "H1", 202501, "month", "0401")
    side = found.side("customer")
    assert (side.score, side.coverage, side.thin) == (120, D("0.25"), True)
    assert [line.indicator for line in side.lines] == ["C07", "C12", "C13", "C18"]
    assert all(line.reason for line in side.lines if line.value is None)
    assert (found.coverage, found.thin, found.unaimed) == (
        D("0.25"),
        True,
        ("financial", "process", "learning"),
    )


def test_a_department_without_any_figure_is_appraised_and_not_ranked(warehouse: Warehouse) -> None:
    ranks = league(warehouse, HELD, "H1", 202501)
    assert [(one.dept_code, one.thin) for one in ranks][:1] == [("0401", True)] and len(ranks) == 2
    whole = everyone(warehouse, HELD, "H1", 202501)
    assert [(one.dept_code, one.total is None) for one in whole] == [
        ("0401", False), ("0403", False), ("0402", True),
    ]  # fmt: skip
    # A clinic owes no readmissions.
    assert [line.indicator for line in whole[-1].lines()] == ["C07", "C12", "C18"]
    assert whole[-1].coverage == 0 and whole[-1].dept_name == "骨科门诊"


def test_a_target_without_a_baseline_is_named_and_does_not_enter_the_card(warehouse: Warehouse) -> None:
    own = [*CUSTOMER, Target("C01", 202401, target=D("90"), dept="0401")]
    found = card(
        warehouse,
        Settings("H1", other={"targets": [one.data() for one in own]}),
        "H1",
        202501,
        "month",
        "0401",
    )
    assert [(one.indicator, one.unscored) for one in found.unscored] == [("C01", "baseline")]
    assert "C01" not in [line.indicator for line in found.lines()]


def test_the_newest_quarter_and_year_that_have_ended() -> None:
    assert due_from("quarter", 202502) == (202410, 202412)
    assert due_from("quarter", 202503) == (202501, 202503)
    assert due_from("year", 202511) == (202401, 202412) and due_from("year", 202512) == (202501, 202512)


def line(code: str, value: str | None, numerator: str = "0") -> Line:
    reason = None if value is not None else "missing"
    return Line("*", "*", "hospital", code, "main", D(numerator), None, None, None, value and D(value), None, None, None,
                None, None, "none", reason, "operation_value" if reason else None)  # fmt: skip


def standing(
    aim: Target, period: int, past: Past, *found: Line, span: str = "month", first: int = 202401
) -> Line:
    one = Basis("H1", period, span, "*", "*", "hospital", found, {aim.indicator: aim}, past, first)
    return aligned(one)[0]


STAFF = Target("L05", 202401, D("80"), D("90"))  # staff satisfaction, once a year
TRAINED = Target("L01", 202401, D("0.5"), D("1"))  # training, every quarter


def test_a_yearly_result_stands_until_the_next_one_is_due() -> None:
    past = {("L05", "main"): ((202412, line("L05", "85")),)}
    found = standing(STAFF, 202506, past, line("L05", None))
    assert (found.value, found.score, found.as_of, found.reason) == (85, 80, 202412, None)
    card = made(
        Basis("H1", 202506, "month", "*", "*", "hospital", (line("L05", None),), {"L05": STAFF}, past),
        SHIPPED,
    )
    assert (card.coverage, card.side("learning").score) == (1, 80)
    due = standing(STAFF, 202512, past, line("L05", None))  # the year has ended without another survey
    assert (due.value, due.reason, due.counts) == (None, "missing", True)


def test_a_quarter_is_missing_only_where_it_has_ended_without_a_result() -> None:
    past = {("L01", "main"): ((202503, line("L01", "0.75")),)}
    assert [standing(TRAINED, at, past, line("L01", None)).as_of for at in (202504, 202505)] == [
        202503,
        202503,
    ]
    assert standing(TRAINED, 202506, past, line("L01", None)).reason == "missing"
    # reported in the middle of the quarter it stands for the quarter, too
    middle = {("L01", "main"): ((202502, line("L01", "0.75")),)}
    assert [standing(TRAINED, at, middle, line("L01", None)).as_of for at in (202503, 202505)] == [
        202502,
        202502,
    ]
    assert standing(TRAINED, 202504, {}, line("L01", None)).reason == "missing"  # January to March is owing


def test_before_the_first_period_under_the_target_nothing_is_owing() -> None:
    early = standing(replace(STAFF, since=202501), 202506, {}, line("L05", None))
    assert (early.reason, early.counts) == ("not_due", False)
    assert standing(STAFF, 202506, {}, line("L05", None), first=202503).reason == "not_due"
    held = Basis("H1", 202506, "month", "*", "*", "hospital", (line("L05", None), line("C01", "85")),
                 {"L05": replace(STAFF, since=202501), "C01": Target("C01", 202501, D("85"), D("90"))}, {}, 202401)  # fmt: skip
    card = made(held, SHIPPED)
    assert (card.coverage, card.total) == (1, 60) and card.side("learning").due == ()


def test_a_figure_of_the_month_goes_before_an_earlier_one_and_monthly_ones_are_never_carried() -> None:
    past = {("L05", "main"): ((202412, line("L05", "85")),), ("C01", "main"): ((202412, line("C01", "85")),)}
    assert standing(STAFF, 202506, past, line("L05", "90")).as_of is None
    monthly = standing(Target("C01", 202401, D("85"), D("90")), 202506, past, line("C01", None))
    assert (monthly.value, monthly.reason) == (None, "missing")


def test_what_is_tried_is_scored_as_the_mart_scores_it(warehouse: Warehouse) -> None:
    """The stored score of every line, against the score its target is tried with."""
    held = basis(warehouse, HELD, "H1", 202501, "month", "0403")
    stored = {line.indicator: line.score for line in held.lines if line.aimed}
    tried = {aim.indicator: aligned(held.tried(aim)) for aim in held.aims.values()}
    assert len(stored) == 4
    for code, found in tried.items():
        assert next(line.score for line in found if line.indicator == code) == stored[code]


def test_lines_follow_a_month_that_is_computed_after_they_were_first_asked_for(tmp_path: Path) -> None:
    """The view of indicators reads kept tables: naming the view alone must make these again."""
    opened = open_warehouse(fill(FakeStore(tmp_path), 202501))
    where = "hospital = ? and period = ? and span = 'month' and dept_code = '*' and indicator = 'F35' and caliber = 'main'"
    assert not [one for one in lines(opened, where, ("H1", 202501)) if one.value is not None]
    opened.ensure("H1", 202501)
    (found,) = lines(opened, where, ("H1", 202501))
    assert found.value is not None


@pytest.mark.parametrize(
    ("care", "codes"),
    [("outpatient", ["C07"]), ("inpatient", ["C07", "C13", "P01"]), ("", ["C07", "C13", "P01"])],
)
def test_a_clinic_owes_no_length_of_stay(care: str, codes: list[str]) -> None:
    aims = {code: Target(code, 202401, D("10"), D("8"), dept="*clinical") for code in ("C07", "C13", "P01")}
    one = Basis("H1", 202501, "month", "0401", "骨科门诊", "clinical", (), aims, {}, care=care)
    assert [line.indicator for line in aligned(one)] == codes
    own = replace(one, aims={code: replace(aim, dept="0401") for code, aim in aims.items()})
    assert len(aligned(own)) == 3, "a target of its own always counts"
