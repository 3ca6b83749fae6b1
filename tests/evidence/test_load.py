"""The loader reads a whole folder, and refuses a broken one with file, line and a cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anagen.evidence import load_evidence
from anagen.reading import InputError, Problem

Change = Callable[[str, str, str], Path]


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as refused:
        load_evidence(folder)
    return refused.value.problems


def only_problem(folder: Path) -> Problem:
    found = problems(folder)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_right_folder_loads(folder: Path) -> None:
    evidence = load_evidence(folder)
    assert len(evidence.claims) == 34
    assert evidence.studies["olsen-2002"].rows[0].use == "fit"
    assert evidence.certainty[0].certainty == "very_low"


def test_what_was_loaded_cannot_be_changed(folder: Path) -> None:
    evidence = load_evidence(folder)
    with pytest.raises(TypeError):
        evidence.claims["C01"] = evidence.claims["C02"]  # type: ignore[index]


def test_the_packaged_evidence_is_read_once() -> None:
    assert load_evidence() is load_evidence()


def test_the_release_names_the_bytes_of_the_files(folder: Path, changed: Change) -> None:
    before = load_evidence(folder).release
    assert before == load_evidence(folder).release
    changed("claims.yaml", "Little is known.", "Little is known yet.")
    after = load_evidence(folder).release
    assert before.startswith("evidence-2026.11+")
    assert len(before.split("+")[1]) == 12
    assert after != before


def test_the_release_does_not_depend_on_where_the_folder_is(folder: Path, tmp_path: Path) -> None:
    release = load_evidence(folder).release
    moved = tmp_path.parent / f"{tmp_path.name}-moved"
    folder.rename(moved)
    assert load_evidence(moved).release == release


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("claims.yaml", "[article]", "[article, olsen-2003]", "did you mean 'olsen-2002'"),
        ("studies/minoxidil.yaml", "source: olsen-2002", "source: olsn-2002", "'olsen-2002'"),
        ("rules.yaml", "sources: [article]", "sources: [articel]", "did you mean 'article'"),
        ("rules.yaml", "claims: [C25]", "claims: [C250]", "no claim has the id 'C250'"),
        ("certainty.yaml", "[olsen-2002]", "[olsen-2001]", "no study has the id 'olsen-2001'"),
        ("certainty.yaml", "sources: [olsen-2002]", "sources: [olsn]", "no source has the id"),
        ("parameters/hair.yaml", "    learned:", "    sources: [nobody]\n    learned:", "add its"),
    ],
)
def test_a_dangling_id_is_named_with_its_place_and_a_cure(
    changed: Change, name: str, old: str, new: str, said: str
) -> None:
    folder = changed(name, old, new)
    problem = only_problem(folder)
    assert problem.file == str(folder / name)
    assert problem.line == line_of(folder / name, new.split("\n", maxsplit=1)[0].strip())
    assert said in problem.text


def test_a_claim_names_only_studies_that_exist(changed: Change) -> None:
    folder = changed("claims.yaml", "[article]", "[article]\n    studies: [olsen-2020]")
    assert "no study has the id 'olsen-2020'; did you mean" in only_problem(folder).text


def test_an_unknown_key_is_refused_with_the_nearest_known_one(changed: Change) -> None:
    folder = changed("claims.yaml", "standing:", "standin:")
    told = "\n".join(str(problem) for problem in problems(folder))
    assert f"{folder / 'claims.yaml'}:5" in told
    assert "did you mean `standing`?" in told


def test_a_duplicate_id_is_refused_with_both_places(folder: Path) -> None:
    twice = (folder / "sources/article.yaml").read_text(encoding="utf-8")
    (folder / "sources/more.yaml").write_text(twice, encoding="utf-8")
    found = problems(folder)
    assert [problem.file for problem in found] == [str(folder / "sources/more.yaml")] * 2
    assert found[0].line == 2
    assert f"first in {folder / 'sources/article.yaml'}:2" in found[0].text


def test_a_missing_claim_is_named(changed: Change) -> None:
    folder = changed("claims.yaml", "id: C07", "id: C08")
    assert any("'C08' is given twice" in problem.text for problem in problems(folder))
    path = folder / "claims.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  - id: C34")
    path.write_text(text.replace("id: C08", "id: C07", 1)[:start], encoding="utf-8")
    assert "claim C34 is missing" in only_problem(folder).text


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "rules.yaml").unlink()
    problem = only_problem(folder)
    assert (problem.file, problem.text) == (str(folder / "rules.yaml"), "no such file")


def test_every_claim_must_cite_the_article(changed: Change) -> None:
    folder = changed("claims.yaml", "sources: [article]", "sources: [olsen-2002]")
    assert "add 'article' to its sources" in only_problem(folder).text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: pregnant", "key: pregnnt", "did you mean 'pregnant'?"),
        ("components: [exosome]", "components: [exosome]\n    kind_for: {prp: caution}", "add it"),
    ],
)
def test_a_rule_speaks_of_known_answers_and_its_own_components(
    changed: Change, old: str, new: str, said: str
) -> None:
    assert said in only_problem(changed("rules.yaml", old, new)).text


def test_two_rules_on_one_answer_are_refused(folder: Path) -> None:
    path = folder / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    again = text.removeprefix("rules:\n").replace("R-pregnant", "R-again")
    path.write_text(text + again, encoding="utf-8")
    assert "has a rule already, R-pregnant" in only_problem(folder).text


def test_a_certainty_rule_names_a_known_arm(changed: Change) -> None:
    folder = changed("certainty.yaml", "arm: exosome", "arm: exosomes")
    problem = only_problem(folder)
    assert problem.line == 2
    assert "no arm is called 'exosomes'" in problem.text


def test_a_study_row_needs_a_unit_and_a_reason_never_to_be_read(changed: Change) -> None:
    folder = changed("studies/minoxidil.yaml", "unit: hairs/cm2, ", "")
    assert "unit" in only_problem(folder).place
    changed("studies/minoxidil.yaml", "firmness", "unit: hairs/cm2, firmness")
    changed("studies/minoxidil.yaml", "use: fit", "use: never")
    assert "needs a because" in only_problem(folder).text


def test_all_problems_are_told_at_once(changed: Change) -> None:
    changed("claims.yaml", "standing: weak", "standing: wrong")
    folder = changed("rules.yaml", "kind: contraindication", "kind: bad")
    assert len(problems(folder)) == 2
