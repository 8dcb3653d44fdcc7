"""Departments: what decides is equality after a stated normalisation; likeness only proposes."""

import pytest

from core.matching import Departments, bare_code, likeness, place, rank, stem

DEPTS = [
    ["0101", "心血管内科", "clinical"],
    ["0102", "呼吸内科门诊", "clinical"],
    ["0103", "呼吸与危重症医学科", "clinical", "呼吸内科病区；肺科"],
    ["0201", "检验科", "technical"],
    ["0301", "财务科", "admin"],
    ["7", "供应室", "auxiliary"],
    ["07", "消毒供应中心", "auxiliary"],
]


@pytest.fixture
def departments() -> Departments:
    return Departments(DEPTS, aliases=[["", "心内", "0101"], ["X9", "", "0201"]])


@pytest.mark.parametrize(
    ("code", "name", "found", "how"),
    [
        ("0101", "心血管内科", "0101", "code"),
        ("0101\t", "", "0101", "code"),
        ("\u3000 0101\u00a0", "心血管内科", "0101", "code"),
        ("101", "心血管内科", "0101", "repaired"),
        ("101.0", "", "0101", "repaired"),
        ("X9", "什么科", "0201", "alias"),
        ("", "心内", "0101", "alias"),
        ("", "心血管内科", "0101", "name"),
        ("", "心 血管 内科", "0101", "name"),
        ("", "肺科", "0103", "name"),
        ("", "心血管内科（一病区）", "0101", "normalised"),
        ("", "心血管内科病区", "0101", "normalised"),
        ("", "心血管内课", "0101", "proposed"),
        ("", "宇航科", None, "unknown"),
        ("9999", "", None, "unknown"),
        ("007", "", None, "unknown"),  # both 7 and 07 could be meant
    ],
)
def test_the_ways_a_department_is_found(
    departments: Departments, code: str, name: str, found: str | None, how: str
) -> None:
    hit = departments.find(code, name)
    assert (hit.code, hit.how) == (found, how)


def test_a_code_decides_and_a_name_that_says_otherwise_is_told(departments: Departments) -> None:
    hit = departments.find("0301", "检验科")
    assert (hit.code, hit.how, hit.disagrees) == ("0301", "code", True)
    assert not departments.find("0301", "财务处科").disagrees
    assert not departments.find("0101", "心血管内科一病区").disagrees


def test_proposals_carry_their_likeness_and_alternatives(departments: Departments) -> None:
    proposed = departments.find("", "呼吸危重症医学科")
    assert (proposed.how, proposed.code) == ("proposed", "0103")
    assert proposed.alternatives[0][:2] == ("0103", "呼吸与危重症医学科") and 60 <= proposed.score < 100


def test_a_clinic_is_not_a_ward_even_if_it_is_the_only_one_of_its_name() -> None:
    departments = Departments([["0102", "呼吸内科门诊", "clinical"], ["0301", "财务科", "admin"]])
    assert departments.find("", "呼吸内科").how == "normalised"
    assert departments.find("", "呼吸内科病房").how == "proposed"


def test_normal_forms() -> None:
    assert [bare_code(text) for text in ("0101", "101.0", "101", "A01", "000", "")] == [
        "101",
        "101",
        "101",
        "a01",
        "0",
        "",
    ]
    assert stem("内科（门诊）") == stem("内科")
    assert (stem("神经外科病区"), place("神经外科病区")) == ("神经外科", "inpatient")


def test_ranking_is_by_likeness_and_never_full_marks_for_what_differs() -> None:
    hits = rank("收费时间点", {"charged_at": ["收费日期", "收费时间"], "amount": ["金额"]})
    assert hits[0][0] == "charged_at" and 70 <= hits[0][1] < 100 and hits[1][1] < 30
    assert likeness("执行科室编码", "科室名称") < 75
