"""Views over visits, roster, payroll, orders, examinations, prices, training, balances: lines, words, sides, checks."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.quality import checks
from core.warehouse import Warehouse, open_warehouse
from tests.small import STAFF, D, FakeStore, fill

AT = {"period": 202501}
DAY = date(2025, 1, 9)


def noon(hour: int, minute: int = 0, day: int = 9) -> datetime:
    return datetime(2025, 1, day, hour, minute)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    store = fill(FakeStore(tmp_path_factory.mktemp("views")))
    store.put("visit", [
        AT | {"visit_id": "1", "dept_name": "骨科 门诊", "arrived_at": noon(8), "seen_at": noon(8, 30), "left_at": noon(9)},
        AT | {"visit_id": "2", "dept_name": "牙科", "arrived_at": noon(10), "seen_at": noon(9), "left_at": noon(9, day=11)},
    ])  # fmt: skip
    store.put("order", [AT | {"order_id": "1", "dept_code": "401", "antibiotic": "Ⅰ类限制使用级", "term": "临时医嘱",
                              "ordered_at": noon(8), "executed_at": noon(8, 59)}])  # fmt: skip
    store.put("lab_exam", [AT | {"exam_id": "1", "order_name": "骨科病区", "exec_code": "0302", "kind": "核磁共振检查",
                                 "done_at": noon(8), "reported_at": noon(20), "result": "未见异常"}])  # fmt: skip
    store.put("employee", [AT | {"emp_code": "1", "dept_code": "0401", "category": "护理岗", "title": "副主任护师(聘)", "degree": "硕士研究生",
                                 "nurse_level": "n3", "state": "在岗"},
                           AT | {"emp_code": "2", "dept_code": "9999", "left_on": date(2025, 1, 31)}])  # fmt: skip
    store.put("payroll", [
        AT | {"emp_code": "1", "dept_code": "0401", "wage_item": "basic", "amount": D("150000.00")},
        AT | {"emp_code": "1", "dept_code": "0401", "wage_name": "单位社保", "amount": D("49000.00")},
        AT | {"emp_code": "1", "dept_code": "0401", "wage_name": "工会费", "amount": D("1.00")},
        AT | {"emp_code": "1", "dept_code": "0401", "wage_item": "tax", "amount": D("700.00")},
    ])  # fmt: skip
    store.put(
        "train",
        [
            AT
            | {
                "emp_code": "1",
                "dept_code": "0401",
                "course": "DRG支付下的成本精细化管理",
                "held_on": DAY,
                "hours": D("2"),
            }
        ],
    )
    store.put("price", [{"charge_code": "A", "charge_name": "诊察费", "price": D("20"), "ceiling": D("25")},
                        {"charge_code": "B", "charge_name": "护理费", "price": D("30"), "valid_from": date(2025, 2, 1)}])  # fmt: skip
    charged = [
        ("A", "20", "5", "100.00"),
        ("A", "22", "10", "220.00"),
        ("B", "40", "1", "40.00"),
        ("C", "9", "2", "18.00"),
    ]
    store.put("charge_line", [AT | {"charge_id": str(n), "charge_code": code, "unit_price": D(price), "quantity": D(count),
                                    "amount": D(yuan), "charged_at": DAY, "order_code": "0401"}
                              for n, (code, price, count, yuan) in enumerate(charged)])  # fmt: skip
    store.put("balance", [
        AT | {"account_code": "1002", "opening_debit": D("5.00"), "closing_debit": D("7.00"), "closing_credit": D("0.00")},
        AT | {"account_code": "1602", "opening": D("3.00"), "debit": D("0.00"), "credit": D("1.00"), "closing": D("4.00")},
        AT | {"account_code": "2302", "opening": D("3.00"), "debit": D("1.00"), "credit": D("2.00")},
        AT | {"account_code": "2305", "direction": "debit", "closing": D("6.00")},
    ])  # fmt: skip
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    return opened


def test_visits_are_timed_where_they_can_be(warehouse: Warehouse) -> None:
    sql = "select dept_code, dept_class, wait_minutes, stay_minutes from stg_visit order by visit_id"
    assert warehouse.query(sql) == [("0402", "clinical", 30, 60), (None, "unmapped", None, None)]
    assert warehouse.query("select raw_name, dept_code from stg_visit_match order by 1") == [
        ("牙科", None),
        ("骨科 门诊", "0402"),
    ]


def test_orders_and_examinations_find_their_departments_and_words(warehouse: Warehouse) -> None:
    assert warehouse.query("select dept_code, is_antibiotic, in_time from stg_order") == [
        ("0401", True, True)
    ]
    assert warehouse.query("select dept_code from stg_order_match") == [("0401",)]
    sql = "select order_dept, exec_dept, exam_kind, kind_class, is_positive, report_hours from stg_lab_exam"
    assert warehouse.query(sql) == [("0401", "0302", "mri", "large", False, 12)]
    assert warehouse.query("select raw_code, dept_code from stg_lab_exam_match order by 1") == [
        ("", "0401"),
        ("0302", "0302"),
    ]


def test_the_roster_is_read_in_terms_and_leaves_out_who_has_gone(warehouse: Warehouse) -> None:
    sql = "select staff_category, title_level, degree_level, nurse_grade, on_books from stg_employee order by emp_code"
    assert warehouse.query(sql) == [
        ("nurse", "senior", "master", "N3", True),
        (None, None, None, None, False),
    ]
    assert warehouse.query("select extract, value from stg_unmapped where extract = 'employee'") == [
        ("employee", "9999 ")
    ]


def test_wage_items_nobody_listed_are_pay(warehouse: Warehouse) -> None:
    sql = "select wage_item, wage_kind, amount from stg_payroll order by _row"
    assert warehouse.query(sql) == [
        ("basic", "pay", D("150000")), ("insurance", "employer", D("49000")), ("other_pay", "pay", D("1")), ("tax", "withheld", D("700")),
    ]  # fmt: skip


def test_payroll_is_held_against_the_ledger(warehouse: Warehouse) -> None:
    sql = "select dept_code, people, gross, employer, paid, booked, difference from mart_payroll_check order by 1"
    found = warehouse.query(sql)
    assert found[5] == ("0401", 1, D("150001"), D("49000"), D("199001"), D("200000"), D("999"))
    # Payroll has nothing for the others, whose staff cost is booked: that is a disagreement as well.
    assert [row[0] for row in found] == sorted(STAFF)
    assert found[0] == ("0101", None, None, None, None, D("100000.01"), None)


def test_a_month_without_payroll_has_nothing_to_compare(tmp_path: Path) -> None:
    store = fill(fill(FakeStore(tmp_path), 202501), 202502)
    store.put("payroll", [{"period": 202502, "emp_code": "1", "dept_code": "0401", "wage_item": "basic",
                           "amount": D("200000.00")}])  # fmt: skip
    opened = open_warehouse(store)
    for period in (202501, 202502):
        opened.ensure("H1", period)
    periods = "select period, count(*), sum(difference) from mart_payroll_check group by 1"
    assert opened.query(periods) == [(202502, len(STAFF), 0)]


def test_disagreements_are_listed_for_the_quality_page(warehouse: Warehouse) -> None:
    found = [
        (one.kind, one.code, one.expected, one.found, one.difference)
        for one in checks(warehouse, "H1", 202501).shown
    ]
    unpaid = sorted((-D(amount), code) for code, amount in STAFF.items() if code != "0401")
    assert found == [
        ("above", "A", D("20"), D("22"), D("20")),
        *(("payroll", code, -amount, None, None) for amount, code in unpaid),
        ("payroll", "0401", D("200000"), D("199001"), D("999")),
        ("unlisted", "B", None, D("40"), None), ("unlisted", "C", None, D("9"), None),
    ]  # fmt: skip


def test_one_kind_of_disagreement_does_not_push_out_another(warehouse: Warehouse) -> None:
    found = checks(warehouse, "H1", 202501, most=1)
    assert [(one.kind, one.code) for one in found.shown] == [
        ("above", "A"),
        ("payroll", "0402"),  # 150 000 booked and nothing paid
        ("unlisted", "B"),
    ]
    assert (found.counts, found.count) == ({"above": 1, "payroll": 8, "unlisted": 2}, 11)


def test_training_counts_for_its_quarter(warehouse: Warehouse) -> None:
    assert warehouse.query("select counts_for, on_cost, hours from stg_train") == [(202503, True, 2)]


def test_balances_are_netted_to_the_debit_side(warehouse: Warehouse) -> None:
    assert warehouse.query("select account_code, opening_net, closing_net from stg_balance order by 1") == [
        ("1002", D("5"), D("7")), ("1602", D("-3"), D("-4")), ("2302", D("-3"), D("-4")), ("2305", None, D("6")),
    ]  # fmt: skip


def test_a_mean_stock_keeps_half_a_fen(tmp_path: Path) -> None:
    # (1.00 + 1.07) / 2: rounding it to fen would go up for one account and down for another
    store = FakeStore(tmp_path)
    store.put("balance", [AT | {"account_code": "1302", "account_name": "库存物品", "direction": "debit",
                                "opening": D("1.00"), "closing": D("1.07")}])  # fmt: skip
    opened = open_warehouse(store)
    opened.ensure("H1", 202501)
    sql = "select amount from stg_metric where metric = 'stock_turnover' and side = '/of'"
    assert opened.query(sql) == [(D("1.035"),)]


def test_prices_above_the_list_are_named_with_what_they_cost(warehouse: Warehouse) -> None:
    assert warehouse.query("select charge_code, most from stg_price order by 1") == [
        ("A", D("20")),
        ("B", D("30")),
    ]
    assert warehouse.query(
        "select charge_code, unit_price, quantity, lines from month_charged order by 1, 2"
    )[1] == ("A", D("22"), D("10"), 1)
    sql = "select charge_code, reason, list_price, over from mart_price_check order by 1"
    # the price of B holds from February on; C is not on the list
    assert warehouse.query(sql) == [
        ("A", "above", D("20"), D("20")),
        ("B", "unlisted", None, None),
        ("C", "unlisted", None, None),
    ]


def test_what_is_kept_of_a_month(warehouse: Warehouse) -> None:
    sql = "select metric || side, amount from month_metric where dept_code = '0402' order by 1"
    assert warehouse.query(sql) == [
        ("visit_time", 60),
        ("visit_time/of", 1),
        ("visit_wait", 30),
        ("visit_wait/of", 1),
        ("visits", 1),
    ]


def test_lines_of_large_extracts_add_up_to_what_is_kept_of_them(warehouse: Warehouse) -> None:
    """stg_metric_large against month_metric, but for people and repeats, which are no sums of lines."""
    lines = (
        "select period, coalesce(dept_code, 'unmapped'), metric || side, sum(amount) from stg_metric_large "
        "where metric not in ('antibiotics', 'repeated_exams') group by all order by all"
    )
    kept = (
        "select period, dept_code, metric || side, amount from month_metric "
        "where dept_code <> '*' and metric not in ('antibiotics', 'repeated_exams') and amount <> 0 order by all"
    )
    found = [row for row in warehouse.query(lines) if row[3]]
    assert found == warehouse.query(kept) and {row[2] for row in found} >= {
        "visits",
        "visit_wait",
        "pay_per_head",
    }


@pytest.mark.parametrize(
    ("macro", "value"),
    [
        ("term_of(w.title_levels, '主任医师')", "senior"),
        ("term_of(w.title_levels, '主管药师（中级）')", "middle"),
        ("term_of(w.degrees, 'PhD')", "doctorate"),
        ("term_of(w.exam_kinds, 'cta')", None),  # a Latin word only as a whole
        ("term_of(w.staff_gone, '在职')", None),
        ("kind_of(w.wage_items, 'bonus')", "performance"),
        ("minutes_between(timestamp '2025-01-01 08:00', timestamp '2025-01-01 09:30:30', 1440)", D("90.5")),
        ("minutes_between(timestamp '2025-01-01 08:00', timestamp '2025-01-03 09:00', 1440)", None),
    ],
)
def test_words_and_minutes(warehouse: Warehouse, macro: str, value: Any) -> None:
    assert warehouse.query(f"select {macro} from ref_words w") == [(value,)]


def test_an_examination_depends_on_the_month_before(tmp_path: Path) -> None:
    store = fill(FakeStore(tmp_path), 202501, 202502)
    first = open_warehouse(store)
    first.ensure("H1", 202502)
    store.put("lab_exam", [AT | {"exam_id": "1", "done_at": noon(8)}])
    assert 202502 in open_warehouse(store).missing("H1")
    store.put("train", [{"period": 202502, "emp_code": "1", "course": "x", "held_on": DAY}])
    made = open_warehouse(store)
    made.ensure("H1", 202502)
    store.put("train", [{"period": 202502, "emp_code": "2", "course": "x", "held_on": DAY}])
    assert 202502 not in open_warehouse(store).missing(
        "H1"
    )  # read when asked for, so nothing is computed again
