"""Every key and closed answer of the person file has words, and what was typed stays as typed."""

from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from anagen.evidence.schema import SeenAs, Source
from anagen.person.schema import Person
from anagen.render import words
from anagen.render.answers import KEYS, VALUES, told, value_label
from anagen.wording import wording_of


def closed(annotation):
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    return {value for part in get_args(annotation) for value in closed(part)}


def models(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from models(field.annotation)
    for part in get_args(annotation):
        yield from models(part)


def test_every_key_and_every_closed_answer_has_words():
    fields = {name: field for one in models(Person) for name, field in one.model_fields.items()}
    assert fields.keys() <= KEYS.keys()
    assert set().union(*(closed(field.annotation) for field in fields.values())) <= VALUES.keys()


def test_every_kind_of_source_has_words():
    assert closed(Source.model_fields["kind"].annotation) == words.SOURCE_KIND.keys()
    assert closed(SeenAs) == words.SEEN_AS.keys()


def test_answers_are_told_whole_and_in_the_language():
    person = Person.parse(
        b"name: no\nage: 34\nsex: male\ncountry: TR\ndiagnosis: unknown\nmedicines: []\n"
        b"measurements: [{date: 2026-01-02, site: vertex, total_density_per_cm2: 168.5}]\n"
        b"health: {chemotherapy: no}\nwishes: {arm: exosome+prp}\n",
        "person.yaml",
    )
    pairs = told(person.model_dump(mode="json", exclude_unset=True))
    assert dict(pairs) == {
        "Name": "no", "Age": "34", "Sex": "Male", "Country": "TR", "Diagnosis": "unknown",
        "Medicines": "none", "Counts of hair 1: Date": "2026-01-02",
        "Counts of hair 1: Place on the head": "vertex",
        "Counts of hair 1: All hairs per cm²": "168.5", "Chemotherapy": "no",
        "Option": "Exosomes + PRP",
    }  # fmt: skip
    said = wording_of("tr").say
    in_turkish = {str(said(what)): said(answer) for what, answer in pairs}
    assert in_turkish["Ad"] == "no"
    assert in_turkish["Kemoterapi"] == "hayır"
    assert "168,5" in in_turkish.values()


def test_what_is_not_answered_says_so():
    assert value_label("medicines", None) == "not answered"
