"""The ledger's `used_by` and the code's `Claims:` lines say the same thing, in both directions."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import anagen
from anagen import load_evidence
from anagen.evidence.vocabulary import CLAIM_IDS

PACKAGE = Path(anagen.__file__).parent
LINE = re.compile(r"^\s*Claims: (C\d\d(?:, C\d\d)*)\.\s*$", re.MULTILINE)
SLIP = re.compile(r"^\s*claims?\b:?.*\bC\d\d\b", re.MULTILINE | re.IGNORECASE)
Place = tuple[str, ast.AST]


def places(node: ast.AST, name: str) -> Iterator[Place]:
    """Every module, class and function below `node`, with its dotted name."""
    yield name, node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from places(child, f"{name}.{child.name}")


def docstrings() -> Iterator[tuple[str, str]]:
    """The docstring of everything in the package, by dotted name."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        for name, node in places(ast.parse(path.read_text(encoding="utf-8")), module):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield name, ast.get_docstring(node) or ""


def from_code() -> set[tuple[str, str]]:
    return {
        (claim, name)
        for name, text in docstrings()
        for line in LINE.findall(text)
        for claim in line.split(", ")
    }


def from_ledger() -> set[tuple[str, str]]:
    claims = load_evidence().claims.values()
    return {(claim.id, name) for claim in claims for name in claim.used_by}


def test_what_the_ledger_names_says_so_itself() -> None:
    silent = sorted(from_ledger() - from_code())
    assert not silent, silent


def test_what_the_code_says_stands_in_the_ledger() -> None:
    unlisted = sorted(from_code() - from_ledger())
    assert not unlisted, unlisted


def test_every_claim_is_used_somewhere() -> None:
    assert {claim for claim, _ in from_code()} == set(CLAIM_IDS)


def test_names_in_the_ledgers_can_be_imported() -> None:
    evidence = load_evidence()
    names = {name for _, name in from_ledger()}
    names |= {name for parameter in evidence.parameters.values() for name in parameter.used_by}
    missing = [name for name in sorted(names) if not exists(name)]
    assert not missing, missing


def exists(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something inside one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_a_claims_line_has_the_one_form_that_is_read() -> None:
    slips = [
        f"{name}: {line.strip()}"
        for name, text in docstrings()
        for line in SLIP.findall(LINE.sub("", text))
    ]
    assert slips == []
