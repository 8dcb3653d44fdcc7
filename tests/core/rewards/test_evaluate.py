"""Every rule over figures by hand: amounts on paper, states, and what must hold whatever the figures."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.rewards.awards import Outcome
from core.rewards.choice import Choice
from core.rewards.evaluate import simulate
from core.rewards.figures import Figures, Span, Spent
from tests.core.rewards.hand import DEPTS, SPAN, D, found, in_force, value

NOTHING = Choice()


def by_code(outcome: Outcome) -> dict[str, tuple[int | None, str, tuple[str, ...]]]:
    return {one.key: (one.amount, one.state, one.why) for one in outcome.awards}


def test_w1_pays_passed_lines_only() -> None:
    w1 = simulate(found(), in_force(), NOTHING)["w1"]
    assert by_code(w1) == {
        "0401": (15_000_000, "payable", ()),
        "0402": (0, "cancelled", ("red_failed:complication",)),
        "0403": (None, "pending", ("red_missing:satisfaction",)),
        "0404": (0, "none", ("no_saving",)),
    }
    # 15 % of 1,533,333.34 is 230,000.00 (half up); 150,000.00 + 50,000.00 + 30,000.00
    assert (w1.base, w1.pool) == (153_333_334, 23_000_000)
    assert (w1.payable, w1.pending, w1.cancelled) == (15_000_000, 3_000_000, 5_000_000)
    assert w1.kept == 153_333_334 - 15_000_000 - 3_000_000


def test_w1_at_the_ends_of_the_printed_range() -> None:
    for rate, amount in ((D("0.10"), 10_000_000), (D("0.20"), 20_000_000)):
        choice = Choice(values=(("saving_reward_ratio", rate),))
        assert by_code(simulate(found(), in_force(), choice)["w1"])["0401"][0] == amount


def test_a_red_line_moved_in_the_simulator_changes_the_state() -> None:
    choice = Choice(values=(("red_complication", D("0.05")),))
    assert by_code(simulate(found(), in_force(), choice)["w1"])["0402"] == (5_000_000, "payable", ())
    strict = Choice(values=(("red_satisfaction", D("95")),))
    assert by_code(simulate(found(), in_force(), strict)["w1"])["0401"][1] == "cancelled"


def test_a_confirmed_violation_cancels_and_none_is_no_gap() -> None:
    one = replace(found(), violations={"0401": 1})
    assert by_code(simulate(one, in_force(), NOTHING)["w1"])["0401"] == (
        0,
        "cancelled",
        ("red_failed:compliance",),
    )


def test_a_clinic_has_no_surgical_complications_to_report() -> None:
    one = found()
    clinic = replace(one.depts["0401"], care_setting="outpatient")
    silent = {**one.values, "complications": ()}
    w1 = simulate(replace(one, depts={**one.depts, "0401": clinic}, values=silent), in_force(), NOTHING)["w1"]
    assert by_code(w1)["0401"] == (15_000_000, "payable", ())
    assert next(a for a in w1.awards if a.object == "0401").lines["complication"] == "not_asked"
    assert by_code(w1)["0402"][1] == "pending"


def test_months_without_cost_are_no_saving_yet() -> None:
    one = found()
    gap = replace(one, spent={**one.spent, "0401": replace(one.spent["0401"], missing=(202502,))})
    made = simulate(gap, in_force(), NOTHING)["w1"]
    assert by_code(made)["0401"] == (None, "pending", ("no_cost",))
    assert by_code(made)["0402"][1] == by_code(simulate(one, in_force(), NOTHING)["w1"])["0402"][1]


def test_a_failed_line_beats_a_missing_one() -> None:
    one = replace(found(), violations={"0403": 2})
    assert by_code(simulate(one, in_force(), NOTHING)["w1"])["0403"][1] == "cancelled"


def test_an_undecided_ratio_leaves_everything_pending() -> None:
    w1 = simulate(found(), in_force({"saving_reward_ratio": None}), NOTHING)["w1"]
    assert w1.undecided == ("saving_reward_ratio",)
    assert by_code(w1)["0401"] == (None, "pending", ("undecided",))
    assert w1.payable == 0


def test_other_classes_share_when_asked() -> None:
    w1 = simulate(found(), in_force(), Choice(classes=("clinical", "admin")))["w1"]
    assert "0101" in by_code(w1) and "0101" not in by_code(simulate(found(), in_force(), NOTHING)["w1"])


def test_w2_thirty_per_cent_of_a_departments_positive_surplus() -> None:
    groups = (
        value("0401", "200000", "1000000", "BR21"), value("0401", "-50000", "900000", "BR23"),
        value("0402", "-80000", "500000", "FM11"),
    )  # fmt: skip
    w2 = simulate(found(drg_surplus=groups), in_force(), NOTHING)["w2"]
    assert by_code(w2) == {"0401": (4_500_000, "payable", ()), "0402": (0, "none", ("no_saving",))}


def test_w3_thirty_per_cent_to_the_it_fund() -> None:
    w3 = simulate(found(suggestion_savings=(value("0401", "120000.50"),)), in_force(), NOTHING)["w3"]
    assert by_code(w3) == {"0401": (3_600_015, "payable", ())}


def test_w4_special_rewards() -> None:
    more = {
        "project_budget": (
            value("", "850000", "1000000", "P1"), value("", "950000", "1000000", "P2"), value("", "999000", "1000000", "P3"), value("", "100000", "1000000", "P4"),
        ),
        "project_delivery": (value("", "90", "100", "P2"), value("", "90", "100", "P3")),
        "project_quality": (value("", "20", "20", "P2"), value("", "19", "20", "P3"), value("", "10", "20", "P1")),
    }  # fmt: skip
    assert by_code(simulate(found(**more), in_force(), NOTHING)["w4"]) == {
        "P1": (3_000_000, "payable", ("met_saving_rate",)),
        "P2": (3_000_000, "payable", ("met_early_quality",)),
        "P3": (0, "none", ("not_met",)),
        "P4": (None, "pending", ("not_accepted",)),  # nothing is saved before the project is accepted
    }


def test_w5_lump_sums() -> None:
    lumps = (
        value("0101", "42000", "50000", "office", "办公用品"), value("0101", "60000", "50000", "repair", "维修"),
    )  # fmt: skip
    w5 = simulate(found(lump_sum=lumps), in_force(), NOTHING)["w5"]
    assert by_code(w5) == {
        "0101/office": (800_000, "payable", ()),
        "0101/repair:head": (-50_000, "charge", ("overspent",)),
    }
    assert w5.charged == 50_000 and w5.kept == 0
    ten = simulate(found(lump_sum=lumps), in_force(), Choice(values=(("lump_head_ratio", D("0.10")),)))["w5"]
    assert by_code(ten)["0101/repair:head"][0] == -100_000


def test_w6_waits_for_its_ratio_then_adds_up() -> None:
    theatre = (value("0401", "1200000.01", "1000000", "V1", "某器械公司"),)
    w6 = simulate(found(theatre_materials=theatre), in_force(), NOTHING)["w6"]
    assert by_code(w6) == {"0401/V1": (None, "pending", ("undecided",))} and w6.undecided == (
        "theatre_dept_ratio",
    )
    tried = Choice(values=(("theatre_dept_ratio", D("0.6")),))
    w6 = simulate(found(theatre_materials=theatre), in_force(), tried)["w6"]
    assert by_code(w6) == {
        "0401/V1:dept": (-12_000_001, "charge", ("overspent",)),
        "0401/V1:vendor": (-8_000_000, "charge", ("overspent",)),
    }
    assert w6.charged == 20_000_001


def test_w7_to_w9_flag_without_money() -> None:
    more = {"project_budget": (value("", "1510000", "1000000", "P1"), value("", "1500000", "1000000", "P2"))}
    made = simulate(found(**more), in_force(), NOTHING)
    assert list(by_code(made["w7"])) == ["P1"]
    assert list(by_code(made["w8"])) == ["0404"]  # 12 % over, the limit is 10 %
    assert made["w8"].awards[0].measured["over"] == D("0.12")
    assert list(by_code(made["w9"])) == ["0404"]  # six months up to now; a gap or a good month ends the run
    assert all(outcome.pool == 0 for name, outcome in made.items() if name in ("w7", "w8", "w9", "w11"))


def test_w10_keeps_half_and_adds_three_per_cent() -> None:
    more = {
        "fund_balance": (value("", "8000000", "400000000"),),
        "case_cost_growth": (value("", "480", "10000"),),
    }
    w10 = simulate(found(**more), in_force(), NOTHING)["w10"]
    assert by_code(w10) == {"": (400_000_000, "payable", ())}
    assert w10.facts == {"total": 40_000_000_000, "growth": D("0.048"), "next_total": 41_200_000_000}
    thirty = simulate(found(**more), in_force(), Choice(values=(("insurer_retention", D("0.3")),)))["w10"]
    assert by_code(thirty)[""][0] == 240_000_000
    missing = simulate(found(), in_force(), NOTHING)["w10"]
    assert by_code(missing)[""] == (None, "pending", ("no_figure",)) and missing.facts["next_total"] is None


def test_w12_divides_the_fund_by_points() -> None:
    more = {
        "suggestions": (value("0401", "12", "30"), value("0402", "3", "9")),
        "model_workers": (value("0402", "1"), value("0403", "2")),
    }
    w12 = simulate(found(**more), in_force(), NOTHING)["w12"]
    # 12, 3 + 5 and 10 points of 30: 500,000.00 x 12/30, 8/30, 10/30
    assert {k: v[0] for k, v in by_code(w12).items()} == {
        "0401": 20_000_000,
        "0402": 13_333_333,
        "0403": 16_666_667,
    }
    assert w12.payable == 50_000_000


def test_w12_counts_parts_of_a_point() -> None:
    more = {"suggestions": (value("0402", "2", "2"),), "model_workers": (value("0401", "1"),)}
    rates = Choice(values=(("model_worker_points", D("2.5")),))
    # 2.5 and 2 points of 4.5: 500,000.00 x 5/9 and 4/9
    assert {k: v[0] for k, v in by_code(simulate(found(**more), in_force(), rates)["w12"]).items()} == {
        "0401": 27_777_778,
        "0402": 22_222_222,
    }


def test_spans() -> None:
    assert Span("quarter", 202508).months == (202507, 202508) and Span("quarter", 202508).code == "2025Q3"
    assert not Span("quarter", 202508).whole and Span("quarter", 202509).whole
    assert SPAN.months[0] == 202501 and SPAN.code == "2025" and SPAN.whole


STATES = st.sampled_from(["good", "bad", "none"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**11), st.integers(0, 10**11), STATES, STATES), min_size=4, max_size=4),
       st.integers(0, 2000).map(lambda n: D(n) / 10_000))  # fmt: skip
def test_nothing_is_lost_and_nothing_unproven_is_paid(
    rows: list[tuple[int, int, str, str]], rate: Decimal
) -> None:
    codes = ["0401", "0402", "0403", "0404"]
    spent = {code: Spent(b, a) for code, (b, a, *_) in zip(codes, rows, strict=True)}
    rated = {"good": "1", "bad": "9"}
    points = {"good": "95", "bad": "10"}
    values = {
        "complications": tuple(
            value(c, rated[r[2]], "100") for c, r in zip(codes, rows, strict=True) if r[2] != "none"
        ),
        "satisfaction": tuple(
            value(c, points[r[3]], "100") for c, r in zip(codes, rows, strict=True) if r[3] != "none"
        ),
    }
    figures = Figures(SPAN, DEPTS, spent, {}, values, {})
    w1 = simulate(figures, in_force({"saving_reward_ratio": str(rate)}), NOTHING)["w1"]
    assert w1.payable + w1.pending + w1.cancelled == w1.pool == sum(one.full or 0 for one in w1.awards)
    assert w1.payable + w1.pending + w1.kept == w1.base
    assert w1.kept >= 0
    for one, (_, _, first, second) in zip(w1.awards, rows, strict=True):
        assert (one.amount or 0) >= 0
        if "bad" in (first, second):
            assert one.amount == 0
        elif "none" in (first, second) and one.base and one.base > 0:
            assert one.amount is None
