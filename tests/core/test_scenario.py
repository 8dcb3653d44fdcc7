"""Scenarios: values that survive JSON and the URL, and change only what they say."""

from decimal import Decimal

import pytest

from core.allocation import Policy, PolicyError, Step
from core.scenario import EMPTY, Scenario, ScenarioError

FULL = Scenario(
    "try",
    "step_down",
    {"technical": ("workload",), "admin": "area"},
    ("0101", Step("0201", "area", ("staff",), 2.0)),
    {"headcount": {"0401": "*1.50", "0402": "=30"}},
    {"staff": 1.05},
    {"visits": {"*": "*1.1", "0402": "=900"}},
    {"drugs": "*0.9"},
)


def test_round_trips() -> None:
    assert Scenario.from_json(FULL.to_json()) == FULL
    assert Scenario.from_token(FULL.token()) == FULL
    assert hash(Scenario.from_token(FULL.token())) == hash(FULL)
    assert EMPTY.token() == "" and Scenario.from_token("") == EMPTY
    assert set(FULL.token()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_name_changes_nothing() -> None:
    assert Scenario("a", "direct").key == Scenario("b", "direct").key != EMPTY.key
    assert not EMPTY and not Scenario("only a name") and Scenario(method="direct")


def test_changes_department_before_everyone() -> None:
    assert FULL.change("weights", "headcount", "0401", Decimal(20)) == 30
    assert FULL.change("weights", "headcount", "0402", Decimal(20)) == 30
    assert FULL.change("weights", "headcount", "0403", Decimal(20)) == 20
    assert FULL.change("volumes", "visits", "0499", Decimal(100)) == 110
    assert FULL.change("volumes", "visits", "0402", Decimal(100)) == 900
    assert FULL.change("rates", "staff", "0101", Decimal("100.00")) == Decimal("105.0000")


def test_policy_overrides() -> None:
    policy = FULL.policy(Policy())
    assert policy.method == "step_down" and [step.source for step in policy.order] == ["0101", "0201"]
    assert policy.technical.drivers == ("workload",) and policy.admin.drivers == ("area",)
    assert EMPTY.policy(Policy()) == Policy()


@pytest.mark.parametrize("text", ["nonsense", '{"unheard": 1}', "[1]"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError):
        Scenario.from_json(text)


def test_bad_values_are_refused() -> None:
    with pytest.raises(ScenarioError):
        Scenario.from_token("not-a-token")
    with pytest.raises(ScenarioError):
        Scenario(weights={"headcount": {"0401": "x2"}})
    with pytest.raises(ScenarioError):
        Scenario(rates={"staff": "=5"})
    with pytest.raises(ScenarioError):
        Scenario(rates={"staff": "*-1"})
    with pytest.raises(PolicyError):
        Scenario(method="by_feeling")
    with pytest.raises(PolicyError):
        Scenario(drivers={"clinical": "area"})
