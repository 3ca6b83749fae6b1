"""The decision aid over HTTP on loopback, from a server process of its own.

A what-if is the whole result page of a person who changes the number of sessions. Fifty people
answer a question or change something every ten seconds, each beginning at a time of their own. Then
a crowd asks without a pause, to see how long an answer takes when most are refused.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

from measures import Measure, report

ANSWERS = {"age": "34", "sex": "male", "country": "TR", "diagnosis": "androgenetic_alopecia"}
SESSIONS = [3, 4, 5, 6, 7, 8]
ROUNDS = 12
PEOPLE, EVERY_S, ACTIONS = 50, 10.0, 5
CROWD, CROWD_S = 100, 15.0


def main() -> None:
    """One server: first alone with one person, then with fifty, then with a crowd."""
    with _server() as address, httpx.Client(base_url=address, timeout=60) as client:
        first_result_s = _result(client, SESSIONS[0])[0]
        page_s = median(_timed(client, "GET", "/")[0] for _ in range(ROUNDS))
        tried = [_result(client, SESSIONS[turn % len(SESSIONS)]) for turn in range(ROUNDS)]
        page = tried[-1][1].text
        print(f"fifty people for {EVERY_S * ACTIONS:.0f} s …", flush=True)
        people = asyncio.run(_people(address))
        print(f"a crowd for {CROWD_S:.0f} s …", flush=True)
        crowd = asyncio.run(_crowd(address))
        weight_kb = (len(page.encode()) + _linked_bytes(client, page)) / 1e3
        packed_kb = tried[-1][1].num_bytes_downloaded / 1e3
    if {status for status, _ in people} != {200}:
        sys.exit(f"fifty people were not all answered: {_count(people)}")
    if odd := {status for status, _ in crowd} - {200, 429, 503}:
        sys.exit(f"a crowd saw {odd}: {_count(crowd)}")
    print(f"  answers to the crowd: {_count(crowd)}")
    report(
        "web",
        [
            Measure("first_page_s", page_s, "s", target=0.1),
            Measure("first_result_s", first_result_s, "s", target=1),
            Measure("what_if_s", median(took for took, _ in tried), "s", target=0.3),
            Measure("page_weight_kb", weight_kb, "kB", target=300),
            Measure("page_packed_kb", packed_kb, "kB"),
            Measure("fifty_people_p95_s", _percentile(people, 95), "s", target=2),
            Measure("crowd_p99_s", _percentile(crowd, 99), "s"),
            Measure("crowd_answered_per_s", _answered(crowd) / CROWD_S, "1/s", better="higher"),
        ],
    )


@contextmanager
def _server() -> Iterator[str]:
    command = [str(Path(sys.executable).with_name("anagen")), "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        said = ""
        for line in process.stderr or ():
            said += line
            if found := re.search(r"http://\S+?(?=/?\s)", line):
                break
        else:
            sys.exit(f"the server did not start: {said}")
        yield found[0]
    finally:
        process.terminate()
        process.wait()


def _timed(
    client: httpx.Client, method: str, path: str, **more: object
) -> tuple[float, httpx.Response]:
    start = time.perf_counter()
    answer = client.request(method, path, **more)  # type: ignore[arg-type]
    took = time.perf_counter() - start
    answer.raise_for_status()
    return took, answer


def _result(client: httpx.Client, sessions: int) -> tuple[float, httpx.Response]:
    return _timed(client, "POST", "/result", data=_answers(sessions))


def _answers(sessions: int) -> dict[str, str]:
    return ANSWERS | {"try.sessions": str(sessions)}


def _linked_bytes(client: httpx.Client, page: str) -> int:
    """Of style sheets, scripts and pictures that the page asks for."""
    linked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    return sum(len(_timed(client, "GET", path)[1].content) for path in linked)


Answered = list[tuple[int, float]]
"""Status and seconds of each answer."""


async def _people(address: str) -> Answered:
    answers: Answered = []

    async def person(client: httpx.AsyncClient, number: int) -> None:
        await asyncio.sleep(EVERY_S * number / PEOPLE)
        for action in range(ACTIONS):
            if action % 2 == number % 2:
                data, path = _answers(SESSIONS[number % len(SESSIONS)]), "/result"
            else:
                data, path = ANSWERS | {"at": "you", "go": "next"}, "/questions"
            took = await _ask(client, path, data, answers)
            await asyncio.sleep(max(0.0, EVERY_S - took))

    async with _clients(address, PEOPLE) as client:
        await asyncio.gather(*(person(client, number) for number in range(PEOPLE)))
    return answers


async def _crowd(address: str) -> Answered:
    answers: Answered = []
    end = time.perf_counter() + CROWD_S

    async def one(client: httpx.AsyncClient, number: int) -> None:
        while time.perf_counter() < end:
            await _ask(client, "/result", _answers(SESSIONS[number % len(SESSIONS)]), answers)

    async with _clients(address, CROWD) as client:
        await asyncio.gather(*(one(client, number) for number in range(CROWD)))
    return answers


def _clients(address: str, most: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    return httpx.AsyncClient(base_url=address, timeout=60, limits=limits)


async def _ask(
    client: httpx.AsyncClient, path: str, data: dict[str, str], answers: Answered
) -> float:
    start = time.perf_counter()
    answer = await client.post(path, data=data)
    took = time.perf_counter() - start
    answers.append((answer.status_code, took))
    return took


def _percentile(answers: Answered, percent: int) -> float:
    return quantiles((took for _, took in answers), n=100)[percent - 1]


def _answered(answers: Answered) -> int:
    return sum(status == 200 for status, _ in answers)


def _count(answers: Answered) -> dict[int, int]:
    return dict(sorted(Counter(status for status, _ in answers).items()))


if __name__ == "__main__":
    main()
