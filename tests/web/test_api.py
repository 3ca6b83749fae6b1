"""The API says what the command line says, and refuses in whole sentences."""

import json
import subprocess
import sys

import jsonschema
import pytest
from tests.web.conftest import EXAMPLES

ASKED = {"today": "2026-11-23", "draws": "100", "seed": "3"}


def told(verb, *options):
    command = [sys.executable, "-m", "anagen.cli", verb, str(EXAMPLES / "early-loss-tr.yaml")]
    done = subprocess.run([*command, "--json", "-", *options], capture_output=True, check=False)
    return done.stdout


@pytest.mark.parametrize("lang", ["en", "tr"])
@pytest.mark.parametrize(
    ("verb", "names"),
    [
        ("plan", ("today", "draws", "seed")),
        ("check", ("today",)),
        ("quote", ("today",)),
        ("forecast", ("today", "draws", "seed")),
    ],
)
def test_the_same_bytes_as_the_command_line(web, early_loss, verb, names, lang):
    asked = {name: ASKED[name] for name in names} | {"lang": lang}
    answer = web.post(f"/api/{verb}", params=asked, content=early_loss)
    assert answer.status_code == 200
    options = [part for name, value in asked.items() for part in (f"--{name}", value)]
    assert answer.content == told(verb, *options)


def test_why_is_the_command_lines(web):
    done = subprocess.run(
        [sys.executable, "-m", "anagen.cli", "why", "C09", "--json", "-"],
        capture_output=True,
        check=True,
    )
    assert web.get("/api/why/C09").content == done.stdout


def test_an_unknown_record_is_404_with_words(web):
    answer = web.get("/api/why/C99")
    assert answer.status_code == 404
    assert "C99" in answer.json()["problems"][0]["text"]


def test_every_problem_at_once(web):
    answer = web.post("/api/plan", json={"age": 200, "sex": "m", "coutry": "TR"})
    assert answer.status_code == 422
    paths = {one["path"] for one in answer.json()["problems"]}
    assert {"age", "sex", "country", "coutry", "diagnosis"} <= paths


@pytest.mark.parametrize("body", [b"", b"age: 34", b"[1", b"[" * 50_000, b"\xff\xfe", b"[]", b"3"])
def test_what_is_no_person_is_422(web, body):
    answer = web.post("/api/check", content=body)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["text"]


@pytest.mark.parametrize(
    "asked",
    [{"draws": "99"}, {"draws": "1e9"}, {"seed": "-1"}, {"today": "1999-12-31"}, {"lang": "xx"},
     {"mode": "doctor"}, {"colour": "red"}],
)  # fmt: skip
def test_a_wrong_query_is_422(web, early_loss, asked):
    answer = web.post("/api/plan", params=asked, content=early_loss)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"].startswith("query.")


def test_the_description_holds_the_schemas_of_the_command_line(web, early_loss):
    made = web.get("/openapi.json").json()
    schemas = made["components"]["schemas"]
    assert {"Person", "Plan", "Problems"} <= set(schemas)
    assert {"/api/plan", "/api/check", "/api/quote", "/api/forecast", "/api/why/{record}",
            "/api/standards", "/health"} <= set(made["paths"])  # fmt: skip
    text = json.dumps({"$ref": "#/components/schemas/Plan", "components": {"schemas": schemas}})
    plan = web.post("/api/plan", params=ASKED, content=early_loss).json()
    jsonschema.validate(plan, json.loads(text))


def test_standards_have_the_shape_of_the_contract(web):
    items = web.get("/api/standards").json()["items"]
    assert len(items) == 35
    assert all(set(one) == {"id", "group", "text", "met", "where", "test"} for one in items)
    open_items = {one["id"] for one in items if not one["met"]}
    assert open_items == {"B12", "B13", "B14", "B15", "B16", "B17", "B22", "B23"}


def test_health(web):
    assert web.get("/health").json()["status"] == "ok"
