"""The pages for people: the questions, the check of the answers, the result and what follows it.

Every screen is one form that holds all answers so far; nothing about a person stands in an address
or is kept here. What has to be computed is computed in a lane.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import HTMLResponse

from anagen.web import page, view
from anagen.web.answers import FieldProblem, document_of, missing_required, problems_of
from anagen.web.files import FileRefused, opened, person_file, uploaded
from anagen.web.forms import Posted, TooMuch, known_screen, leaving, read_form
from anagen.web.guard import Refusal, Scope
from anagen.web.jobs import Refused
from anagen.web.lanes import Busy, LaneFault, Lanes, TooLong
from anagen.web.questions import load_flow
from anagen.web.standards import about_context, standards_context
from anagen.web.whatif import tried
from anagen.wording import LANGUAGES, marked

router = APIRouter(include_in_schema=False)

WEB_DRAWS: Final = 200
"""Draws behind each distribution on a page: fewer than the command line's, so that it answers at
once; the page says so."""
SEED: Final = 1
WRONG: Final = 422
BUSY: Final = marked("Many people ask at once. Your answers are still here. Please try again.")
MODES: Final = ("person", "clinician")
PAGES: Final = {"result": "result", "values": "values", "sure": "sure", "ask": "ask"}

Lang = Annotated[str | None, Query(alias="lang", max_length=5)]
Accepted = Annotated[str | None, Header(alias="accept-language")]


def language_of(asked: str | None, accepted: str | None) -> str:
    """The language asked for, or the first of the browser's that we have, or English."""
    if asked is not None and asked in LANGUAGES:
        return asked
    for part in (accepted or "")[:200].split(","):
        code = part.split(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def warm() -> None:
    """Make the first page in every language once, so that nobody waits for what it loads."""
    for language in LANGUAGES:
        _first(language, Posted())


@router.get("/")
def first(lang: Lang = None, accept_language: Accepted = None) -> Response:
    """What the decision is, and where to begin."""
    return _first(language_of(lang, accept_language), Posted())


@router.post("/")
async def first_with_country(
    request: Request, lang: Lang = None, accept_language: Accepted = None
) -> Response:
    """The same with the chosen country's status."""
    return _first(language_of(lang, accept_language), await _posted(request))


@router.post("/questions")
async def questions(
    request: Request, lang: Lang = None, accept_language: Accepted = None
) -> Response:
    """The next screen, whichever button was pressed."""
    return _screen_after(language_of(lang, accept_language), await _posted(request))


@router.post("/load")
async def load(request: Request, lang: Lang = None, accept_language: Accepted = None) -> Response:
    """Go on with a saved person file."""
    language = language_of(lang, accept_language)
    try:
        name, content = await uploaded(request)
        fields = opened(name, content, date.today())
    except FileRefused as refused:
        return _first(language, Posted(), refused.problems)
    posted = Posted("check", "check", fields, {"seen": "yes"})
    missing = missing_required(fields)
    return _screen(language, posted, missing[0].screen) if missing else _check(language, posted)


@router.post("/save")
async def save(request: Request, lang: Lang = None, accept_language: Accepted = None) -> Response:
    """The answers as a person file, which the command line reads too."""
    posted = await _posted(request)
    required = {question.path for question in missing_required(posted.fields)}
    wrong = [one for one in problems_of(posted.fields, date.today()) if one.field not in required]
    if wrong:
        return _check(language_of(lang, accept_language), posted, tuple(wrong))
    return Response(
        person_file(document_of(posted.fields)),
        media_type="application/yaml",
        headers={"content-disposition": 'attachment; filename="person.yaml"'},
    )


@router.post("/result.pdf")
async def result_pdf(
    request: Request, lang: Lang = None, accept_language: Accepted = None
) -> Response:
    """The plan as a PDF."""
    language, posted = language_of(lang, accept_language), await _posted(request)
    answer = await _computed(request, "pdf", language, posted)
    if isinstance(answer, bytes):
        headers = {"content-disposition": 'attachment; filename="hair-plan.pdf"'}
        return Response(answer, media_type="application/pdf", headers=headers)
    return answer


@router.get("/standards")
def standards(lang: Lang = None, accept_language: Accepted = None) -> Response:
    """How the aid meets the standard for decision aids."""
    language = language_of(lang, accept_language)
    return HTMLResponse(page.html("standards.html", language, Posted(), **standards_context()))


@router.get("/about")
def about(lang: Lang = None, accept_language: Accepted = None) -> Response:
    """Who makes the aid, from what, and what nobody can know."""
    language = language_of(lang, accept_language)
    return HTMLResponse(page.html("about.html", language, Posted(), **about_context()))


@router.post("/{name}")
async def computed_page(
    request: Request, name: str, lang: Lang = None, accept_language: Accepted = None
) -> Response:
    """The result, and the pages that follow it."""
    if name not in PAGES:
        raise Refusal(404, "There is nothing at this address.")
    language, posted = language_of(lang, accept_language), await _posted(request)
    answer = await _computed(request, "page", language, posted, page=PAGES[name])
    return HTMLResponse(answer) if isinstance(answer, bytes) else answer


@router.get("/{name}")
def without_answers(name: str) -> Response:
    """A page of the flow asked for without its form: the flow begins at its beginning."""
    if name not in (*PAGES, "questions", "load", "save", "result.pdf"):
        raise Refusal(404, "There is nothing at this address.")
    return Response(status_code=303, headers={"location": "/"})


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One of the few files that a page loads."""
    if name not in page.STATIC:
        raise Refusal(404, "There is nothing at this address.")
    headers = {"cache-control": "public, max-age=86400"}
    return Response(page.static_file(name), media_type=page.STATIC[name][1], headers=headers)


def error_page(scope: Scope, status: int, text: str, headers: dict[str, str]) -> Response:
    """A short page that says why a request got no answer."""
    request = Request(scope)
    language = language_of(request.query_params.get("lang"), request.headers.get("accept-language"))
    shown = page.html("refused.html", language, Posted(), text=text, retry=None)
    return HTMLResponse(shown, status, headers)


async def _posted(request: Request) -> Posted:
    try:
        return read_form(await request.body())
    except TooMuch:
        raise Refusal(413, "The form holds too many fields.") from None


def _first(language: str, posted: Posted, problems: tuple[FieldProblem, ...] = ()) -> Response:
    shown = page.html(
        "first.html",
        language,
        leaving(posted, {"country", "mode"}),
        countries=view.country_names(language),
        chosen=posted.fields.get("country", ""),
        status=page.status_in(posted.fields.get("country", ""), "injection", language),
        mode=posted.visit.get("mode", "person"),
        steps=len(load_flow().screens),
        errors=_linked(problems, "#load-file"),
    )
    return HTMLResponse(shown, WRONG if problems else 200)


def _screen_after(language: str, posted: Posted) -> Response:
    """What a pressed button leads to."""
    flow, at, go = load_flow(), posted.at, posted.go
    names = [screen.id for screen in flow.screens]
    here = names.index(at) if at in names else None
    if known_screen(flow, go):
        return _screen(language, posted, go)
    if here is None:
        if go == "back":
            return _screen(language, posted, names[-1])
        on_check = "check" in (at, go)
        return _check(language, posted) if on_check else _screen(language, posted, names[0])
    if go == "back":
        return _screen(language, posted, names[here - 1]) if here else _first(language, posted)
    if go == "more":
        return _screen(language, posted, at, more=3)
    if go not in ("next", "check"):
        return _screen(language, posted, at)
    if problems := problems_of(posted.fields, date.today(), at):
        return _screen(language, posted, at, problems)
    if go == "next" and here + 1 < len(names):
        return _screen(language, posted, names[here + 1])
    return _check(language, posted)


def _screen(
    language: str,
    posted: Posted,
    name: str,
    problems: tuple[FieldProblem, ...] = (),
    more: int = 0,
) -> Response:
    flow = load_flow()
    screen = flow.screen(name)
    shown = page.html(
        "screen.html",
        language,
        leaving(posted, view.names_on(screen, posted.fields, more)),
        path="/questions",
        screen=screen,
        number=flow.number(name),
        count=len(flow.screens),
        groups=view.groups_of(screen, posted.fields, problems, more),
        countries=view.country_names(language),
        medicines=view.medicine_names() if name == "medicines" else (),
        seen=posted.visit.get("seen") == "yes",
        status=page.status_of(posted, language),
        errors=_linked(problems),
    )
    return HTMLResponse(shown, WRONG if problems else 200)


def _check(language: str, posted: Posted, problems: tuple[FieldProblem, ...] = ()) -> Response:
    flow = load_flow()
    answers = [
        (screen, view.answered(flow, screen, posted.fields, language)) for screen in flow.screens
    ]
    seen = Posted(posted.at, posted.go, posted.fields, {**posted.visit, "seen": "yes"})
    shown = page.html(
        "check.html",
        language,
        seen,
        path="/questions",
        answers=answers,
        open_count=sum(one.needed for _, told in answers for one in told),
        errors=[
            {"text": one.text, "href": f"#told-{one.screen}" if one.screen else None}
            for one in problems
        ],
    )
    return HTMLResponse(shown, WRONG if problems else 200)


async def _computed(
    request: Request, kind: str, language: str, posted: Posted, **own: Any
) -> bytes | Response:
    """What a lane makes of the answers, or the page that says why there is nothing."""
    today = date.today()
    if problems := problems_of(posted.fields, today):
        return _check(language, posted, problems)
    if posted.go == "own":
        posted = leaving(posted, {name for name in posted.visit if name.startswith("try.")})
    if posted.go in MODES:
        posted = replace(posted, visit={**posted.visit, "mode": posted.go})
    asked, wrong = tried(posted, today)
    options = {
        "today": today,
        "seed": SEED,
        "draws": WEB_DRAWS,
        "mode": "clinician" if posted.clinician else "person",
        "lang": language,
        "fields": dict(posted.fields),
        "visit": dict(posted.visit),
        "wrong": wrong,
        **own,
    }
    lanes: Lanes = request.app.state.lanes
    try:
        found = await lanes.run(kind, person_file(asked), options)
    except Busy as busy:
        return _busy(request, language, posted, busy.seconds)
    except (TooLong, LaneFault):
        return _busy(request, language, posted, 5)
    if isinstance(found, Refused):
        told = tuple(FieldProblem("", text, None) for _, _, text in found.problems)
        return _check(language, posted, told)
    return found.body


def _busy(request: Request, language: str, posted: Posted, seconds: int) -> Response:
    shown = page.html(
        "refused.html",
        language,
        posted,
        text=BUSY,
        retry=request.url.path,
        seconds=seconds,
    )
    return HTMLResponse(shown, 503, {"retry-after": str(seconds)})


def _linked(problems: tuple[FieldProblem, ...], href: str | None = None) -> list[dict[str, Any]]:
    return [
        {"text": one.text, "href": href or (f"#{view.html_id(one.field)}" if one.field else None)}
        for one in problems
    ]
