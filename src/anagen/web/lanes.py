"""Lanes: processes that compute, so that the one that answers the network never does.

Each lane is one process with one job at a time. A lane that is killed, or that works longer than a
job may, is replaced; only the job that it held is tried once more. The queue in front of the lanes
is short: who comes when it is full is told at once to come back later. No client may fill it alone,
the client with the fewest jobs at work is next, and heavy jobs leave one lane to the others.
"""

import asyncio
import os
import signal
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from anagen.web import jobs
from anagen.web.guard import CLIENT
from anagen.web.jobs import Broken, Done, Refused

TRIES = 2
LIGHT_DRAWS = 1000
"""A job of more draws than this is heavy."""


class Busy(Exception):
    """There is no room; `seconds` says when to come back, `own` that this client took it all."""

    def __init__(self, seconds: int, own: bool = False) -> None:
        super().__init__(f"busy; try again in {seconds} seconds")
        self.seconds, self.own = seconds, own


class TooLong(Exception):
    """A job took longer than any may."""


class LaneFault(Exception):
    """The processes that held a job died, each time that it was tried."""


class JobFault(Exception):
    """A job has a fault of its own; the text says where in the code, and nothing of its input."""


@dataclass(frozen=True, slots=True)
class _Lane:
    executor: ProcessPoolExecutor
    pid: int


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    kind: str
    payload: bytes
    options: Mapping[str, Any]
    client: str
    turn: asyncio.Future[_Lane]

    @property
    def heavy(self) -> bool:
        return bool(self.options.get("draws", 0) > LIGHT_DRAWS)


@dataclass(slots=True)
class Lanes:
    """A fixed number of computing processes and the queue before them.

    Attributes:
        count: how many processes.
        waiting: how many jobs may wait beside those that run.
        share: how many jobs of one client may wait or run.
        seconds: how long one job may wait, and how long it may then take.
    """

    count: int
    waiting: int = 16
    share: int = 12
    seconds: float = 30.0
    _free: list[_Lane] = field(default_factory=list)
    _all: list[_Lane] = field(default_factory=list)
    _inside: list[str] = field(default_factory=list)
    _queue: list[_Job] = field(default_factory=list)
    _at_work: list[_Job] = field(default_factory=list)
    _refilling: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Start and warm every lane."""
        await asyncio.gather(*(self._add() for _ in range(self.count)))

    async def stop(self) -> None:
        """End every lane, whatever it does."""
        for task in self._refilling:
            task.cancel()
        for lane in self._all:
            _end(lane)

    async def run(self, kind: str, payload: bytes, options: Mapping[str, Any]) -> Done | Refused:
        """Compute one job in the next free lane.

        Raises:
            Busy: too many wait already, or this one waited too long.
            TooLong: the job was ended for its time.
            LaneFault: its process died, twice.
            JobFault: a fault of ours.
        """
        client = CLIENT.get()
        soon = max(1, round(len(self._inside) / self.count))
        if self._inside.count(client) >= self.share:
            raise Busy(soon, own=True)
        if len(self._inside) >= self.count + self.waiting:
            raise Busy(soon)
        # Who goes away in the middle must not cost a process: the job ends in its own time.
        return await asyncio.shield(
            asyncio.ensure_future(self._counted(client, kind, payload, options))
        )

    async def _counted(
        self, client: str, kind: str, payload: bytes, options: Mapping[str, Any]
    ) -> Done | Refused:
        self._inside.append(client)
        loop = asyncio.get_running_loop()
        try:
            for _ in range(TRIES):
                job = _Job(kind, payload, dict(options), client, loop.create_future())
                with suppress(BrokenProcessPool):
                    return await self._once(job)
            raise LaneFault(kind)
        finally:
            self._inside.remove(client)

    async def _once(self, job: _Job) -> Done | Refused:
        self._queue.append(job)
        self._hand_out()
        await asyncio.wait([job.turn], timeout=self.seconds)
        if not job.turn.done():
            self._queue.remove(job)
            raise Busy(round(self.seconds))
        try:
            return await self._work(job.turn.result(), job)
        finally:
            self._at_work.remove(job)
            self._hand_out()

    async def _work(self, lane: _Lane, job: _Job) -> Done | Refused:
        try:
            running = lane.executor.submit(jobs.run, job.kind, job.payload, job.options)
            found = await asyncio.wait_for(asyncio.wrap_future(running), self.seconds)
        except TimeoutError:
            self._replace(lane)
            raise TooLong(job.kind) from None
        except BrokenProcessPool:
            self._replace(lane)
            raise
        self._free.append(lane)
        if isinstance(found, Broken):
            raise JobFault(found.place)
        return found

    def _hand_out(self) -> None:
        """Give free lanes to those whose turn it is."""
        while self._free and (able := [job for job in self._queue if self._may(job)]):
            clients = [job.client for job in self._at_work]
            job = min(able, key=lambda one: clients.count(one.client))
            self._queue.remove(job)
            self._at_work.append(job)
            job.turn.set_result(self._free.pop())

    def _may(self, job: _Job) -> bool:
        heavy = sum(one.heavy for one in self._at_work)
        return not job.heavy or heavy < max(1, self.count - 1)

    async def _add(self) -> None:
        lane = await _started()
        self._all.append(lane)
        self._free.append(lane)
        self._hand_out()

    def _replace(self, lane: _Lane) -> None:
        _end(lane)
        self._all.remove(lane)
        task = asyncio.ensure_future(self._refill())
        self._refilling.add(task)
        task.add_done_callback(self._refilling.discard)

    async def _refill(self) -> None:
        while True:
            with suppress(BrokenProcessPool):  # killed while it started
                return await self._add()
            await asyncio.sleep(1)


async def _started() -> _Lane:
    executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    pid = await asyncio.wrap_future(executor.submit(jobs.warm))
    return _Lane(executor, pid)


def _end(lane: _Lane) -> None:
    with suppress(ProcessLookupError):
        os.kill(lane.pid, signal.SIGKILL)
    lane.executor.shutdown(wait=False, cancel_futures=True)
