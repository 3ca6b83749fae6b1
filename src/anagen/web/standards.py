"""How the aid meets the items of IPDASi v4.0, each with where and by which test."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from anagen.reading import read_table

DATA: Final = Path(__file__).parent / "data"
TESTS: Final = "tests/web/test_standards.py"
NEEDS_PEOPLE: Final = ("B12", "B13", "B14", "B15", "B16", "B17", "B22", "B23")
"""Items that no software can meet alone."""


class Item(BaseModel):
    """One item.

    Attributes:
        where: the page and its part, or what it would take.
        test: name of the test that proves it; None where it is not met.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    group: Literal["qualifying", "certifying", "quality"]
    text: str
    met: bool
    where: str
    test: str | None

    @model_validator(mode="after")
    def _is_proven(self) -> Self:
        if self.met != (self.test is not None):
            raise ValueError("a met item names the test that proves it, and only a met one")
        if self.met and self.id in NEEDS_PEOPLE:
            raise ValueError("needs real people: software alone cannot meet it")
        return self


class Day(BaseModel):
    """One date of the aid, and why it is that one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    day: date
    why: str


@cache
def load_items() -> tuple[Item, ...]:
    """All items in their order.

    Raises:
        InputError: a record is wrong.
    """
    return tuple(read_table((DATA / "standards.yaml",), "standards", Item).records.values())


def standards_document() -> dict[str, Any]:
    """The items as `GET /api/standards` gives them."""
    return {
        "items": [
            {
                "id": item.id,
                "group": item.group,
                "text": item.text,
                "met": item.met,
                "where": item.where,
                "test": None if item.test is None else f"{TESTS}::{item.test}",
            }
            for item in load_items()
        ]
    }


def standards_context() -> dict[str, Any]:
    """What the page of standards shows: the items by group, and how many are met."""
    items = load_items()
    groups = [
        (group, [item for item in items if item.group == group])
        for group in ("qualifying", "certifying", "quality")
    ]
    return {"groups": groups, "met": sum(item.met for item in items), "count": len(items)}


def about_context() -> dict[str, Any]:
    """What the page about the aid shows."""
    from anagen.evidence import load_evidence

    evidence = load_evidence()
    days = read_table((DATA / "about.yaml",), "about", Day).records
    used = [study for study in evidence.studies.values() if study.rows]
    return {
        "days": days,
        "evidence_release": evidence.release,
        "studies": len(used),
        "sources": len(evidence.sources),
        "claims": len(evidence.claims),
    }
