"""The checkout as a stranger finds it: no private place named, commands and links that work."""

import re
import subprocess
from pathlib import Path

import pytest

# Split, so that this file does not hold what it looks for.
HOSTS = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "deb." + "debian", "crates." + "io"]
HOST = re.compile("|".join(map(re.escape, HOSTS)))
MACHINE_PATH = re.compile(r"(?<![\w.~)])/(?:work|root|home|opt|Users|mnt)/")
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
LONGEST_FILE = 600


@pytest.fixture(scope="module")
def files(root: Path) -> list[Path]:
    """Every file that is, or would be, in the repository."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "-z",
    ]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def texts(files: list[Path]) -> dict[Path, str]:
    found = {}
    for path in files:
        try:
            found[path] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize("pattern", [HOST, MACHINE_PATH], ids=["registry host", "machine path"])
def test_no_file_names_a_private_place(files: list[Path], pattern: re.Pattern[str]) -> None:
    hits = [
        f"{path}: {match[0]}"
        for path, text in texts(files).items()
        for match in [pattern.search(text)]
        if match
    ]
    assert hits == []


def test_the_readme_shows_the_two_commands(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for target in ("plan", "test"):
        assert f"make {target}\n" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_between_the_front_pages_lead_somewhere(root: Path) -> None:
    broken = [
        f"{page.name}: {target}"
        for page in sorted(root.glob("*.md"))
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not target.startswith(("http:", "https:", "mailto:")) and not (root / target).exists()
    ]
    assert broken == []


def test_code_files_stay_short(files: list[Path]) -> None:
    long = {
        str(path): lines
        for path, text in texts(files).items()
        if path.suffix == ".py" and (lines := text.count("\n")) > LONGEST_FILE
    }
    assert long == {}


def test_every_locked_requirement_has_a_hash_and_no_address(root: Path) -> None:
    for name in ("run.txt", "dev.txt"):
        text = (root / "requirements" / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(blocks) > 10
        assert all("==" in block and "--hash=sha256:" in block for block in blocks)
        assert "://" not in text
        assert "--index" not in text


def test_the_two_locks_agree(root: Path) -> None:
    run, dev = (
        set(
            re.findall(
                r"^[a-z0-9][^\\\n]*", (root / "requirements" / name).read_text(), re.MULTILINE
            )
        )
        for name in ("run.txt", "dev.txt")
    )
    assert run <= dev
