"""What people of the demo hospital did: who they are, letters, rewards with a correction, tracings at several stages.

    tell(store, hospital, at)      at the end of opening the demo; does nothing where anything of it is there already

Everything goes through the same calls as a person's acts. What is said stands in definitions/demo_stories.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.benefit.book import examples, keep
from core.catalog import DEFINITIONS, load_yaml
from core.journal import journal
from core.money import half_up
from core.parameters import value
from core.people import Person, people, set_people
from core.responsibility import letters, targets, tracing
from core.rewards import records
from core.rewards.choice import Choice
from core.rewards.evaluate import metrics, simulate
from core.rewards.figures import QUARTER, Span, figures
from core.settings import Settings, get_settings
from core.store import Store
from core.warehouse import Warehouse, open_warehouse


@lru_cache(maxsize=1)
def said() -> Mapping[str, Any]:
    """The whole story."""
    loaded: Mapping[str, Any] = load_yaml(DEFINITIONS / "demo_stories.yaml")
    return loaded


def tell(store: Store, hospital: str, at: datetime) -> bool:
    """Tell the story once; False where it was told or there is nothing to tell it about. `at`: the day of opening."""
    book = journal(store)
    kinds = (letters.LETTER, records.REWARD, tracing.TRACE)
    names = _names(open_warehouse(store), hospital)
    if not names or any(book.entries(kind, hospital) for kind in kinds):
        return False
    settings = get_settings(store, store.snapshot(), hospital)
    if not people(settings):
        set_people(store, hospital, _people(names), actor=said()["actor"]["finance"], at=at)
    warehouse = open_warehouse(store, store.snapshot())
    settings = get_settings(store, store.snapshot(), hospital)
    _tracings(store, hospital, settings, names, at)
    _letters(store, hospital, warehouse, settings, names, at)
    _rewards(store, hospital, warehouse, settings, at)
    for case in examples("zh", max(warehouse.periods(hospital))):
        keep(book, hospital, case, by=said()["actor"]["finance"], at=at)
    return True


def _names(warehouse: Warehouse, hospital: str) -> dict[str, tuple[str, str]]:
    rows = warehouse.query(
        "select dept_code, dept_name, dept_class from stg_dept where hospital = ? order by dept_code",
        (hospital,),
    )
    return {code: (name, kind) for code, name, kind in rows}


def _people(names: Mapping[str, tuple[str, str]]) -> list[Person]:
    """Leaders, and a head for every department; every third has a cost officer of its own."""
    rule = said()["people"]
    made = [Person(one["name"], tuple(one["roles"])) for one in rule["fixed"]]
    used = {one.name for one in made}
    pairs = (
        rule["surnames"][(n * 7) % len(rule["surnames"])]
        + rule["names"][(n * 5 + n // 11) % len(rule["names"])]
        for n in range(10_000)
    )

    def fresh() -> str:
        name = next(name for name in pairs if name not in used)
        used.add(name)
        return name

    for number, code in enumerate(names):
        made.append(Person(fresh(), ("dept_head",), (code,)))
        if number % 3 == 0:
            made.append(Person(fresh(), ("cost_officer",), (code,)))
    return made


def _letters(
    store: Store,
    hospital: str,
    warehouse: Warehouse,
    settings: Settings,
    names: Mapping[str, tuple[str, str]],
    at: datetime,
) -> None:
    rule = said()
    year, who = int(rule["year"]), {"by": rule["actor"]["finance"], "at": at}
    wanted = {
        dept: (names[dept][0], rows)
        for dept, rows in targets.proposals(warehouse, settings, hospital, year).items()
        if dept in names
    }
    if not wanted:
        return
    heads = {p.depts[0]: p.name for p in people(settings) if p.depts and "dept_head" in p.roles}
    officers = {p.depts[0]: p.name for p in people(settings) if p.depts and "cost_officer" in p.roles}
    leader = next((p.name for p in people(settings) if "director" in p.roles), "")
    known = {
        dept: {"head": heads.get(dept, ""), "officer": officers.get(dept, ""), "leader": leader}
        for dept in wanted
    }
    snapshot = store.snapshot().id
    texts = letters.wording(settings)
    letters.draft(store, hospital, year, wanted, texts, snapshot=snapshot, people=known, **who)
    behind = {state: set(rule["letters"][state]) for state in ("draft", "agreed", "printed")}
    keys = {dept: f"{year}/{dept}" for dept in wanted}
    left = [dept for dept in keys if dept not in behind["draft"]]
    for state in (letters.AGREED, letters.PRINTED):
        letters.advance(store, hospital, [keys[dept] for dept in left], state, **who)
        left = [dept for dept in left if dept not in behind[state]]
    signed = [keys[dept] for dept in left if heads.get(dept)]
    letters.advance(
        store, hospital, signed, letters.SIGNED, signed_on=date.fromisoformat(str(rule["signed_on"])), **who
    )
    more = rule["supplement"]
    one = next((x for x in letters.letters(store, hospital, year) if x.dept == more["dept"]), None)
    if one is not None:
        code = f"cost.{more['item']}"
        held = next(row.target or Decimal(0) for row in one.targets if row.code == code)
        amount = half_up(held * (1 - Decimal(more["cut"])))
        lower = targets.with_amounts(one.targets, {code: amount})
        letters.revise(store, hospital, one.key, lower, replaces=one.seq, why=more["why"], **who)


def _rewards(store: Store, hospital: str, warehouse: Warehouse, settings: Settings, at: datetime) -> None:
    rule = said()
    span = Span(QUARTER, int(rule["reward"]["through"]))
    if span.period not in warehouse.periods(hospital):
        return
    counted = tracing.violations(tracing.traces(store, hospital), span.months)
    found = figures(warehouse, hospital, span, metrics(), (), counted)
    made = simulate(found, lambda name: value(settings, name, span.period), Choice(span.kind))["w1"]
    if not made.awards:
        return
    when = at - timedelta(days=int(rule["reward"]["back"]))
    records.record(
        store, hospital, [made], span, snapshot=store.snapshot().id, by=rule["actor"]["finance"], at=when
    )
    fix = rule["correction"]
    held = {one.key: one for one in records.records(store, hospital)}
    one = held.get(f"w1/{span.code}/{fix['dept']}") or next(
        (one for one in held.values() if one.state == "cancelled"), None
    )
    if one is not None and one.state != "payable":
        records.correct(
            store, hospital, one.key, replaces=one.seq, amount=one.data["full"], state="payable", why=fix["why"],
            by=rule["actor"]["medical"], at=at - timedelta(days=int(fix["back"])),
        )  # fmt: skip


def _tracings(
    store: Store, hospital: str, settings: Settings, names: Mapping[str, tuple[str, str]], at: datetime
) -> None:
    actors = said()["actor"]
    by = {"violation": actors["insurance"], "hotline": actors["committee"], "inspection": actors["committee"]}
    month = at.year * 100 + at.month

    def rates(name: str) -> Decimal | None:
        return value(settings, name, month)

    for one in sorted(said()["traces"], key=lambda one: -one["back"]):
        who, dept = by.get(one["source"], actors["finance"]), one["dept"]
        entry = tracing.raise_trace(
            store, hospital, source=one["source"], title=one["title"], rates=rates, by=who,
            at=at - timedelta(days=one["back"]), period=one["period"], amount=one.get("amount"), dept=dept,
            dept_name=names[dept][0] if dept in names else "",
        )  # fmt: skip
        for event, back, *rest in one["steps"]:
            words: dict[str, Any] = {"note": rest[0]} if rest else {}
            if event == "person":
                words = {"person": rest[0]}
            elif event == "sanction":
                words = {"sanction": rest[0], "amount": rest[1]}
            tracing.act(
                store, hospital, entry.key, event, rates=rates, by=who, at=at - timedelta(days=back), **words
            )
