"""Results frozen as signed off, completion with reasons, actions carried until settled; the strategy map."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.indicators import actions, appraisal, strategy
from core.indicators.card import Card, Line, card_of
from core.indicators.define import indicators, perspectives
from core.indicators.weights import Weights
from core.journal import journal
from core.store import Store
from core.warehouse import open_warehouse
from tests.small import D, FakeStore, dictionary

AT = datetime(2026, 2, 5, 8, 0, tzinfo=UTC)
OWN = Weights({name: D(str(one.weight)) for name, one in perspectives().items()})


def line(code: str, points: str | None, reason: str | None = None) -> Line:
    return Line("0401", "骨科病区", "clinical", code, "main", D("33"), D("100"), None, None, points and D("0.33"), D("0.38"),
                D("0.30"), None, None, points and D(points), "none", reason, "workload_ip" if reason else None)  # fmt: skip


def card(*lines: Line) -> Card:
    return card_of(lines, OWN, "H1", 202601, "month", "0401")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_result_keeps_numbers_targets_weights_and_formulas_of_its_day(store: Store) -> None:
    kept = journal(store)
    appraisal.freeze(
        kept, [card(line("F01", "85"), line("P01", None, "missing"))], OWN, "snap1", by="finance", at=AT
    )
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    assert (record.dept_name, record.total, record.snapshot, record.by) == (
        "骨科病区",
        85,
        "snap1",
        "finance",
    )
    assert record.weights["financial"] == 30 and record.sides["process"] is None
    first = record.lines[0]
    assert first.formula["zh"] == "药品占比 = 药品收入 ÷ 医疗收入"
    assert (first.numerator, first.denominator, first.target, first.weight) == (33, 100, D("0.30"), 1)
    done = appraisal.completion([record])
    assert (done.lines, done.scored, done.reached, dict(done.reasons)) == (
        2,
        1,
        0,
        {"missing workload_ip": 1},
    )
    assert done.rate == 0


def test_a_record_keeps_band_caliber_date_owner_and_the_year_before(store: Store) -> None:
    kept = journal(store)
    held = replace(
        line("F39", "70"),
        low=D("0.9"),
        high=D("1.1"),
        baseline=None,
        target=None,
        due=202612,
        owner="finance",
    )
    grown = replace(
        line("C15", "60"), previous_numerator=D("30"), previous_denominator=D("100"), as_of=202512
    )
    service = replace(line("F03", "80"), caliber="service")
    appraisal.freeze(kept, [card(held, grown, service)], OWN, "snap1", by="finance", at=AT)
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    band, caliber, growth = (
        next(one for one in record.lines if one.indicator == code) for code in ("F39", "F03", "C15")
    )
    assert (band.low, band.high, band.better, band.due, band.owner) == (
        D("0.9"), D("1.1"), "range", 202612, "finance",
    )  # fmt: skip
    assert (growth.previous_numerator, growth.previous_denominator, growth.as_of) == (30, 100, 202512)
    assert (caliber.caliber, caliber.unit) == ("service", "yuan") and caliber.caliber_label["zh"]


def test_a_record_of_an_earlier_version_is_read_with_what_it_kept(store: Store) -> None:
    kept = journal(store)
    appraisal.freeze(kept, [card(line("F01", "85"))], OWN, "snap1", by="finance", at=AT)
    (entry,) = kept.entries("appraisal", "H1")
    old = dict(entry.data)
    old.pop("unscored")
    fields = ("indicator", "label", "formula", "weight", "reason", "numerator", "denominator", "value", "baseline", "target",
              "score")  # fmt: skip
    old["lines"] = [{name: one[name] for name in fields} for one in old["lines"]]
    kept.add("H1", [("appraisal", entry.key, old)], by="finance", at=AT)
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    (only,) = record.lines
    assert (only.target, only.low, only.caliber, only.unit, only.owner) == (D("0.30"), None, "main", "", "")


def test_a_second_record_needs_a_reason_and_the_first_one_stays(store: Store) -> None:
    kept = journal(store)
    appraisal.freeze(kept, [card(line("F01", "85"))], OWN, "snap1", by="finance", at=AT)
    with pytest.raises(appraisal.AppraisalError, match="needs a reason"):
        appraisal.freeze(kept, [card(line("F01", "90"))], OWN, "snap2", by="finance", at=AT)
    appraisal.freeze(kept, [card(line("F01", "90"))], OWN, "snap2", by="finance", at=AT, why="收入重导")
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    assert (record.total, record.why) == (90, "收入重导")
    assert [(one.total, one.why) for one in appraisal.corrections(kept, "H1", record)] == [
        (90, "收入重导"),
        (85, ""),
    ]


def test_year_to_date_is_no_appraisal_cycle(store: Store) -> None:
    with pytest.raises(appraisal.AppraisalError, match="month, quarter, half, year"):
        appraisal.freeze(
            journal(store), [replace(card(line("F01", "85")), span="ytd")], OWN, "s", by="x", at=AT
        )


def test_a_missed_indicator_gets_an_action_that_is_followed_until_it_is_settled(store: Store) -> None:
    kept = journal(store)
    appraisal.freeze(kept, [card(line("F01", "85"), line("C01", "110"))], OWN, "s", by="finance", at=AT)
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    due = date(2026, 4, 30)
    actions.act(
        kept, "H1", record, "F01", "处方点评", "药学部 李明", due, by="finance", at=AT, cause=" 集采未执行 "
    )
    with pytest.raises(appraisal.AppraisalError, match="not missed"):
        actions.act(kept, "H1", record, "C01", "x", "y", due, by="finance", at=AT)
    with pytest.raises(appraisal.AppraisalError, match="open already"):
        actions.act(kept, "H1", record, "F01", "x", "y", due, by="finance", at=AT)
    assert actions.actions(kept, "H1", 202512) == ()
    (one,) = actions.actions(kept, "H1", 202603)
    assert (one.owner, one.state, one.overdue(date(2026, 5, 1)), one.overdue(due)) == (
        "药学部 李明",
        "open",
        True,
        False,
    )
    assert (one.cause, one.score) == ("集采未执行", 85)
    actions.settle(kept, "H1", one, actions.DONE, "降至31%", by="finance", at=AT)
    (one,) = actions.actions(kept, "H1")
    assert (one.state, one.result, one.overdue(date(2026, 5, 1))) == ("done", "降至31%", False)
    first = one.number
    with pytest.raises(appraisal.AppraisalError, match="settled already"):
        actions.settle(kept, "H1", one, actions.DONE, "again", by="finance", at=AT)
    # A second action for the same indicator is another one; the settled one stays with what came of it.
    actions.act(kept, "H1", record, "F01", "限量采购", "采购 赵", due, by="finance", at=AT)
    assert [(x.number == first, x.what, x.state, x.result) for x in actions.actions(kept, "H1")] == [
        (True, "处方点评", "done", "降至31%"),
        (False, "限量采购", "open", ""),
    ]
    second = actions.actions(kept, "H1")[1]
    actions.settle(kept, "H1", second, actions.DROPPED, "并入处方点评", by="finance", at=AT)
    assert [(x.number, x.state) for x in actions.actions(kept, "H1")] == [
        (first, "done"),
        (second.number, "dropped"),
    ]


def test_actions_of_an_earlier_version_shared_a_key_and_are_told_apart(store: Store) -> None:
    kept = journal(store)
    data = {"dept_code": "0401", "indicator": "F01", "span": "month", "period": 202601, "owner": "李", "due": "2026-04-30",
            "cause": "", "score": "85"}  # fmt: skip
    for what, state, result in (("点评", "open", ""), ("点评", "done", "降了"), ("限量", "open", "")):
        entry = {**data, "what": what, "state": state, "result": result}
        kept.add("H1", [("appraisal_action", "month:202601:0401:F01", entry)], by="finance", at=AT)
    first, second = actions.actions(kept, "H1")
    assert (first.what, first.state, first.result) == ("点评", "done", "降了")
    actions.settle(kept, "H1", second, actions.DONE, "也降了", by="finance", at=AT)
    assert [one.result for one in actions.actions(kept, "H1")] == ["降了", "也降了"]


@pytest.mark.parametrize(
    ("what", "owner", "due", "says"),
    [
        ("", "a", date(2026, 3, 1), "who does it"),
        ("a", " ", date(2026, 3, 1), "who does it"),
        ("a", "b", date(2026, 1, 1), "ahead"),
    ],
)
def test_an_action_needs_what_who_and_when(store: Store, what: str, owner: str, due: date, says: str) -> None:
    kept = journal(store)
    appraisal.freeze(kept, [card(line("F01", "85"))], OWN, "s", by="finance", at=AT)
    (record,) = appraisal.frozen(kept, "H1", "month", 202601)
    with pytest.raises(appraisal.AppraisalError, match=says):
        actions.act(kept, "H1", record, "F01", what, owner, due, by="finance", at=AT)


def test_an_objective_is_the_mean_of_its_indicators() -> None:
    found = {
        one.objective.name: one
        for one in strategy.nodes(card(line("F01", "80"), line("F07", "100"), line("P01", None)), OWN)
    }
    assert (found["F_structure"].score, found["F_structure"].status) == (90, "green")
    assert (found["P_flow"].score, found["P_flow"].status) == (None, "none")


def test_an_objective_counts_its_indicators_by_the_weights_of_the_hospital() -> None:
    own = Weights(OWN.perspectives, {"F01": D("3")})
    found = strategy.nodes(card(line("F01", "80"), line("F07", "100")), own)
    assert next(one.score for one in found if one.objective.name == "F_structure") == 85


def test_a_band_is_read_by_its_distance_in_the_links() -> None:
    """F39, budget execution, is best inside 90-110 %: 85 % is as far off as 115 %, and 100 % is no worse than 95 %."""
    meant = indicators()["F39"]
    band = D("0.9"), D("1.1")
    assert strategy._goodness(meant, D("0.85"), *band) == strategy._goodness(meant, D("1.15"), *band) == -0.05
    assert strategy._goodness(meant, D("1.0"), *band) == strategy._goodness(meant, D("0.95"), *band) == 0
    assert strategy.banded("F_budget") and not strategy.banded("F_cost")

    class Rows:
        """What mart_indicator holds of the two ends of an arrow: reimbursement in days, budget execution beside its band."""

        def query(self, sql: str, params: object) -> list[tuple[object, ...]]:
            months = [202401 + n for n in range(12)]
            days = [("P30", at, D(str(10 - n)), None, None) for n, at in enumerate(months)]
            # ever nearer to the band, from above and from below in turn: the days fall, the budget is kept better
            signs = [D("1"), D("-1")] * 6
            kept = [
                ("F39", at, D("1") + signs[n] * (D("0.5") - D(n) / 50), *band) for n, at in enumerate(months)
            ]
            return [*days, *kept]

    (link,) = (
        one
        for one in strategy.links(Rows(), "H1", 202412)  # type: ignore[arg-type]
        if (one.cause, one.effect) == ("P_manage", "F_budget")
    )
    assert link.r == pytest.approx(1.0) and link.lag == 0


def test_an_objective_has_its_scores_of_the_months_before() -> None:
    """A month ahead of the page's is not shown; a month in which nothing was scored is a gap, not 0."""
    cards = {
        202501: card(line("F01", "80")),
        202502: card(line("F01", None)),
        202503: card(line("F01", "90"), line("F07", "100")),
        202504: card(line("F01", "10")),
    }
    assert strategy.paths(cards, OWN, 202503)["F_structure"] == (80, None, 95)
    assert strategy.paths(cards, OWN, 202503, months=2)["F_structure"] == (None, 95)


