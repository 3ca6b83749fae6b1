"""The documentation tells what is true: fences run, and nothing that a user meets is left out."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from anagen.cli import faults, main
from anagen.evidence.vocabulary import HEALTH_KEYS
from anagen.person.schema import Person
from anagen.plan.model import Plan

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md")) + sorted(ROOT.glob("*.md"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FETCHED = re.compile(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]+")


def fences(language: str) -> list[tuple[Path, str]]:
    return [
        (page, text)
        for page in PAGES
        for found, text in FENCE.findall(page.read_text(encoding="utf-8"))
        if found == language
    ]


def verbs(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for part, below in command.commands.items():
            yield from verbs(below, f"{name} {part}")
    else:
        yield name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built with every warning an error."""
    folder = tmp_path_factory.mktemp("site")
    command = ["mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with the examples in it, to try the pages' words in."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_verb_is_documented(site: Path) -> None:
    text = (site / "reference" / "command-line.html").read_text(encoding="utf-8")
    for verb in verbs(main.cli, "anagen"):
        assert f">{verb}</h2>" in text


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    codes = {0, 2, 4, faults.BUG, faults.INPUT, faults.OUTPUT} | set(main.CHECK_EXIT.values())
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)} == codes
    for verdict, code in main.CHECK_EXIT.items():
        assert f"| {code} | {verdict} |" in page


def test_every_key_of_the_person_file_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "person-file.md").read_text(encoding="utf-8")
    schema = Person.model_json_schema()
    parts = [schema, *schema["$defs"].values()]
    keys = {key for part in parts for key in part.get("properties", {})} | set(HEALTH_KEYS)
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def test_every_key_of_the_plan_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "plan-document.md").read_text(encoding="utf-8")
    assert [field.name for field in fields(Plan) if f"`{field.name}`" not in page] == []


def test_every_claim_has_its_place_in_the_ledger_page(site: Path) -> None:
    text = (site / "reference" / "claims.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="(C\d\d)"', text) == [f"C{number:02d}" for number in range(1, 35)]


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    hits = {
        str(page.relative_to(site)): found
        for page in site.rglob("*.html")
        if (found := FETCHED.findall(page.read_text(encoding="utf-8")))
    }
    assert hits == {}


@pytest.mark.parametrize(
    ("page", "code"), fences("python"), ids=lambda value: getattr(value, "stem", "")
)
@pytest.mark.usefixtures("desk")
def test_python_on_a_page_runs(page: Path, code: str) -> None:
    exec(compile(code, str(page), "exec"), {"__name__": "page"})


@pytest.mark.parametrize(
    "page", sorted({page for page, _ in fences("console")}), ids=lambda p: p.stem
)
def test_commands_on_a_page_run(page: Path, desk: Path) -> None:
    lines = [
        shlex.split(line.removeprefix("$ "), comments=True)
        for found, text in fences("console")
        if found == page
        for line in text.splitlines()
        if line.startswith("$ ")
    ]
    for words in lines:
        if words[0] == "cp":
            shutil.copy(desk / words[1], desk / words[2])
        elif words[0] == "anagen":
            code = main.run(words[1:])
            allowed = set(main.CHECK_EXIT.values()) if words[1] == "check" else {0}
            assert code in allowed, words
        else:
            assert words[0] == "make", words
