"""Reads all evidence files at once, strictly, and refuses them together with every problem."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from anagen.evidence.check import Tables, problems_between
from anagen.evidence.schema import (
    CertaintyRule,
    Claim,
    Parameter,
    Rule,
    Source,
    Study,
)
from anagen.reading import Document, InputError, Problem, Table, read_document, read_table, validate
from anagen.reading.table import Rec

EDITION = "evidence-2026.11"
"""Name of the evidence edition; the release adds a fingerprint of the files themselves."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known: records by id, and the certainty rules in their order.

    Attributes:
        release: the edition and the first 12 hex digits of a SHA-256 over all data files, so that
            two results made from different data never carry the same name.
    """

    sources: Mapping[str, Source]
    claims: Mapping[str, Claim]
    studies: Mapping[str, Study]
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, Rule]
    certainty: tuple[CertaintyRule, ...]
    release: str


class _CertaintyFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    certainty: tuple[CertaintyRule, ...]


def load_evidence(folder: Path | None = None) -> Evidence:
    """The packaged evidence (read once), or that of another folder of the same layout.

    Raises:
        InputError: every problem of every file, and between files, at once.
    """
    return _packaged() if folder is None else _load(folder)


@cache
def _packaged() -> Evidence:
    return _load(Path(__file__).parent / "data")


def _load(folder: Path) -> Evidence:
    tables = _read(folder)
    if problems := list(problems_between(tables)):
        raise InputError(problems)
    return Evidence(
        sources=MappingProxyType(dict(sorted(tables.sources.records.items()))),
        claims=MappingProxyType(dict(sorted(tables.claims.records.items()))),
        studies=MappingProxyType(dict(sorted(tables.studies.records.items()))),
        parameters=MappingProxyType(dict(sorted(tables.parameters.records.items()))),
        rules=MappingProxyType(dict(tables.rules.records)),
        certainty=tables.certainty,
        release=f"{EDITION}+{_fingerprint(folder)}",
    )


def _read(folder: Path) -> Tables:
    problems: list[Problem] = []

    def table(files: list[Path], key: str, model: type[Rec]) -> Table[Rec]:
        try:
            return read_table(files, key, model)
        except InputError as error:
            problems.extend(error.problems)
            return Table({}, {})

    sources = table(_files(folder / "sources"), "sources", Source)
    claims = table([folder / "claims.yaml"], "claims", Claim)
    studies = table(_files(folder / "studies"), "studies", Study)
    parameters = table(_files(folder / "parameters"), "parameters", Parameter)
    rules = table([folder / "rules.yaml"], "rules", Rule)
    try:
        certainty_file = read_document(folder / "certainty.yaml")
        certainty = validate(certainty_file, _CertaintyFile).certainty
    except InputError as error:
        problems.extend(error.problems)
        certainty_file, certainty = Document("certainty.yaml", None), ()
    if problems:
        raise InputError(problems)
    return Tables(
        sources,
        claims,
        studies,
        parameters,
        rules,
        certainty,
        certainty_file,
        claims_file=str(folder / "claims.yaml"),
    )


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _fingerprint(folder: Path) -> str:
    """First 12 hex digits of a SHA-256 over names and bytes, in sorted order of relative paths."""
    digest = hashlib.sha256()
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.yaml")}
    for name in sorted(paths):
        content = paths[name].read_bytes()
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
