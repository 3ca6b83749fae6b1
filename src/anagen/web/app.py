"""The application: the guard, the API, the pages, and the lanes behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse

from anagen import __version__
from anagen.web import api, pages
from anagen.web.guard import FAULT, LOOPBACK, App, Guard, Limits, Refusal, Scope
from anagen.web.lanes import Lanes
from anagen.web.openapi import described
from anagen.wording import marked


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve.

    Attributes:
        lanes: how many processes compute.
        hosts: names under which the server may be asked for.
        limits: what one request may take.
        job_seconds: how long one computation may take.
    """

    lanes: int = 2
    hosts: frozenset[str] = frozenset(LOOPBACK)
    limits: Limits = field(default_factory=Limits)
    job_seconds: float = 30.0


def create_app(settings: Settings | None = None) -> App:
    """The whole application, guarded."""
    settings = settings or Settings()
    lanes = Lanes(settings.lanes, seconds=settings.job_seconds)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        app.state.lanes = lanes
        pages.warm()
        await lanes.start()
        yield
        await lanes.stop()

    app = FastAPI(
        title="anagen",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=living,
        redirect_slashes=False,
    )
    app.include_router(api.router)
    app.add_api_route("/health", _health, include_in_schema=True, summary="Whether it runs")
    app.include_router(pages.router)
    app.add_exception_handler(api.Problems, _problems)
    app.add_exception_handler(RequestValidationError, _wrong_query)
    app.add_exception_handler(HTTPException, _not_found)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Exception, _fault)
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    packed = GZipMiddleware(app, minimum_size=1_000, compresslevel=5)
    return Guard(packed, settings.hosts, settings.limits, refusal_page)


def _health() -> dict[str, str]:
    return {"status": "ok", "version": __version__}


def refusal_page(scope: Scope, refusal: Refusal) -> App:
    """The answer to a request that is not let in: JSON for the API, a short page for people."""
    headers = {} if refusal.retry_seconds is None else {"retry-after": str(refusal.retry_seconds)}
    if scope["path"].startswith("/api") or scope["path"] in ("/health", "/openapi.json"):
        problems = [{"path": "", "line": None, "text": refusal.text}]
        return JSONResponse({"problems": problems}, refusal.status, headers)
    return pages.error_page(scope, refusal.status, refusal.text, headers)


def _refused(request: Request, error: Exception) -> Any:
    assert isinstance(error, Refusal)
    return refusal_page(request.scope, error)


def _fault(request: Request, _: Exception) -> Any:
    """The guard says where it lies; the person is told that it is ours."""
    return refusal_page(request.scope, FAULT)


def _problems(_: Request, error: Exception) -> Response:
    assert isinstance(error, api.Problems)
    return JSONResponse({"problems": error.problems}, 422)


def _wrong_query(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    problems = [
        {"path": ".".join(map(str, one["loc"])), "line": None, "text": one["msg"]}
        for one in error.errors()
    ]
    return JSONResponse({"problems": problems}, 422)


def _not_found(request: Request, error: Exception) -> Any:
    assert isinstance(error, HTTPException)
    text = {
        404: marked("There is nothing at this address."),
        405: marked("This address does not take that method."),
    }.get(error.status_code, str(error.detail))
    answer = refusal_page(request.scope, Refusal(error.status_code, text))
    if error.headers and isinstance(answer, Response):
        answer.headers.update(error.headers)
    return answer
