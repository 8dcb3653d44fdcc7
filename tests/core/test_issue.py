"""An issue says what is wrong, where, and what to do, in both languages."""

from core.issue import Issue, _names, sentences


def test_an_issue_is_one_sentence_with_its_place() -> None:
    issue = Issue("amount_text", file="a.xlsx", sheet="3月", row=37, col="E", column="amount", value="约1万")
    assert issue.severity == "refused"
    assert issue.place() == "3月!E37"
    assert issue.text("zh") == "金额“约1万”不是数字。请改为数字后重新上传，或在导出系统中更正。"
    assert issue.text("en") == 'The amount "约1万" is not a number. Correct the cell and upload again.'


def test_an_issue_survives_json_and_a_missing_parameter_is_still_readable() -> None:
    issue = Issue("unit_found", params={"unit": "万元"}, sheet="3月")
    assert Issue.from_dict(issue.to_dict()) == issue
    assert issue.text("zh") == "金额单位为万元，已按 ? 倍换算为元。"


def test_every_sentence_names_the_same_values_in_both_languages() -> None:
    for sentence in sentences().values():
        for words in (sentence.what, sentence.do):
            assert _names(words["zh"]) == _names(words["en"]), sentence.code
        assert sentence.what["zh"] and sentence.what["en"]
        if sentence.severity == "refused":
            assert sentence.do["zh"] and sentence.do["en"], f"{sentence.code}: a refusal must say what to do"
