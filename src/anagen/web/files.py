"""The person file as people save and load it from a page."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import yaml
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from anagen.person.schema import Person
from anagen.reading import Document, InputError, Problem, parse_document
from anagen.web.answers import PLACEHOLDERS, FieldProblem, fields_of, plain_document
from anagen.web.questions import load_flow
from anagen.wording import marked

NO_FILE: Final = marked("Choose the file that you saved before.")
MOST_PROBLEMS: Final = 50


class FileRefused(Exception):
    """A file can't be read as a person file; carries every problem."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def person_file(document: Mapping[str, Any]) -> bytes:
    """A person file in YAML with just this document."""
    text: str = yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True, width=100)
    return text.encode()


async def uploaded(request: Request) -> tuple[str, bytes]:
    """The one file of a form, with its name.

    Raises:
        FileRefused: there is none.
    """
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if isinstance(file, UploadFile) and file.filename:
                return file.filename[:80], await file.read()
    except HTTPException:
        pass  # not a form that can be read: as good as none
    raise FileRefused((FieldProblem("", NO_FILE, None),))


def opened(name: str, content: bytes, today: date) -> dict[str, str]:
    """The fields that a saved file says; it may still lack what is required.

    Raises:
        FileRefused: it is no person file; every problem at once, as the command line tells them.
    """
    try:
        document = parse_document(content, name)
        return fields_of(plain_document(_person(document, today)))
    except InputError as error:
        told = tuple(FieldProblem("", one.told, None) for one in error.problems[:MOST_PROBLEMS])
        raise FileRefused(told) from None


def _person(document: Document, today: date) -> Person:
    """The checked person; what a later screen asks for may be missing."""
    try:
        return Person.of(document, today)
    except InputError as error:
        if not isinstance(document.value, dict) or not all(
            _is_gap(one, document.value) for one in error.problems
        ):
            raise
    return Person.model_construct(**_checked_parts(document, today))


def _is_gap(problem: Problem, value: Mapping[str, Any]) -> bool:
    required = {path for path, one in load_flow().questions.items() if one.required}
    return problem.place in required and problem.place not in value


def _checked_parts(document: Document, today: date) -> dict[str, Any]:
    """Every part that is there, checked beside stand-ins for those that are not."""
    whole = Document(document.name, PLACEHOLDERS | document.value, document.lines)
    person = Person.of(whole, today)
    return {key: getattr(person, key) for key in document.value}
