"""What stands before every request: who may ask, how much, how fast; and what every answer says.

Plain ASGI, so that it sees each byte before anything else does.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from ipaddress import ip_address
from typing import Any

from anagen.web.jobs import place_of
from anagen.wording import Phrase

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""On every answer. `same-origin` and not `no-referrer`: under that, browsers hide the origin of a
form, and a foreign one could not be told from our own."""

WIRE_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

CLIENT: ContextVar[str] = ContextVar("client", default="")
"""The address of who asks, while a request is answered."""

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = frozenset(("0.0.0.0", "[::]"))
"""Hosts that stand for every address of this machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request, and one client, may take.

    Attributes:
        body_bytes: most bytes of a body.
        body_seconds: how long a body may take to arrive.
        at_once: requests of one client that may be answered at the same time.
    """

    body_bytes: int = 262_144
    body_seconds: float = 10.0
    at_once: int = 64


class Refusal(Exception):
    """A request that is not let in."""

    def __init__(self, status: int, text: str, retry_seconds: int | None = None) -> None:
        super().__init__(text)
        self.status, self.text, self.retry_seconds = status, text, retry_seconds


FAULT = Refusal(500, "This program has a fault of its own. Nothing was kept.")


@dataclass(slots=True)
class Guard:
    """Wraps the application.

    Attributes:
        app: the application.
        hosts: names under which it may be asked for; another name is someone else's page that
            leads a browser here.
        limits: what a request may take.
        refuse: makes the answer to a refused request.
    """

    app: App
    hosts: frozenset[str]
    limits: Limits
    refuse: Callable[[Scope, Refusal], App]
    _open: Counter[str] = field(default_factory=Counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or ("",))[0]
        CLIENT.set(client)
        begun = False

        async def told(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = _with_ours(message.get("headers", ()))
            await send(message)

        try:
            headers = _headers(scope)
            self._check_host(headers)
            _check_origin(scope["method"], headers)
            body = await self._body(headers, receive)
            with self._counted(client):
                await self.app(_as_get(scope), _replayed(body, receive), told)
        except Refusal as refusal:
            if not begun:
                await self.refuse(scope, refusal)(scope, receive, told)
        except Exception as error:
            print(f"fault: {place_of(error)}", file=sys.stderr)
            if not begun:
                await self.refuse(scope, FAULT)(scope, receive, told)

    @contextmanager
    def _counted(self, client: str) -> Iterator[None]:
        """A request that has arrived in full, among those of its client."""
        if self._open[client] >= self.limits.at_once:
            raise Refusal(429, "Too many requests at once from one place.", 2)
        self._open[client] += 1
        try:
            yield
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _check_host(self, headers: dict[str, str]) -> None:
        name = headers.get("host", "").lower()
        bare = name.rsplit(":", 1)[0] if name.rsplit(":", 1)[-1].isdigit() else name
        by_address = self.hosts & EVERYWHERE and _is_address(bare)
        if bare not in self.hosts and not by_address:
            raise Refusal(421, "This server does not answer under that name.")

    async def _body(self, headers: dict[str, str], receive: Receive) -> bytes:
        """The whole body, within its limits."""
        most = self.limits.body_bytes
        told = headers.get("content-length", "0")
        if told.isdigit() and int(told) > most:
            raise Refusal(413, _too_large(most))
        parts: list[bytes] = []
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Refusal(400, "The body did not arrive in full.")
                    parts.append(message.get("body", b""))
                    if sum(map(len, parts)) > most:
                        raise Refusal(413, _too_large(most))
                    if not message.get("more_body", False):
                        return b"".join(parts)
        except TimeoutError:
            raise Refusal(408, "The body took too long to arrive.") from None


def _too_large(most: int) -> Phrase:
    return Phrase("The body is larger than {most} bytes.", most=Decimal(most))


def _check_origin(method: str, headers: dict[str, str]) -> None:
    """Refuse what another site's page sends in this person's name."""
    if method in ("GET", "HEAD", "OPTIONS"):
        return
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise Refusal(403, "Another site's page may not send this.")
    origin = headers.get("origin")
    if site is None and origin is not None and origin.split("//")[-1] != headers.get("host"):
        raise Refusal(403, "Another site's page may not send this.")


def _is_address(host: str) -> bool:
    """Whether a host is an address: no foreign name can lead to it, so it may be asked for."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _as_get(scope: Scope) -> Scope:
    """A HEAD is answered as a GET; the server leaves the body out."""
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _with_ours(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    theirs = {name.lower() for name, _ in headers}
    return [*headers, *(one for one in WIRE_HEADERS if one[0] not in theirs)]


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
