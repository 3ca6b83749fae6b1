"""The JSON API: what the command line says with --json, over HTTP."""

import json
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from anagen.web.guard import Refusal
from anagen.web.jobs import Refused
from anagen.web.lanes import Busy, LaneFault, Lanes, TooLong

router = APIRouter(prefix="/api")

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LEAST_DRAWS, MOST_DRAWS = 100, 10_000
MOST_SEED = 2**63 - 1
JSON = "application/json"


class Asked(BaseModel):
    """The query of a computing request; the same words as the command line's options."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    today: date | None = Field(
        default=None,
        ge=FIRST_DAY,
        le=LAST_DAY,
        description="Plan as of this day; else the clock's.",
    )
    seed: int = Field(default=1, ge=0, le=MOST_SEED, description="Seed of every random draw.")
    draws: int = Field(
        default=1000, ge=LEAST_DRAWS, le=MOST_DRAWS, description="Draws behind each distribution."
    )
    mode: Literal["person", "clinician"] = "person"
    lang: Literal["en", "tr", "es"] = "en"

    def options(self) -> dict[str, Any]:
        """What a job takes."""
        return self.model_dump() | {"today": self.today or date.today()}


Query_ = Annotated[Asked, Query()]


@router.post("/plan", summary="The whole plan")
async def plan(request: Request, asked: Query_) -> Response:
    """The plan document of `anagen plan --json`, byte for byte."""
    return await _computed(request, "plan", asked)


@router.post("/check", summary="The verdict")
async def check(request: Request, asked: Query_) -> Response:
    """The verdict of `anagen check --json`."""
    return await _computed(request, "check", asked)


@router.post("/quote", summary="The price")
async def quote(request: Request, asked: Query_) -> Response:
    """The price of `anagen quote --json`; null where none is given."""
    return await _computed(request, "quote", asked)


@router.post("/forecast", summary="What may happen")
async def forecast(request: Request, asked: Query_) -> Response:
    """The forecast of `anagen forecast --json`."""
    return await _computed(request, "forecast", asked)


@router.get("/why/{record}", summary="Who says so")
def why(record: str) -> Response:
    """One record of the evidence, with its sources: `anagen why ID --json`."""
    from anagen.evidence import load_evidence
    from anagen.evidence.why import UnknownId
    from anagen.posterior.explained import explained
    from anagen.render.json import document_of, dump

    try:
        found = explained(load_evidence(), record)
    except UnknownId as error:
        raise Refusal(404, str(error)) from None
    return Response(dump(document_of(found)), media_type=JSON)


@router.get("/standards", summary="How the page meets the standard of decision aids")
def standards() -> Response:
    """The applicable items of IPDASi v4, each with where it is met and what proves it."""
    from anagen.render.json import dump
    from anagen.web.standards import standards_document

    return Response(dump(standards_document()), media_type=JSON)


async def _computed(request: Request, kind: str, asked: Asked) -> Response:
    body = await request.body()
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        raise_problems([("", None, "is not JSON; send the person file as JSON")])
    lanes: Lanes = request.app.state.lanes
    return Response(await answered(lanes, kind, body, asked.options()), media_type=JSON)


class Problems(Exception):
    """An input is wrong; carries every problem."""

    def __init__(self, problems: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def raise_problems(found: Any) -> None:
    """Refuse with problems given as (path, line, text).

    Raises:
        Problems: always.
    """
    raise Problems([{"path": path, "line": line, "text": text} for path, line, text in found])


async def answered(lanes: Lanes, kind: str, body: bytes, options: dict[str, Any]) -> bytes:
    """A job's answer, or the refusal that fits why there is none.

    Raises:
        Problems: the input is wrong.
        Refusal: busy, too long, or the process died.
    """
    try:
        found = await lanes.run(kind, body, options)
    except Busy as busy:
        if busy.own:
            raise Refusal(429, "Too many requests at once from one place.", busy.seconds) from None
        raise Refusal(503, "Busy: too many people ask at once.", busy.seconds) from None
    except TooLong:
        raise Refusal(503, "This took too long and was ended; ask for fewer draws.", 5) from None
    except LaneFault:
        raise Refusal(
            503, "The process that computed this was ended. Please try again.", 2
        ) from None
    if isinstance(found, Refused):
        raise_problems(found.problems)
    assert not isinstance(found, Refused)
    return found.body
