"""No function, class, method or module constant is there that nothing uses.

Vulture looks; a user is the package itself, a benchmark, the documentation or a page's template.
What only a test uses is dead. Fields of records and dataclasses are left out: data and JSON read
them by name.
"""

import ast
import re
from pathlib import Path

import pytest
from vulture import Vulture
from vulture.core import Item

import anagen

CALLED_BY_NAME = [
    "__getattr__",
    "__dir__",
    "on_config",
    "on_files",
    "on_broken_pipe",
    "on_start",
    "on_end",
    "send_400_response",
    *anagen.__all__,
]
REGISTERED = [
    "@model_validator",
    "@field_validator",
    "@cli.*",
    "@evidence.*",
    "@overload",
    "@register_model",
    "@router.*",
]
ALWAYS = {"function", "method", "class", "property", "import", "unreachable_code"}


def top_level_names(path: Path) -> set[str]:
    """Names that a module assigns outside any class or function."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets += [node.target] if isinstance(node, ast.AnnAssign) else []
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def dead(folders: list[Path], templates: list[Path]) -> list[str]:
    vulture = Vulture(ignore_names=CALLED_BY_NAME, ignore_decorators=REGISTERED)
    vulture.scavenge([str(folder) for folder in folders])
    for template in templates:
        vulture.used_names |= set(re.findall(r"\w+", template.read_text(encoding="utf-8")))

    def counts(item: Item) -> bool:
        return item.typ in ALWAYS or (
            item.typ == "variable" and item.name in top_level_names(Path(item.filename))
        )

    unused = vulture.get_unused_code(min_confidence=60)
    return [f"{item.filename}:{item.first_lineno}: {item.name}" for item in unused if counts(item)]


def test_nothing_is_unused(root: Path) -> None:
    templates = list((root / "src" / "anagen").rglob("*.html"))
    found = dead([root / "src", root / "benchmarks", root / "docs"], templates)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code", ["def left_over(): ...", "LEFT_OVER = 1", "class LeftOver: ...", "import json"]
)
def test_something_unused_is_seen(tmp_path: Path, code: str) -> None:
    (tmp_path / "module.py").write_text(code)
    assert len(dead([tmp_path], [])) == 1
