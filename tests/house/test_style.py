"""House style, checked: words live in YAML, doors stay shut, scripts stay thin, texts agree."""

import re
import subprocess
from pathlib import Path

import pytest

from core.catalog import DEFINITIONS, Label, catalog, load_yaml

ROOT = Path(__file__).resolve().parents[2]
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def tracked(*patterns: str) -> list[Path]:
    """Files git knows of (or would add), so stray scratch files do not count."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return sorted({ROOT / name for name in names if (ROOT / name).exists()})


def product_code() -> list[Path]:
    return [path for path in tracked("*.py", "*.sql") if "tests" not in path.relative_to(ROOT).parts]


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", product_code(), ids=ids)
def test_no_chinese_words_in_code(path: Path) -> None:
    found = [
        f"{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if CJK.search(line) or re.search(r"\\u(?!feff)[3-9f][0-9a-f]{3}", line)
    ]
    assert not found, "words a person reads belong in core/definitions or pages/_ui/text"


def test_only_the_agreed_names_stand_at_the_top() -> None:
    agreed = {
        "app.py", "pages", "core", "data", "tests", "requirements.txt", ".streamlit", "README.md",
        "requirements-dev.txt", "pyproject.toml", "Makefile", ".ci", ".gitignore", "static", "docs", "LICENSE",
    }  # fmt: skip
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= agreed


@pytest.mark.parametrize("path", [p for p in product_code() if p.suffix == ".py"], ids=ids)
def test_modules_stay_short(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    is_page = parts[0] == "pages" and parts[1] != "_ui"
    limit = 80 if parts == ("app.py",) else 60 if is_page else 300
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def test_no_script_is_served_around_the_entry_point() -> None:
    direct = [path.name for path in tracked("pages/*.py") if path.parent == ROOT / "pages"]
    assert direct == []


def test_core_never_imports_the_user_interface() -> None:
    pattern = re.compile(r"^\s*(?:import|from)\s+(?:streamlit|altair|pages)\b", re.M)
    assert not [
        ids(path) for path in tracked("core/*.py") if pattern.search(path.read_text(encoding="utf-8"))
    ]


def test_core_never_reads_the_clock() -> None:
    clock = re.compile(r"datetime\.now|date\.today|time\.time\(|utcnow|current_date|current_timestamp", re.I)
    sql_clock = re.compile(rf"{clock.pattern}|\bnow\(\)", re.I)
    entry = {"core/cli.py", "core/__main__.py"}
    found = [
        ids(path)
        for path in tracked("core/*.py", "core/*.sql")
        if (sql_clock if path.suffix == ".sql" else clock).search(path.read_text(encoding="utf-8"))
    ]
    assert not [name for name in found if name not in entry and not name.startswith("core/cli/")]


@pytest.mark.parametrize("path", tracked("core/sql/*.sql"), ids=ids)
def test_every_view_says_its_grain_and_is_tested(path: Path) -> None:
    assert re.search(r"^-- grain: \S", path.read_text(encoding="utf-8"), re.M)
    tests = "".join(test.read_text(encoding="utf-8") for test in tracked("tests/*.py"))
    shared = path.parent.name == "shapes"  # text that views are made of, tested as those
    assert shared or re.search(rf"\b{path.stem}\b", tests), f"no test names the view {path.stem}"


def labels(value: object, where: str) -> list[tuple[str, Label]]:
    if isinstance(value, Label):
        return [(where, value)]
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return [(where, Label(str(value["zh"]), str(value["en"])))]
        return [found for key, item in value.items() for found in labels(item, f"{where}.{key}")]
    if isinstance(value, list | tuple):
        return [found for index, item in enumerate(value) for found in labels(item, f"{where}[{index}]")]
    return []


@pytest.mark.parametrize("path", sorted(DEFINITIONS.rglob("*.yaml")), ids=ids)
def test_labels_are_written_in_both_languages(path: Path) -> None:
    for where, label in labels(load_yaml(path), path.name):
        assert label.en.strip() and label.zh.strip(), where
        assert not CJK.search(label.en), f"{where}: Chinese in the English label"


def test_aliases_of_one_extract_name_one_column_each() -> None:
    for extract in catalog().extracts.values():
        seen: dict[str, str] = {}
        for column in extract.columns:
            for alias in column.aliases:
                other = seen.setdefault(alias.lower(), column.name)
                assert other == column.name, f"{extract.name}: {alias} names {other} and {column.name}"


def test_the_project_stands_alone() -> None:
    inside = re.compile(r"\.\./shared|(?<![\w>.])/work/|\.library|farm-bench|farm-studio")
    this = Path(__file__).resolve()
    texts = [
        p
        for p in tracked()
        if p.suffix in {".py", ".md", ".sql", ".yaml", ".toml", ".txt", ".yml", ""} and p != this
    ]
    assert not [
        ids(path) for path in texts if inside.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
