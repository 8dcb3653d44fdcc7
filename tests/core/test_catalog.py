"""Definitions load, and a careless definition is refused with the way out."""

from itertools import pairwise
from pathlib import Path

import pytest

from core.catalog import DEFINITIONS, DefinitionError, catalog, load_catalog, load_yaml


def test_the_seven_items_four_classes_and_four_scopes_are_the_statutory_ones_in_order() -> None:
    words = catalog()
    assert [term.label.zh for term in words.terms["cost_items"]] == [
        "人员经费", "卫生材料费", "药品费", "固定资产折旧费", "无形资产摊销费", "提取医疗风险基金", "其他运行费用"
    ]  # fmt: skip
    assert [term.letter for term in words.terms["dept_classes"]] == ["A", "X", "T", "C"]
    assert [term.label.zh for term in words.terms["scopes"]] == [
        "医疗业务成本",
        "医疗成本",
        "医疗全成本",
        "医院全成本",
    ]


def test_every_extract_of_the_first_run_is_declared() -> None:
    numbers = {extract.number for extract in catalog().extracts.values()}
    assert numbers >= {"E01", "E02", "E03", "E04", "E05", "E10", "E11", "E12", "E13", "E16", "E17", "E24"}


def test_each_scope_adds_to_the_one_before_it() -> None:
    scopes = catalog().terms["scopes"]
    for smaller, larger in pairwise(scopes):
        assert set(smaller.layers) <= set(larger.layers)
        assert set(smaller.classes) <= set(larger.classes)


def test_a_duplicate_key_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("name: a\nlabel: b\nname: c\n")
    with pytest.raises(DefinitionError, match=r"line 3: key 'name' is given twice"):
        load_yaml(path)


def test_an_unknown_key_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "extracts").mkdir()
    (tmp_path / "organisation.yaml").write_text((DEFINITIONS / "organisation.yaml").read_text())
    good = (DEFINITIONS / "extracts" / "area.yaml").read_text()
    (tmp_path / "extracts" / "area.yaml").write_text(good + "\nfrequenzy: monthly\n")
    with pytest.raises(DefinitionError, match=r"frequenzy.*allowed are.*amount"):
        load_catalog(tmp_path)


def test_codes_and_words_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("code: '0101'\nanswer: no\n")
    assert load_yaml(path) == {"code": "0101", "answer": "no"}
