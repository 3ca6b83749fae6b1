"""The HTTP server: uvicorn, made impatient with clients that dawdle."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from anagen.web.app import Settings, create_app
from anagen.web.guard import LOOPBACK

HEAD_SECONDS = 5.0
KEEP_ALIVE_SECONDS = 5
MOST_CONNECTIONS = 512


class PortTaken(Exception):
    """The address cannot be listened on."""


class Impatient(H11Protocol):
    """Closes a connection whose request line and headers do not arrive in time."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def handle_events(self) -> None:
        """Stop waiting once a request's headers are in; wait again once it is answered."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def serve_until_stopped(host: str, port: int, lanes: int, say: Callable[[str], None]) -> None:
    """Listen and serve until a signal.

    Raises:
        PortTaken: the address is in use or not ours.
    """
    listening = _listening(host, port)
    name = f"[{host}]" if ":" in host else host
    hosts = frozenset((*LOOPBACK, name))
    config = uvicorn.Config(
        create_app(Settings(lanes=lanes, hosts=hosts)),
        http=Impatient,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=3,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=16_384,
    )
    say("Warming up …")
    server = _Announcing(config, f"anagen is at http://{name}:{listening.getsockname()[1]}/", say)
    server.run(sockets=[listening])


class _Announcing(uvicorn.Server):
    """Says where it is once it answers."""

    def __init__(self, config: uvicorn.Config, text: str, say: Callable[[str], None]) -> None:
        super().__init__(config)
        self._text, self._tell = text, say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell(self._text)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(256)
    except OSError as error:
        found.close()
        reason = (error.strerror or str(error)).lower()
        raise PortTaken(f"cannot listen on {host}, port {port}: {reason}; try --port 0") from None
    return found