def test_arrows_find_the_lag_of_an_effect_and_say_nothing_of_few_months(tmp_path: Path) -> None:
    store = FakeStore(tmp_path)
    store.put("dept", dictionary())
    months = [2023 * 100 + m for m in range(1, 13)] + [2024 * 100 + m for m in range(1, 13)]
    wave = [70, 74, 71, 79, 75, 83, 80, 78, 88, 84, 91, 86, 95, 90, 97, 93, 89, 99, 94, 92, 96, 90, 98, 95]
    rows = []
    for place, month in enumerate(months):
        utilisation = {"metric": "device_hours", "numerator": D(str(wave[place])), "denominator": D("100")}
        # time per visit falls two months after equipment is used better
        minutes = {"metric": "visit_time", "numerator": D(str(200 - wave[place - 2])), "denominator": D("1")}
        rows.append({"period": month, **utilisation})
        rows += [{"period": month, **minutes}] if place >= 2 else []
    store.put("operation_value", rows, source="ops")
    warehouse = open_warehouse(store)
    found = {(one.cause, one.effect): one for one in strategy.links(warehouse, "H1", 202412)}
    link = found["P_equipment", "C_access"]
    assert (link.lag, link.months) == (2, 22) and link.r == pytest.approx(1.0)
    early = {(one.cause, one.effect): one for one in strategy.links(warehouse, "H1", 202306)}
    assert early["P_equipment", "C_access"].r is None
