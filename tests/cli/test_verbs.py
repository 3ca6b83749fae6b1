"""The command line as a user meets it: real processes, exit codes, stdout and stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PERSON = str(EXAMPLES / "early-loss-tr.yaml")
TODAY = ("--today", "2026-11-22")


def anagen(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anagen.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
    )


def test_plan_prints_a_page_that_fits_80_columns_and_leads_with_the_regulator() -> None:
    done = anagen("plan", PERSON, *TODAY, "--draws", "100")
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    head = done.stdout[:1500].lower()
    assert "experimental" in head
    assert "not established" in head


def test_plan_writes_all_its_files_and_prints_none_of_them(tmp_path: Path) -> None:
    names = {kind: str(tmp_path / f"plan.{kind}") for kind in ("json", "html", "ics")}
    done = anagen(
        "plan", PERSON, *TODAY, "--draws", "100",
        "--json", names["json"], "--html", names["html"], "--ics", names["ics"],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert json.loads(Path(names["json"]).read_text())["schema_version"]
    assert Path(names["html"]).read_text().lower().startswith("<!doctype html>")
    assert Path(names["ics"]).read_text().startswith("BEGIN:VCALENDAR")


def test_json_on_stdout_is_json_only() -> None:
    done = anagen("plan", PERSON, *TODAY, "--draws", "100", "--json", "-")
    assert json.loads(done.stdout)["candidacy"]["verdict"] == "candidate"


@pytest.mark.parametrize(
    ("example", "code"),
    [
        ("early-loss-tr", 0),
        ("warfarin-us", 10),
        ("alopecia-areata-mx", 10),
        ("woman-ludwig2-gb", 11),
    ],
)
def test_check_tells_the_verdict_by_its_exit_code(example: str, code: int) -> None:
    assert anagen("check", str(EXAMPLES / f"{example}.yaml"), *TODAY).returncode == code


def test_check_not_now(tmp_path: Path) -> None:
    child = Path(PERSON).read_text().replace("age: 34", "age: 17")
    (tmp_path / "child.yaml").write_text(child)
    assert anagen("check", str(tmp_path / "child.yaml"), *TODAY).returncode == 12


@pytest.mark.parametrize("verb", ["quote", "calendar", "forecast"])
def test_every_verb_prints_and_gives_json(verb: str) -> None:
    assert anagen(verb, PERSON, *TODAY).stdout
    assert json.loads(anagen(verb, PERSON, *TODAY, "--json", "-").stdout)


def test_verbs_give_the_same_as_the_plan() -> None:
    plan = json.loads(anagen("plan", PERSON, *TODAY, "--draws", "100", "--json", "-").stdout)
    draws = ("--draws", "100", "--json", "-")
    assert json.loads(anagen("forecast", PERSON, *TODAY, *draws).stdout) == plan["forecast"]
    assert json.loads(anagen("quote", PERSON, *TODAY, "--json", "-").stdout) == plan["quote"]
    assert json.loads(anagen("calendar", PERSON, *TODAY, "--json", "-").stdout) == plan["course"]
    assert json.loads(anagen("check", PERSON, *TODAY, "--json", "-").stdout) == plan["candidacy"]


def test_calendar_as_a_file_on_stdout() -> None:
    assert anagen("calendar", PERSON, *TODAY, "--ics", "-").stdout.startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize("record", ["C09", "R-pregnant", "amini-2025", "article"])
def test_why_answers_for_any_record(record: str) -> None:
    done = anagen("why", record)
    assert done.returncode == 0, done.stderr
    assert record in done.stdout


def test_why_of_something_unknown_suggests_and_exits_2() -> None:
    done = anagen("why", "C99")
    assert done.returncode == 2
    assert "C99" in done.stderr


def test_evidence_verbs() -> None:
    assert anagen("evidence", "check").returncode == 0
    assert "C34" in anagen("evidence", "list", "claims").stdout
    assert json.loads(anagen("evidence", "list", "studies", "--json", "-").stdout)
    assert "C09" in anagen("evidence", "show", "C09").stdout


@pytest.mark.parametrize("kind", ["person", "plan", "prices"])
def test_schemas_are_json_schemas(kind: str) -> None:
    assert json.loads(anagen("schema", kind).stdout)["type"] == "object"


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", PERSON, "--today", "yesterday"),
        ("plan", PERSON, "--today", "0001-01-01"),
        ("plan", PERSON, "--draws", "99"),
        ("plan", PERSON, "--seed", "-1"),
        ("plan", PERSON, "--mode", "doctor"),
        ("plan", PERSON, "--rate", "1 USD = nan TRY on 2026-11-20"),
        ("calendar", PERSON, "--json", "-", "--ics", "-"),
        ("fly",),
    ],
)
def test_wrong_words_are_exit_2_with_one_sentence(words: tuple[str, ...]) -> None:
    done = anagen(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


BAD_FILES = {
    "empty": b"",
    "binary": b"\x00\xff\xfe",
    "utf16": "age: 34".encode("utf-16"),
    "list": b"- 1",
    "text": b"hello",
    "duplicate": b"age: 3\nage: 4",
    "bomb": b"a: &a [x]\nb: [*a, *a]",
    "tag": b"age: !!python/object/apply:os.system [ls]",
    "deep": b"[" * 5000,
    "wide": b"a: 1\n" * 300_000,
    "nan": b"age: .nan",
    "bool": b"age: true",
    "huge-number": b"age: " + b"9" * 4000,
    "two-documents": b"age: 3\n---\nage: 4",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_exit_3_and_clear_sentences(name: str, tmp_path: Path) -> None:
    path = tmp_path / "person.yaml"
    path.write_bytes(BAD_FILES[name])
    out = tmp_path / "plan.json"
    done = anagen("plan", str(path), *TODAY, "--json", str(out))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert all(line.startswith(str(path)) for line in done.stderr.splitlines())
    assert not out.exists()


def test_a_missing_file_and_a_folder_are_exit_3(tmp_path: Path) -> None:
    assert anagen("plan", str(tmp_path / "nobody.yaml")).returncode == 3
    assert anagen("plan", str(tmp_path)).returncode == 3


def test_an_output_that_cannot_be_written_is_exit_5_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = anagen(
        "plan", PERSON, *TODAY, "--draws", "100",
        "--json", str(tmp_path / "a.json"), "--html", str(tmp_path / "file" / "b.html"),
    )  # fmt: skip
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_a_full_disk_is_exit_5(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.fail("this test needs /dev/full, which every Linux has")
    done = anagen("plan", PERSON, *TODAY, "--draws", "100", "--json", str(full))
    assert done.returncode == 5, done.stderr
    assert not list(tmp_path.iterdir())


def test_a_clinics_own_prices_give_a_definite_quote() -> None:
    prices = str(EXAMPLES / "clinic-prices.yaml")
    done = anagen("quote", PERSON, *TODAY, "--prices", prices, "--json", "-")
    quote = json.loads(done.stdout)
    assert quote["definite"] is True
    assert quote["low"] == quote["high"] == quote["typical"]


def test_a_rate_is_used_only_when_given() -> None:
    with_rate = anagen(
        "quote", PERSON, *TODAY, "--rate", "1 USD = 42 TRY on 2026-11-20", "--json", "-"
    )
    local = json.loads(with_rate.stdout)["local"]
    assert local["currency"] == "TRY"
    assert json.loads(anagen("quote", PERSON, *TODAY, "--json", "-").stdout)["local"] is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("scalp_infection: no", "scalp_infection: yes"), ("country: TR", "country: ES")],
)
def test_no_verb_dates_or_prices_what_is_ruled_out(old: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "person.yaml"
    path.write_text(Path(PERSON).read_text().replace(old, new))
    for verb in ("quote", "calendar"):
        done = anagen(verb, str(path), *TODAY, "--json", "-")
        assert json.loads(done.stdout) is None
        assert "No dates and no price" in done.stderr
        assert "No dates and no price" in " ".join(anagen(verb, str(path), *TODAY).stdout.split())
    ics = anagen("calendar", str(path), *TODAY, "--ics", "-").stdout
    assert "VEVENT" not in ics
    assert "VJOURNAL" in ics


@pytest.mark.parametrize("verb", ["check", "quote", "calendar", "forecast"])
def test_every_verb_leads_with_the_regulator(verb: str) -> None:
    done = anagen(verb, PERSON, *TODAY)
    assert done.stdout.startswith("Approval in your country")
    assert "experimental" in done.stdout[:300]


@pytest.mark.parametrize("words", [("why", "C09"), ("schema", "plan"), ("--help",)])
def test_a_full_standard_output_is_exit_5_and_a_closed_one_is_no_fault(
    words: tuple[str, ...],
) -> None:
    command = [sys.executable, "-m", "anagen.cli", *words]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert "standard output" in done.stderr
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as going:
        assert going.stdout
        assert going.stderr
        going.stdout.close()
        assert going.wait() == 0
        assert going.stderr.read() == b""


def test_every_rule_that_speaks_can_be_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "person.yaml"
    path.write_text("age: 17\nsex: female\ncountry: ES\ndiagnosis: unknown\n")
    verdict = json.loads(anagen("check", str(path), *TODAY, "--json", "-").stdout)
    rules = {finding["rule"] for finding in verdict["findings"]}
    assert "R-medicines-unanswered" in rules
    listed = json.loads(anagen("evidence", "list", "rules", "--json", "-").stdout)
    assert rules <= {row["id"] for row in listed}
