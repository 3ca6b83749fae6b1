"""What is computed for a request: pure functions from a document to bytes, run in a lane.

A lane is a process of its own, so all that goes in or out is plain bytes, text and numbers.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anagen.reading import InputError

Options = Mapping[str, Any]
BODY = "request body"


@dataclass(frozen=True, slots=True)
class Done:
    """A job's answer."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A job's input is wrong: every problem, as place, line and sentence."""

    problems: tuple[tuple[str, int | None, str], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A job met a fault of ours, there."""

    place: str


def run(kind: str, payload: bytes, options: Options) -> Done | Refused | Broken:
    """Run one job.

    Args:
        kind: a name in `JOBS`.
        payload: the person as JSON in UTF-8.
        options: the query, checked: today, seed, draws, mode, lang, and a page's own.
    """
    try:
        return Done(JOBS[kind](payload, options))
    except InputError as error:
        say = _wording(options).say
        return Refused(tuple((one.place, one.line, say(one.text)) for one in error.problems))
    except Exception as error:
        # The exception stays here: not all survive the way, and its text may hold a person's.
        return Broken(place_of(error))


def place_of(error: Exception) -> str:
    """What kind of fault and where in the code, and never what was being worked on."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"


def warm() -> int:
    """Load what a first job would wait for, and answer with the number of the process."""
    import os
    import signal
    from threading import Thread

    from anagen.catalogue import load_catalogue
    from anagen.evidence import load_evidence
    from anagen.forecasting.basis import load_basis
    from anagen.posterior import current_release

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the server ends its lanes
    Thread(target=_end_with_server, daemon=True).start()
    load_catalogue()
    load_basis()
    current_release(load_evidence().parameters)
    _plan(b'{"age":34,"sex":"male","country":"TR","diagnosis":"androgenetic_alopecia"}', WARM_UP)
    return os.getpid()


def _end_with_server() -> None:
    """However the server ends: nobody else would end this process."""
    import os
    from multiprocessing import parent_process

    if server := parent_process():
        server.join()
        os._exit(0)


WARM_UP = {"today": date(2026, 11, 22), "seed": 1, "draws": 100, "mode": "person", "lang": "en"}


def _plan(payload: bytes, options: Options) -> bytes:
    from anagen.plan.build import make_plan
    from anagen.plan.decide import Settings
    from anagen.render.json import dump, plan_document

    how = Settings(options["seed"], options["draws"], options["mode"])
    made = make_plan(_person(payload, options), options["today"], how)
    return dump(plan_document(_wording(options).in_language(made))).encode()


def _check(payload: bytes, options: Options) -> bytes:
    return _dumped(_decided(payload, options).candidacy, options)


def _quote(payload: bytes, options: Options) -> bytes:
    return _dumped(_decided(payload, options).quote, options)


def _forecast(payload: bytes, options: Options) -> bytes:
    from anagen.plan import requests

    person = _person(payload, options)
    made = requests.forecast(
        person, today=options["today"], seed=options["seed"], draws=options["draws"]
    )
    return _dumped(made, options)


def _person(payload: bytes, options: Options) -> Any:
    from anagen.person.schema import Person

    return Person.parse(payload, BODY, options["today"])


def _decided(payload: bytes, options: Options) -> Any:
    from anagen.plan.decide import decide

    return decide(_person(payload, options), options["today"])


def _dumped(value: Any, options: Options) -> bytes:
    from anagen.render.json import document_of, dump

    return dump(document_of(_wording(options).in_language(value))).encode()


def _wording(options: Options) -> Any:
    from anagen.wording import wording_of

    return wording_of(options["lang"])


def _page(payload: bytes, options: Options) -> bytes:
    from anagen.web.made import result_page

    return result_page(_person(payload, options), options)


def _pdf(payload: bytes, options: Options) -> bytes:
    from anagen.web.made import result_pdf

    return result_pdf(_person(payload, options), options)


JOBS: Mapping[str, Callable[[bytes, Options], bytes]] = {
    "plan": _plan,
    "check": _check,
    "quote": _quote,
    "forecast": _forecast,
    "page": _page,
    "pdf": _pdf,
}
