"""The API by its own description: whatever it is sent, no answer is a fault of ours.

The answers' schemas, statuses and types are checked too. Requests come one by one, so nothing is
ever busy, and a 503 counts as a fault here as well.
"""

import time
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ALL = {
    ("GET", "/health"),
    ("GET", "/api/standards"),
    ("GET", "/api/why/{record}"),
    *(("POST", f"/api/{verb}") for verb in ("plan", "check", "quote", "forecast")),
}
COUNTRIES = ("TR", "US", "DE", "ES", "BR")
FEW_DRAWS = 150
IDS = ["\x00", "C09\n", "😀", "\u202e", "%", "{}", "../../etc/passwd", "-" * 4000, "C" * 9000]


@pytest.fixture(scope="module")
def described(server):
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


def test_every_address_is_fuzzed(described):
    found = {(one.ok().method.upper(), one.ok().path) for one in described.get_all_operations()}
    assert found == ALL


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), sorted(ALL))
def test_nothing_that_is_sent_finds_a_fault(described, method, path, mode):
    if mode is GenerationMode.NEGATIVE and method == "GET":
        return  # any text may be asked for, so nothing wrong can be sent
    statuses = set()
    until = time.monotonic() + 20

    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def send(case):
        if time.monotonic() < until:
            statuses.add(answer_to(case).status_code)

    send()
    assert statuses
    if mode is GenerationMode.POSITIVE:
        assert 200 in statuses or path == "/api/why/{record}"


def answer_to(case):
    """Send it, with a country that exists and few draws where it is valid, to reach further in."""
    if case.meta.generation.mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
        case.body["country"] = COUNTRIES[len(case.body) % len(COUNTRIES)]
        case.query = {**(case.query or {}), "draws": FEW_DRAWS}
    return case.call_and_validate(checks=CHECKS, timeout=40)


@pytest.mark.parametrize("record", IDS)
def test_no_id_finds_a_fault(web, record):
    assert web.get("/api/why/" + quote(record, safe="")).status_code in (200, 404)
