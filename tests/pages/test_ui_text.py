"""Both languages say everything, with the same parameters, and pages only ask for words that exist."""

import re
from pathlib import Path

import pytest

from core.catalog import load_yaml
from pages._ui import text

ROOT = Path(__file__).parents[2]
PARAMETER = re.compile(r"\{(\w+)")
ASKED = re.compile(r"""\bt\(\s*["']([a-z_]+(?:\.[a-z_]+)+)["']""")


def test_both_languages_have_the_same_keys() -> None:
    assert set(text.words("zh")) ^ set(text.words("en")) == set()


def test_both_languages_take_the_same_parameters() -> None:
    zh, en = text.words("zh"), text.words("en")
    assert [k for k in zh if set(PARAMETER.findall(zh[k])) != set(PARAMETER.findall(en[k]))] == []


def test_every_literal_key_a_page_asks_for_has_words() -> None:
    known = text.words("zh")
    files = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    asked = {(p.name, key) for p in files for key in ASKED.findall(p.read_text(encoding="utf-8"))}
    assert asked and {pair for pair in asked if pair[1] not in known} == set()


def test_codes_that_make_keys_have_words() -> None:
    known = text.words("zh")
    wanted = [f"role.{r}" for r in ("actual", "previous", "budget", "forecast", "scenario", "target")]
    wanted += [f"rule.{r}" for r in ("beyond", "run", "trend", "near")]
    wanted += [f"filter.{c}" for c in ("budget", "previous", "last_year")]
    assert [key for key in wanted if key not in known] == []


def test_chinese_words_are_chinese() -> None:
    mixed = [k for k, v in text.words("en").items() if re.search(r"[\u4e00-\u9fff]", v)]
    assert mixed == []  # each language's name for itself is not in the other's file


@pytest.mark.parametrize("lang", text.LANGS)
def test_the_shim_carries_its_dictionary_and_the_documents_language(lang: str) -> None:
    script = text._shim(lang)
    assert ('"zh-CN"' if lang == "zh" else '"en"') in script
    assert ("下载 CSV" in script) == (lang == "zh")
    # The sanitizer drops a script in which something looks like a tag.
    assert re.findall(r"<[/\w!]", script) == ["<s", "</"]


def test_chrome_patterns_are_regular_expressions() -> None:
    patterns = load_yaml(text.FOLDER / "chrome" / "zh.yaml")["patterns"]
    said = [(re.sub(r"\$(\d)", r"\\\1", b), re.compile(a)) for a, b in patterns.items()]
    assert any(p.sub(b, "2GB per file") == "单个文件不超过 2GB " for b, p in said)


def test_a_missing_key_shows_itself_instead_of_breaking_the_page() -> None:
    assert text.t("nobody.wrote_this") == "nobody.wrote_this"
