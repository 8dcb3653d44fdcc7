"""What was read is what was written, to the fen, or the file is refused; and halves are rounded away from zero everywhere."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.intake import bulk, convert, output, plainly, settling
from core.intake.front import _refused
from core.intake.millionths import MICRO, diffused, exactly
from core.intake.refusal import CODES, FileRefused
from core.intake.typed import Job
from core.money import round_column
from tests.core.intake.sheets_made import D, balanced, only, read, refused_of, rows_of, text_file, workbook

HEAD = ["统计年月", "科室编码", "成本项目", "金额"]
P = "202503"


def ledger(path: Path, *amounts: str) -> Path:
    return text_file(path, [HEAD, *([P, f"01{n:02}", "药品费", amount] for n, amount in enumerate(amounts))])


def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BULK_FROM", 0)


@pytest.mark.parametrize("large", [False, True])
def test_an_eighth_of_a_yuan_is_rounded_alike_in_small_and_large_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        straight(monkeypatch)
    for amount, fen in (("-0.125", "-0.13"), ("0.125", "0.13")):
        part = only(read(ledger(tmp_path / f"a{amount}.csv", amount)))
        assert [str(a) for (a,) in rows_of(part, "amount")] == [fen]
        assert str(part.amount_accepted) == fen and abs(part.rounding) == D("0.005") and balanced(part)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-(10**10), 10**10), max_size=6), max_size=4))
def test_running_sums_of_fen_are_the_rounded_running_sums_over_batches(batches: list[list[int]]) -> None:
    before, fen = 0, []
    for batch in batches:
        shares, before = diffused(np.array(batch, dtype=np.int64), before)
        fen += shares.tolist()
    flat = [Decimal(one) / MICRO for batch in batches for one in batch]
    for n in range(1, len(flat) + 1):
        assert sum(fen[:n]) == round_column([sum(flat[:n], Decimal(0))])[0]
    assert all(abs(Decimal(f) / 100 - a) < D("0.02") for f, a in zip(fen, flat, strict=True))


def test_a_sum_of_millionths_may_pass_64_bits() -> None:
    values = np.array([9 * 10**18, 9 * 10**18, 5, -1], dtype=np.int64)
    assert exactly(values, "money") == (D("18000000000000.000004"), 2)


def test_refused_rows_add_up_to_the_refused_amount(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [P, "0101", "药品费", 1],
        *(["春天", "0102", "药品费", amount] for amount in (0.125, 0.125, 2.005)),
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert [str(r["amount"]) for r in refused_of(part)] == ["0.13", "0.13", "2.00"]
    assert str(part.amount_refused) == "2.26" and str(part.amount_read) == "3.255" and balanced(part)


def test_quantities_are_accepted_as_they_are_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = ["统计年月", "受益科室编码", "分摊参数编码", "统计值"]
    path = text_file(tmp_path / "分摊参数.csv", [head, *([P, "0401", "total", "1.23456"] for _ in range(3))])
    for _ in range(2):
        part = only(read(path))
        stored = [value for (value,) in rows_of(part, "value")]
        assert stored == [D("1.2346")] * 3 and part.amount_accepted == sum(stored)
        assert part.amount_read == D("3.70368") and str(part.rounding) == "-0.00012"
        straight(monkeypatch)


def test_an_amount_no_column_holds_is_refused_without_an_amount(tmp_path: Path) -> None:
    rows = [
        ["统计年月", "科室编码", "成本项目", "金额（万元）"],
        [P, "0101", "药品费", "1000000000000"],
        [P, "0102", "药品费", 1],
    ]
    part = only(read(workbook(tmp_path / "a.xlsx", {"S": rows})))
    assert [(r["reason"], r["amount"]) for r in refused_of(part)] == [("amount_range", None)]
    assert str(part.amount_read) == "10000.00" and balanced(part)


def lose_a_fen(paths: list[Path]) -> list[Path]:
    table = pq.read_table(paths[0])
    place = table.schema.names.index("amount")
    values = [table["amount"][0].as_py() - D("0.01"), *table["amount"].to_pylist()[1:]]
    pq.write_table(
        table.set_column(place, "amount", pa.array(values, table.schema.field("amount").type)), paths[0]
    )
    return paths


def test_a_fen_lost_while_writing_refuses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ledger(tmp_path / "a.csv", "1.00", "2.50", "1.111")
    monkeypatch.setattr(convert, "write_rows", lambda *given: lose_a_fen(output.write_rows(*given)))
    with pytest.raises(FileRefused) as refusal:
        read(path)
    assert refusal.value.params == {"sheet": "", "read": "4.61", "written": "4.60"}
    issue = _refused(refusal.value, "a.csv", "H")
    assert issue.severity == "refused" and "文件“a.csv”读到的合计是 4.61，写出的合计是 4.60" in issue.text(
        "zh"
    )
    assert set(CODES["reader_sums"]) == set(refusal.value.params)


def test_a_row_or_a_fen_lost_on_the_straight_way_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight(monkeypatch)
    path = ledger(tmp_path / "a.csv", *("1.00" for _ in range(40)))
    everything = bulk._everything
    monkeypatch.setattr(bulk, "_everything", lambda *given: lose_a_fen(everything(*given)))
    with pytest.raises(FileRefused):
        read(path)
    monkeypatch.setattr(bulk, "_everything", everything)
    count = plainly.Caster._count
    monkeypatch.setattr(
        plainly.Caster, "_count", lambda self, typed, *rest: count(self, typed.slice(1), *rest)
    )
    with pytest.raises(FileRefused):
        read(path)


def test_rounding_beyond_what_rounding_can_be_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = ledger(tmp_path / "a.csv", "1.001", "2.001", "3.001", "4.001")
    assert str(only(read(path)).rounding) == "0.004"

    def by_line(job: Job) -> int:
        """Every line rounded down to the fen for itself."""
        settling.engine.run(job.connection, "update typed set amount = trunc(amount * 100) / 100 + 0.01")
        return 4

    monkeypatch.setattr(convert, "round_money", by_line)
    with pytest.raises(FileRefused):
        read(path)
