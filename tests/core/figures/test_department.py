"""One department by hand: full cost and its origins, unit costs in every scope, peers, income."""

from decimal import Decimal

from core.figures.common import BUDGET, Dept
from core.figures.department import department
from core.figures.peers import Peer, median, near
from core.warehouse import Warehouse


def test_a_ward_carries_its_share_of_the_others(by_hand: Warehouse) -> None:
    found = department(by_hand, "H1", 202504, "medical", "0402")
    assert (found.kind, found.main, found.incoming) == ("inpatient", "full_cost", True)
    cards = {one.measure: one.value for one in found.cards}
    # the office by headcount (its people out of 60), the laboratory by ordered income (all of it ward 0402's)
    office, laboratory = Decimal(1000) * 20 / 60, Decimal(2000) + Decimal(1000) * 10 / 60
    full = cards["full_cost"]
    assert full is not None and abs(full - (9400 + office + laboratory)) < Decimal("0.02")
    assert sum(one.value for one in found.split) == full
    assert sum(one.direct for one in found.split) == Decimal(9400)
    assert sum(flow.amount for flow in found.flows) == full - 9400
    assert [flow.dept.code for flow in found.flows] == ["0301", "0101"]
    assert dict(found.by_class)["technical"] == Decimal("2000.00")
    assert cards["bed_day_cost"] == full / 100
    assert cards["income"] == Decimal(12000)


def test_unit_cost_in_every_scope_with_and_without_drugs(by_hand: Warehouse) -> None:
    found = department(by_hand, "H1", 202504, "medical", "0402")
    units = {(one.scope, one.measure): one.value for one in found.units}
    assert len(units) == 8
    # the business scope leaves the office out: 9,400 + 2,000 over 100 bed-days
    assert units["business", "bed_day_cost"] == Decimal(114)
    # without drugs 4,800 and without the laboratory's consumables 2,000
    assert units["business", "bed_day_cost_net"] == Decimal(46)
    volumes = {one.measure: one.value for one in found.volumes}
    assert volumes["stay"] == Decimal(9) and volumes["bed_occupancy"] == Decimal("0.8")


def test_a_laboratory_says_where_its_cost_went(by_hand: Warehouse) -> None:
    found = department(by_hand, "H1", 202504, "medical", "0301")
    assert (found.kind, found.main, found.incoming) == ("technical", "cost", False)
    assert [(flow.dept.code, flow.amount) for flow in found.flows] == [("0402", Decimal("2000.00"))]
    assert [(one.charge_class, one.value) for one in found.charges] == [("laboratory", Decimal(3000))]
    assert found.units == ()


def test_a_budget_is_held_against_direct_cost(by_hand: Warehouse) -> None:
    found = department(by_hand, "H1", 202504, "medical", "0402", BUDGET)
    assert found.changed == "cost" and found.changes.value == Decimal(9400)
    assert found.changes.against.base == Decimal(10000)
    assert found.plan[202504] == Decimal(10000)


def test_peers_are_of_one_kind_and_ranked(by_hand: Warehouse) -> None:
    found = department(by_hand, "H1", 202504, "business", "0403")
    # 6,000 over 50 bed-days; the other ward 11,400 over 100
    assert [(peer.dept.code, peer.value) for peer in found.peers] == [
        ("0403", Decimal(120)),
        ("0402", Decimal(114)),
    ]
    assert found.rank == 1 and found.median == Decimal(117)


def test_near_keeps_first_last_and_the_neighbours() -> None:
    peers = tuple(
        Peer(Dept(f"{n:02}", f"d{n}", "clinical", "inpatient"), Decimal(100 - n), None, n == 20)
        for n in range(30)
    )
    shown = near(peers, 6)
    assert [rank for rank, _ in shown] == [1, 19, 20, 21, 22, 30]
    assert any(peer.here for _, peer in shown)
    assert [rank for rank, _ in near(peers[:4], 6)] == [1, 2, 3, 4]
    last = near((*peers[:20], *peers[21:], peers[20]), 6)
    assert last[-1][1].here and len({rank for rank, _ in last}) == 6
    assert median(peers[:4]) == Decimal("98.5") and median(()) is None
