"""Lanes: processes that compute, so that the one that answers the network never does.

Each lane is one process with one job at a time. A lane that is killed, or that works longer than a
job may, is replaced; only the job that it held is tried once more. The queue in front of the lanes
is short: who comes when it is full is told at once to come back later.
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
from anagen.web.jobs import Done, Refused

TRIES = 2


class Busy(Exception):
    """The queue is full; `seconds` says when to come back."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"busy; try again in {seconds} seconds")
        self.seconds = seconds


class TooLong(Exception):
    """A job took longer than any may."""


class LaneFault(Exception):
    """The processes that held a job died, each time that it was tried."""


@dataclass(slots=True)
class _Lane:
    executor: ProcessPoolExecutor
    pid: int


@dataclass(slots=True)
class Lanes:
    """A fixed number of computing processes and the queue before them.

    Attributes:
        count: how many processes.
        waiting: how many jobs may wait beside those that run.
        seconds: how long one job may take.
    """

    count: int
    waiting: int = 16
    seconds: float = 30.0
    _free: asyncio.Queue[_Lane] = field(default_factory=asyncio.Queue)
    _all: list[_Lane] = field(default_factory=list)
    _inside: int = 0
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
            Busy: too many wait already.
            TooLong: the job was ended for its time.
            LaneFault: its process died, twice.
        """
        if self._inside >= self.count + self.waiting:
            raise Busy(seconds=max(1, round(self._inside / self.count)))
        self._inside += 1
        try:
            for _ in range(TRIES):
                with suppress(BrokenProcessPool):
                    return await self._once(kind, payload, options)
            raise LaneFault(kind)
        finally:
            self._inside -= 1

    async def _once(self, kind: str, payload: bytes, options: Mapping[str, Any]) -> Done | Refused:
        lane = await self._free.get()
        # Who goes away in the middle must not cost a process: the job ends in its own time.
        return await asyncio.shield(asyncio.ensure_future(self._work(lane, kind, payload, options)))

    async def _work(
        self, lane: _Lane, kind: str, payload: bytes, options: Mapping[str, Any]
    ) -> Done | Refused:
        try:
            job = lane.executor.submit(jobs.run, kind, payload, dict(options))
            found = await asyncio.wait_for(asyncio.wrap_future(job), self.seconds)
        except TimeoutError:
            self._replace(lane)
            raise TooLong(kind) from None
        except BrokenProcessPool:
            self._replace(lane)
            raise
        except Exception:
            self._free.put_nowait(lane)  # a bug of ours leaves the process as it was
            raise
        self._free.put_nowait(lane)
        return found

    async def _add(self) -> None:
        lane = await _started()
        self._all.append(lane)
        self._free.put_nowait(lane)

    def _replace(self, lane: _Lane) -> None:
        _end(lane)
        self._all.remove(lane)
        task = asyncio.ensure_future(self._add())
        self._refilling.add(task)
        task.add_done_callback(self._refilling.discard)


async def _started() -> _Lane:
    executor = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    pid = await asyncio.wrap_future(executor.submit(jobs.warm))
    return _Lane(executor, pid)


def _end(lane: _Lane) -> None:
    with suppress(ProcessLookupError):
        os.kill(lane.pid, signal.SIGKILL)
    lane.executor.shutdown(wait=False, cancel_futures=True)
