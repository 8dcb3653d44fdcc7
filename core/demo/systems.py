"""What the demo's systems export beside its money: the columns of each extract (as core/demo/truth.py reads them) and its
rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.demo import accounts, roster, samples

SYSTEMS: dict[str, tuple[str, Callable[[], Iterator[tuple]]]] = {
    "employee": (
        "period:period emp_code dept_code dept_name category title degree nurse_level post flag:is_cross_trained state",
        roster.roster_rows,
    ),
    "payroll": ("period:period emp_code dept_code dept_name category wage_item fen:amount", roster.payroll_rows),
    "train": ("period:period emp_code dept_code dept_name course topic date:held_on quantity:hours", roster.training_rows),
    "balance": (
        "period:period account_code account_name direction fen:opening fen:debit fen:credit fen:closing",
        accounts.balance_rows,
    ),
    "price": (
        "charge_code charge_name charge_unit quantity:price quantity:ceiling content quantity:day_limit sex_limit "
        "flag:separate date:valid_from",
        samples.price_rows,
    ),
    "visit": (
        "period:period visit_id patient_id dept_code dept_name doctor_code visit_kind flag:booked time:arrived_at "
        "time:seen_at time:left_at fen:amount",
        samples.visit_rows,
    ),
    "order": (
        "period:period order_id patient_id dept_code dept_name doctor_code term item_name time:ordered_at time:planned_at "
        "time:executed_at nurse_code",
        samples.order_rows,
    ),
    "lab_exam": (
        "period:period exam_id patient_id order_code order_name exec_code exec_name item_name device time:received_at "
        "time:done_at time:reported_at",
        samples.test_rows,
    ),
}  # fmt: skip
