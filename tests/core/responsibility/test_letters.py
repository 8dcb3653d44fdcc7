"""Responsibility letters: targets from the budget, states in their order, a signed letter never changes, the paper."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core import chain
from core.export.letters import letters_data, letters_pdf
from core.responsibility import letters, progress, targets
from core.responsibility.targets import Target
from core.responsibility.words import ResponsibilityError, proposed_wording
from core.settings import get_settings
from core.store import Store
from core.warehouse import open_warehouse
from tests.pdftext import pages
from tests.small import FakeStore, fill

D, H = Decimal, "H1"
AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
WHO = {"by": "王会计", "at": AT}


def cost(item: str, base: str | None, target: str) -> Target:
    return Target(f"cost.{item}", "yuan", "lower", None if base is None else D(base), D(target))


WANTED = (
    cost("total", "56320114.55", "54441000.00"), cost("drugs", "30000000.55", "28441000.00"), cost("other", "26320114.00", "26000000.00"),
    Target("decline", "percent", "higher", None, D("0.0334")), Target("fund_efficiency", "index", "higher", D("1.02"), D("1.05")),
    Target("red.complication", "percent", "lower", None, D("0.03")), Target("red.satisfaction", "points", "higher", None, D("85")),
    Target("red.compliance", "count", "lower", None, D(0)),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def drafted(store: Store) -> letters.Letter:
    letters.draft(
        store, H, 2026, {"0401": ("骨科病区", WANTED)}, proposed_wording(), snapshot="ab12cd34",
        people={"0401": {"head": "张主任"}}, **WHO,
    )  # fmt: skip
    return letters.letters(store, H, 2026)[0]


def signed(store: Store) -> letters.Letter:
    key = drafted(store).key
    for state in ("agreed", "printed"):
        letters.advance(store, H, [key], state, **WHO)
    letters.advance(
        store,
        H,
        [key],
        "signed",
        signed_on=date(2026, 1, 20),
        names={"leader": "李院长", "officer": " "},
        **WHO,
    )
    return letters.letters(store, H, 2026)[0]


def test_from_draft_to_signature(store: Store) -> None:
    first = drafted(store)
    assert (first.key, first.version, first.state, first.targets) == ("2026/0401", 1, "draft", WANTED)
    last = signed_again = signed(Store(store.root.parent / "other"))
    assert (last.state, last.head, last.leader, last.officer, last.signed_on) == (
        "signed", "张主任", "李院长", "", "2026-01-20",
    )  # fmt: skip
    assert signed_again.broken == ()


def test_steps_out_of_order_are_refused(store: Store) -> None:
    key = drafted(store).key
    with pytest.raises(ResponsibilityError) as refused:
        letters.advance(store, H, [key], "signed", signed_on=date(2026, 1, 1), names={"leader": "x"}, **WHO)
    assert refused.value.text("zh") == "骨科病区：责任书现在是“拟定”，不能直接变为“已签字”。"
    letters.advance(store, H, [key], "agreed", **WHO)
    letters.advance(store, H, [key], "printed", **WHO)
    with pytest.raises(ResponsibilityError) as refused:
        letters.advance(store, H, [key], "signed", signed_on=None, names={"leader": "x"}, **WHO)
    assert refused.value.code == "letter_names"
    letters.advance(store, H, [key], "draft", **WHO)  # taken back before anybody signed
    assert letters.letters(store, H, 2026)[0].state == "draft"


def test_all_letters_of_a_step_move_or_none(store: Store) -> None:
    key = drafted(store).key
    with pytest.raises(ResponsibilityError, match="no such letter"):
        letters.advance(store, H, [key, "2026/9999"], "agreed", **WHO)
    assert letters.letters(store, H, 2026)[0].state == "draft"


def test_a_signed_letter_changes_by_a_supplement_only(store: Store) -> None:
    before = signed(store)
    lower = (cost("total", "1", "50000000.00"), *WANTED[1:])
    with pytest.raises(ResponsibilityError, match="is signed"):
        letters.advance(store, H, [before.key], "draft", **WHO)
    with pytest.raises(ResponsibilityError, match="needs its reason"):
        letters.revise(store, H, before.key, lower, replaces=before.seq, **WHO)
    letters.revise(store, H, before.key, lower, replaces=before.seq, why="支付标准下调", **WHO)
    after = letters.letters(store, H, 2026)[0]
    assert (after.version, after.state, after.why, after.signed_on) == (2, "draft", "支付标准下调", "")
    entries = letters.history(store, H, before.key)
    assert [one.data["state"] for one in entries] == ["draft", "agreed", "printed", "signed", "draft"]
    assert entries[3].data["targets"][0]["target"] == "54441000.00"  # the signed one stands as it was
    assert entries[4].data["prev"] == chain.fingerprint(entries[3])
    with pytest.raises(ResponsibilityError, match="changed the letter meanwhile"):
        letters.revise(store, H, before.key, lower, replaces=before.seq, why="x", **WHO)


def test_what_cannot_be_agreed_on(store: Store) -> None:
    drafted(store)
    with pytest.raises(ResponsibilityError, match="exists already"):
        drafted(store)
    with pytest.raises(ResponsibilityError, match="no budget"):
        letters.draft(store, H, 2026, {"0402": ("门诊", WANTED[3:])}, proposed_wording(), snapshot="", **WHO)
    with pytest.raises(ResponsibilityError, match="below 0"):
        letters.draft(
            store,
            H,
            2026,
            {"0402": ("门诊", (cost("total", None, "-1"),))},
            proposed_wording(),
            snapshot="",
            **WHO,
        )


def test_the_hospitals_wording(store: Store) -> None:
    texts = proposed_wording()
    texts["duties"] = {"zh": ["{dept}负责{year}年{其他}"], "en": ["{dept} answers for {year}"]}
    letters.set_wording(store, H, texts, actor="a", at=AT)
    settings = get_settings(store, store.snapshot(), H)
    assert letters.wording(settings)["duties"]["zh"] == ["{dept}负责{year}年{其他}"]
    letters.draft(
        store, H, 2026, {"0401": ("骨科病区", WANTED)}, letters.wording(settings), snapshot="", **WHO
    )
    made = letters.letters(store, H, 2026)[0]
    assert made.duties("zh", "某医院") == ("骨科病区负责2026年{其他}",)
    with pytest.raises(ResponsibilityError):
        letters.set_wording(store, H, {**texts, "duties": {"zh": [" "], "en": ["x"]}}, actor="a", at=AT)
    letters.set_wording(store, H, None, actor="a", at=AT)
    assert letters.wording(get_settings(store, store.snapshot(), H)) == proposed_wording()


@pytest.mark.parametrize(
    ("lang", "hospital", "said"),
    [
        ("zh", "省肿瘤医院", ("2026年度成本控制责任书", "科室总成本 56,320,114.55 54,441,000.00 -3.3%", "≥ 85 分", "≤ 3%", "0 件",
                          "科室负责人 张主任 签字 日期 2026-01-20", "数据快照 ab12cd34", "第 1 页 共 1 页", "责任条款文字由医院拟定")),
        ("en", "Provincial Cancer Hospital", ("Cost-control responsibility letter 2026", "54,441,000.00 -3.3%", "≥ 85 points",
                                              "Data snapshot ab12cd34", "Page 1 of 1", "wording of the duties")),
    ],
)  # fmt: skip
def test_the_paper_says_what_was_agreed(
    store: Store, lang: str, hospital: str, said: tuple[str, ...]
) -> None:
    found = pages(letters_pdf([signed(store)], hospital, lang))
    assert len(found) == 1  # one sheet to sign
    for words in (hospital, "骨科病区", "28,441,000.00", "2026-0401", *said):
        assert words in found[0], words


def test_many_letters_each_with_its_own_pages(store: Store) -> None:
    long = proposed_wording()
    long["duties"] = {lang: [line * 3 for line in long["duties"][lang] * 5] for lang in ("zh", "en")}
    letters.draft(
        store, H, 2026, {"0401": ("骨科病区", WANTED), "0402": ("门诊", WANTED)}, long, snapshot="s", **WHO
    )
    found = pages(letters_pdf(letters.letters(store, H, 2026), "医院", "zh"))
    assert len(found) == 4
    assert ["第 1 页 共 2 页" in found[0], "第 2 页 共 2 页" in found[1], "第 1 页 共 2 页" in found[2]] == [
        True
    ] * 3
    assert "2026-0401" in found[1] and "2026-0402" in found[3]


def test_text_that_looks_like_markup_stays_text(store: Store) -> None:
    texts = proposed_wording()
    texts["duties"] = {"zh": ["#panic() *粗* $x$ [a]"], "en": ["#panic()"]}
    letters.draft(store, H, 2026, {"0401": ("骨科 #病区", WANTED)}, texts, snapshot="s", **WHO)
    found = pages(letters_pdf(letters.letters(store, H, 2026), "医院", "zh"))[0]
    assert "#panic()*粗*$x$[a]" in found.replace(" ", "") and "骨科 #病区" in found


def test_figures_nobody_gave_stay_open_on_paper(store: Store) -> None:
    rows = (
        cost("total", None, "100.00"),
        cost("staff", "0", "0"),
        Target("red.complication", "percent", "lower", None, None),
    )
    letters.draft(store, H, 2026, {"0401": ("骨科", rows)}, proposed_wording(), snapshot="s", **WHO)
    paper = letters_data(letters.letters(store, H, 2026), "医院", "zh")["letters"][0]
    assert paper["rows"] == [["科室总成本", "—", "100.00", "—"]]  # what is nothing in both years is left out
    assert paper["lines"] == [["并发症率", "未定"]]


def test_total_and_decline_follow_from_the_items() -> None:
    rows = (cost("total", "1000", "900"), cost("drugs", "600", "500"), cost("other", "400", "400"), WANTED[3])
    made = targets.with_amounts(rows, {"cost.drugs": D("450")})
    assert made[0].target == D("850") and (made[3].code, made[3].target) == ("decline", D("0.1500"))
    more = targets.with_amounts(rows, {"cost.drugs": D("650")})
    assert (more[3].code, more[3].better, more[3].target) == ("growth", "lower", D("0.0500"))
    assert more[3].label("zh") == "科室成本增幅"


@pytest.fixture
def planned(tmp_path: Path) -> FakeStore:
    """0401 spent 200,000.00 in January 2025; its budget of the year is 2,280,000.00, of January 190,000.00."""
    made = fill(FakeStore(tmp_path), 202501)
    made.put("budget", [{"period": 202500, "dept_code": "0401", "item_code": "6001", "amount": D("2280000")}])
    made.put("budget", [], periods=[202501])
    # February has visits and no ledger.
    made.put("workload_op", [{"period": 202502, "dept_code": "0402", "visits": 9}])
    return made


def test_targets_are_proposed_from_the_budget_in_force(planned: FakeStore) -> None:
    warehouse = open_warehouse(planned)
    warehouse.ensure(H, 202501)
    settings = get_settings(planned, planned.snapshot(), H)
    made = targets.proposals(warehouse, settings, H, 2025)
    assert set(made) == {"0401"}
    by_code = {one.code: one for one in made["0401"]}
    assert by_code["cost.total"].target == by_code["cost.staff"].target == D("2280000.00")
    assert by_code["cost.total"].base is None and "decline" not in by_code  # no complete year before
    assert by_code["red.complication"].target == D("0.03")


@pytest.mark.parametrize(
    ("target", "status"), [("2400000", "on_track"), ("2300000", "watch"), ("2280000", "over")]
)
def test_a_target_is_followed_to_date(planned: FakeStore, target: str, status: str) -> None:
    warehouse = open_warehouse(planned)
    warehouse.ensure(H, 202501)
    wanted = {"0401": (cost("total", None, target),), "0402": (cost("total", None, "1"),)}
    found = progress.follow(warehouse, H, wanted, 202501, D("0.05"))
    (one,) = found["0401"]
    assert (one.plan, one.actual, one.status) == (
        (D(target) / 12).quantize(D("0.01")),
        D("200000.00"),
        status,
    )
    warehouse.ensure(H, 202502)
    gone = progress.follow(warehouse, H, wanted, 202502, D("0.05"))["0401"][0]
    assert (gone.actual, gone.status) == (
        None,
        "missing",
    )  # February is not there, so nothing is said to date
    assert progress.worst(found["0401"]) == status


def test_the_plan_of_the_total_is_the_sum_of_its_items(planned: FakeStore) -> None:
    # Staff: 3 of 28 yuan of the year fall into January; drugs: 20 of 120. The letter asks for less than the budget.
    months = {"6001": (D(3), D(25)), "6002": (D(20), D(100))}
    for place, period in enumerate((202501, 202506)):
        rows = [
            {"period": period, "dept_code": "0402", "item_code": item, "amount": amounts[place]}
            for item, amounts in months.items()
        ]
        planned.put("budget", rows, periods=[period])
    warehouse = open_warehouse(planned)
    warehouse.ensure(H, 202501)
    asked = (cost("total", None, "960.06"), cost("staff", None, "900.06"), cost("drugs", None, "60"))
    total, staff, drugs = progress.follow(warehouse, H, {"0402": asked}, 202501, D("0.05"))["0402"]
    assert (staff.plan, drugs.plan) == (D("96.44"), D("10.00"))  # 900.06 x 3 / 28 = 96.435
    assert total.plan == D("106.44")
