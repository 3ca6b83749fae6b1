"""Nothing that the program shows in another language is English: no text lacks a translation."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from pathlib import Path

import httpx
import pytest

from anagen.cli.main import run
from anagen.person.schema import Person
from anagen.reading import InputError
from anagen.web import jobs
from anagen.web.app import create_app
from anagen.web.questions import load_flow
from anagen.wording import Wording, wording_of
from anagen.wording.wording import missing

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*-*-*.yaml"))
TODAY = date(2026, 11, 22)
OTHERS = ("tr", "es")

ANSWERS = {
    "age": "34", "sex": "male", "country": "TR", "diagnosis": "androgenetic_alopecia",
    "wishes.arm": "exosome", "health.pregnant": "no",
}  # fmt: skip
VISIT = {
    "result": {"try.sessions": "6", "try.prp": "yes", "try.country": "US", "try.route": "injection",
               "try.interval_days": "7", "try.donor_source": "plant"},
    "values": {"values.harms": "much", "values.cost": "some"},
    "sure": {"sure.sure": "no", "sure.know": "no", "sure.clear": "yes", "sure.support": "no"},
    "ask": {"notes": "…", "values.harms": "much"},
}  # fmt: skip


@pytest.fixture
def absent(monkeypatch):
    """Asks for the texts that were to be said and have no translation.

    Numbers and codes have none, and what was said already may pass by once more.
    """
    asked, said = set(), set()
    say = Wording.say

    def heard(wording, text):
        told = say(wording, text)
        said.add(told)
        return told

    monkeypatch.setattr(Wording, "say", heard)
    token = missing.set(asked)
    yield lambda: {text for text in asked - said if re.search(r"[^\W\d_]{3}", text)}
    missing.reset(token)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("mode", ["person", "clinician"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_plans_as_text_page_pdf_and_calendar(example, mode, language, absent, tmp_path):
    common = ["--today", f"{TODAY}", "--draws", "100", "--mode", mode, "--lang", language]
    files = [f"--{kind}={tmp_path / kind}" for kind in ("html", "pdf", "ics", "json")]
    assert run(["plan", str(example), *common]) == 0
    assert run(["plan", str(example), *common, *files]) == 0
    assert absent() == set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("mode", ["person", "clinician"])
@pytest.mark.parametrize("page", VISIT)
def test_pages_made_of_a_plan(page, mode, language, absent):
    person = Person.load(EXAMPLES[1], TODAY).model_dump_json(exclude_none=True).encode()
    options = {"today": TODAY, "seed": 1, "draws": 100, "mode": mode, "lang": language}
    visit = {"mode": mode, "override.R-country": "…", **VISIT[page]}
    done = jobs.run("page", person, options | {"fields": ANSWERS, "visit": visit, "page": page})
    assert isinstance(done, jobs.Done), done
    assert absent() == set()


async def _asked(language):
    transport = httpx.ASGITransport(create_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        said = {"lang": language}
        for path in ("/", "/about", "/standards", "/nothing"):
            yield await client.get(path, params=said)
        for screen in (*load_flow().screens, None):
            at = {"at": screen.id, "go": "next"} if screen else {"at": "you", "go": "check"}
            for more in ({}, {"age": "300", "measurements.0.date": "1.1.2026"}):
                yield await client.post("/questions", params=said, data=ANSWERS | at | more)
        for content in (b"", b"age: 300", b"age: [", b"\xff"):
            file = {"file": ("mine.yaml", content)}
            yield await client.post("/load", params=said, files=file)
        yield await client.post("/load", params=said)
        yield await client.post("/save", params=said, data={"age": "x"})


@pytest.mark.parametrize("language", OTHERS)
def test_pages_of_questions_and_refusals(language, absent):
    async def whole():
        return [answer async for answer in _asked(language)]

    # A browser of other tests may keep a loop running in this thread; another thread has none. What
    # `absent` listens with goes there in the context.
    with ThreadPoolExecutor(1) as apart:
        answers = apart.submit(copy_context().run, asyncio.run, whole()).result()
    assert {200, 404, 422} <= {answer.status_code for answer in answers} <= {200, 303, 404, 422}
    assert all(f'lang="{language}"' in answer.text for answer in answers)
    assert absent() == set()


WRONG = [
    b"", b"a: &b 1", b"a: *b", b"a: !!int 1", b"? [1]\n: 2", b"age: 1\nage: 2", b"- 1\n--- 2",
    b"\0", b"\xff", b"age: [", b"age: 9" + b"9" * 400, b"[" * 30 + b"]" * 30, b"[[[0]]]",
    b"x: [" + b"1," * 100_001 + b"]", b" " * 1_000_001,
    b"agee: 3", b"age: 300", b"age: -1", b"age: x", b"age: 1.5", b"sex: mail", b"country: England",
    b"country: XX", b"stage: {scale: ludwig, grade: IX}", b"name: [1]", b"health: 3",
    b"medicines: {}", b"medicines: [{name: ''}]",
    b"medicines: [" + b"{name: a}," * 101 + b"]", b"name: " + b"n" * 201,
    b"years_since_onset: .nan", b"measurements: [{date: 2026-02-30}]",
    b"measurements: [{date: 2026-11-23, total_density_per_cm2: 0}]",
    b"measurements: [{date: 2026-01-01}]", b"measurements: [{date: 1800-01-01}]",
    b"measurements: [{date: 2026-01-01, total_density_per_cm2: 9, terminal_density_per_cm2: 10}]",
    b"wishes: {arm: lasers}", b"wishes: {arm: prp+prp}", b"wishes: {arm: prp+}",
    b"wishes: {arm: none+prp}", b"wishes: {first_session: 2026-01-01}",
    b"wishes: {first_session: 2099-01-01}", b"wishes: {budget: {amount: x, currency: usd}}",
    b"wishes: {budget: {amount: 0, currency: $}}", b"wishes: {minoxidil_percent: 3}",
    b"age: 20\nsex: male\ncountry: TR\ndiagnosis: unknown\nyears_since_onset: 30",
]  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("content", WRONG, ids=lambda content: repr(content[:40]))
def test_what_is_wrong_with_a_person_file(content, language, absent):
    say = wording_of(language).say
    with pytest.raises(InputError) as refused:
        Person.parse(content, "mine.yaml", TODAY)
    for problem in refused.value.problems:
        assert say(problem.told) != problem.told
    assert absent() == set()


def test_the_command_line_says_it_in_the_language_asked_for(tmp_path, capfd):
    file = tmp_path / "mine.yaml"
    file.write_text("age: 300\nsex: male\ncountry: TR\ndiagnosis: unknown\n", encoding="utf-8")
    told = {}
    for language in ("tr", "es", "en"):
        assert run(["check", str(file), "--lang", language]) == 3
        told[language] = capfd.readouterr().err.removeprefix(str(file)).strip()
    assert told == {
        "tr": ":1: age: 300 yazılmış; en çok 110 olmalı",
        "es": ":1: age: es 300; debe ser como máximo 110",
        "en": ":1: age: is 300; it must be at most 110",
    }
    assert run(["check", str(file)]) == 3
    assert "it must be at most" in capfd.readouterr().err
