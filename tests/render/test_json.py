"""The JSON document: keys, rounding, schema, and the same bytes each time."""

import json
import math
from datetime import date
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given, strategies as st
from tests.render import sample

from anagen.forecasting.model import VisibleShares
from anagen.render.json import document_of, dump, plan_document, plan_schema, rounded

TOP_LEVEL = [
    "schema_version", "made_on", "software", "evidence_release", "posterior_release", "person",
    "assumed", "regulatory", "candidacy", "arms", "course", "quote", "forecast", "comparison",
    "harms", "questions_to_ask", "claims", "sources", "limits",
]  # fmt: skip


@pytest.mark.parametrize("make", sample.ALL)
def test_document_has_the_contract_keys_and_meets_its_schema(make):
    document = json.loads(dump(plan_document(make())))
    assert list(document) == TOP_LEVEL
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def test_schema_refuses_an_unknown_key():
    document = json.loads(dump(plan_document(sample.candidate())))
    document["course"]["medicines"][0]["from_"] = None
    assert not jsonschema.Draft202012Validator(plan_schema()).is_valid(document)


def test_mode_changes_no_byte():
    person, clinician = sample.candidate(), sample.clinician()
    assert dump(plan_document(person)) == dump(plan_document(clinician))


def test_dates_medicines_and_absent_parts():
    document = plan_document(sample.candidate())
    assert document["made_on"] == "2026-11-22"
    medicine = document["course"]["medicines"][0]
    assert medicine["from"] == "2027-01-10"
    assert "from_" not in medicine
    stopped = plan_document(sample.not_now())
    assert stopped["course"] is None
    assert stopped["quote"] is None
    assert stopped["forecast"]["available"] is False
    assert dump(stopped).endswith("}\n")


def test_every_float_has_four_significant_digits():
    def floats(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                yield from floats(item)
        elif isinstance(value, float):
            yield value

    found = list(floats(plan_document(sample.candidate())))
    assert len(found) > 1000
    assert all(number == float(f"{number:.4g}") for number in found)
    assert not any(number == 0 and math.copysign(1, number) < 0 for number in found)


@given(st.tuples(*[st.floats(0, 1)] * 3).filter(lambda parts: sum(parts) > 1e-6))
def test_shares_still_sum_to_one(parts):
    total = sum(parts)
    document = document_of(VisibleShares(*(part / total for part in parts)))
    assert sum(Decimal(str(part)) for part in document.values()) == 1
    assert all(part >= 0 for part in document.values())


@given(st.floats(-1e300, 1e300))
def test_rounding_is_idempotent_and_close(number):
    once = rounded(number)
    assert rounded(once) == once
    assert math.isclose(once, number, rel_tol=6e-4, abs_tol=1e-320)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused(number):
    with pytest.raises(ValueError, match="not a finite number"):
        document_of({"x": number})


def test_whole_numbers_money_and_dates_keep_their_form():
    value = {"n": 123456, "yes": True, "sum": Decimal("12.50"), "day": date(2026, 1, 2)}
    assert document_of(value) == {"n": 123456, "yes": True, "sum": "12.50", "day": "2026-01-02"}


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError, match="object has no JSON form"):
        document_of(object())


def test_text_stays_readable():
    assert dump({"name": "Ayşe"}) == '{\n  "name": "Ayşe"\n}\n'
