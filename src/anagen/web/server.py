"""The HTTP server: uvicorn, made impatient with clients that dawdle."""

import asyncio
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from anagen.web.app import Settings, create_app
from anagen.web.guard import LOOPBACK, WIRE_HEADERS

HEAD_SECONDS = 5.0
SEND_SECONDS = 60.0
"""How long a client may take to fetch what it was sent."""
KEEP_ALIVE_SECONDS = 5
MOST_CONNECTIONS = 512


class PortTaken(Exception):
    """The address cannot be listened on."""


class Impatient(H11Protocol):
    """Closes connections that dawdle.

    A request line and headers must arrive in time, and an answer must be fetched in time. When all
    connections are taken, one that waits for its client gives way to the new one: the oldest of
    the client that holds most.
    """

    _patience: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: Any) -> None:
        """Start to wait for a request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._wait()
        if len(self.connections) > MOST_CONNECTIONS:
            self._make_room()

    def handle_events(self) -> None:
        """Stop waiting once a request's headers are in; wait again once it is answered."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
        elif self._patience is None:
            self._wait()

    def on_response_complete(self) -> None:
        """Wait for the answer to be fetched."""
        super().on_response_complete()
        if self._patience is None:
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is told so, with the headers that every answer has."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        plain = (b"content-type", b"text/plain; charset=utf-8")
        headers = [plain, (b"connection", b"close"), *WIRE_HEADERS]
        answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (answer, h11.Data(data=msg.encode("ascii")), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._stop()
        super().connection_lost(exc)

    @property
    def _waits(self) -> bool:
        """Whether it is the client's turn."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body

    def _make_room(self) -> None:
        others = [one for one in self.connections if isinstance(one, Impatient) and one._waits]
        held = Counter(one.client and one.client[0] for one in others)
        others.sort(key=lambda one: (-held[one.client and one.client[0]], one._since))
        others[0].transport.abort()  # if no other one waits, it is this one

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_SECONDS, self._close)

    def _close(self) -> None:
        self.transport.close()  # which first sends what is left
        self._patience = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def _stop(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def serve_until_stopped(
    host: str, port: int, lanes: int, names: Collection[str], say: Callable[[str], None]
) -> None:
    """Listen and serve until a signal.

    Args:
        host: address to listen on.
        port: port to listen on; 0 takes any free one.
        lanes: processes that compute.
        names: names besides the host's under which it may be asked for.
        say: where to tell what it does.

    Raises:
        PortTaken: the address is in use or not ours.
    """
    listening = _listening(host, port)
    name = f"[{host}]" if ":" in host else host
    hosts = frozenset(one.lower() for one in (*LOOPBACK, name, *names))
    config = uvicorn.Config(
        create_app(Settings(lanes=lanes, hosts=hosts)),
        http=Impatient,
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=16_384,
    )
    # uvicorn stops in order and then raises the signal again: let that be an ordinary end, which
    # gives back what the lanes took from the system.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    signal.signal(signal.SIGINT, lambda *_: sys.exit())
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
    # asyncio sends small answers at once only on sockets that name the protocol.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(256)
    except OSError as error:
        found.close()
        reason = (error.strerror or str(error)).lower()
        raise PortTaken(f"cannot listen on {host}, port {port}: {reason}; try --port 0") from None
    return found
