"""The dictionary holds every definition once, with words in both languages, and finds them."""

from core.allocation import Policy
from core.allocation.policy import METHODS, STANDARD_DRIVERS
from core.catalog import catalog
from core.glossary import KINDS, definition, definitions, glossary, search
from core.issue import sentences
from core.measures import measures


def test_every_extract_term_method_driver_and_problem_has_one_entry() -> None:
    found = {(entry.kind, entry.code) for entry in glossary()}
    assert len(found) == len(glossary())
    wanted = {("extract", name) for name in catalog().extracts}
    wanted |= {("cost_item", name) for name in catalog().names("cost_items")}
    wanted |= {("method", name) for name in METHODS} | {("driver", name) for name in STANDARD_DRIVERS}
    wanted |= {("issue", code) for code in sentences()} | {("identity", f"I{n}") for n in range(1, 6)}
    assert wanted <= found


def test_steps_are_the_classes_that_the_policy_has_rules_for() -> None:
    assert [step.name for step in definitions()["steps"]] == ["admin", "auxiliary", "technical"]
    for step in definitions()["steps"]:
        assert Policy().rule(step.name).drivers


def test_every_driver_names_the_extract_it_is_read_from() -> None:
    assert all(one.extract in catalog().extracts for one in definitions()["drivers"])


def test_entries_have_words_in_both_languages() -> None:
    for entry in glossary():
        assert entry.label.zh and entry.label.en, entry.code
        for field in (entry.about, entry.formula, entry.unit, entry.source):
            assert bool(field.zh) == bool(field.en), (entry.code, field)


def test_a_search_wants_every_word_in_any_language_and_case() -> None:
    assert [entry.code for entry in search("开单收入", ["driver"])] == ["ordered_income"]
    assert [entry.code for entry in search("ORDERED  income", ["driver"])] == ["ordered_income"]
    assert search("ordered nonsense") == []
    assert search("") == list(glossary())


def test_a_search_finds_an_extract_by_a_heading_it_understands() -> None:
    assert "ledger_cost" in [entry.code for entry in search("借方发生额", ["extract"])]


def test_a_scope_says_what_it_takes_in() -> None:
    scopes = {entry.code: entry.formula.en for entry in glossary() if entry.kind == "scope"}
    assert scopes["business"] == "Auxiliary + Technical + Clinical | Own funds"
    assert scopes["medical_full"].endswith("Own funds + Fiscal project funds")


def test_a_measure_shows_the_formula_that_computes_it() -> None:
    found = {entry.code: entry for entry in glossary() if entry.kind == "measure"}
    assert set(found) == set(measures())
    for name, one in measures().items():
        assert found[name].formula.zh == one.formula("zh") and found[name].unit.en


def test_a_name_nobody_wrote_is_an_error() -> None:
    try:
        definition("drivers", "moon_phase")
    except KeyError as problem:
        assert "moon_phase" in str(problem)
    else:
        raise AssertionError("an unknown driver was found")


def test_kinds_come_in_their_order() -> None:
    order = [KINDS.index(entry.kind) for entry in glossary()]
    assert order == sorted(order)
