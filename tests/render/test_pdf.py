"""The plan on paper: tagged, whole, the same bytes, and safe from what a person typed."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from tests.render import sample

from anagen.person.schema import Person
from anagen.plan.build import planned
from anagen.plan.decide import Settings
from anagen.render.pdf import pdf_bytes
from anagen.wording import wording_of

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*-*.yaml"))
PEOPLE = [path for path in EXAMPLES if path.stem != "clinic-prices"]
TODAY = date(2026, 11, 22)


def read(made):
    document = pypdf.PdfReader(BytesIO(made))
    return document, [" ".join(page.extract_text().split()) for page in document.pages]


@pytest.fixture(scope="module", params=PEOPLE, ids=lambda path: path.stem)
def real(request):
    person = Person.load(request.param, TODAY)
    made = planned(person, TODAY, Settings(draws=100))
    return made.plan, pdf_bytes(made.plan, patch=made.patch())


def test_it_is_tagged_named_and_in_a_language(real):
    plan, made = real
    document, _ = read(made)
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert document.metadata.title.endswith(plan.person["name"])
    assert document.outline
    assert b"pdfuaid" in made


def test_status_stands_on_every_page_and_every_option_is_there(real):
    plan, made = real
    _, pages = read(made)
    assert all("Exosome treatment of hair is experimental" in page for page in pages)
    text = " ".join(pages)
    for arm in plan.arms:
        assert arm.label in text
    assert all(claim.id in text for claim in plan.claims)
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_every_picture_has_words(real):
    _, made = real
    document, _ = read(made)
    figures, bare = 0, 0
    for number in range(1, len(document.xref[0]) + 1):
        one = document.get_object(number)
        if isinstance(one, dict) and one.get("/S") == "/Figure":
            figures += 1
            bare += not one.get("/Alt")
    assert bare == 0
    assert figures or not real[0].forecast.available


def test_the_same_bytes_each_time(real):
    plan, made = real
    person = plan.forecast
    assert pdf_bytes(plan) == pdf_bytes(plan)
    assert len(made) < 1_000_000
    assert person is plan.forecast


@pytest.mark.parametrize("name", ["#panic()", "*bold* _x_ $1$ @a <b> \\ `c`", "Şğıİ ñ ₺ µ", "“”—"])
def test_a_name_is_only_text(name):
    plan = sample.candidate()
    made = pdf_bytes(replace(plan, person=dict(plan.person) | {"name": name}))
    document, _ = read(made)
    assert document.metadata.title == f"Hair plan for {name}"


@pytest.mark.parametrize("language", ["tr", "es"])
def test_a_translation_says_that_it_was_not_reviewed(language):
    made = pdf_bytes(sample.candidate(), wording_of(language))
    document, _ = read(made)
    assert document.trailer["/Root"]["/Lang"] == language


@pytest.mark.parametrize("make", sample.ALL, ids=lambda make: make.__name__)
def test_every_kind_of_plan_can_be_printed(make):
    assert pdf_bytes(make()).startswith(b"%PDF")
