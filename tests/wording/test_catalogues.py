"""Every catalogue holds just the texts that are used, with the same places for values."""

import re

import pytest
from messages.update import LANGUAGES, catalogue_of, gathered, lacking, updated, written

from anagen.wording.wording import CATALOGUES, DOMAIN


@pytest.fixture(scope="module")
def template():
    return gathered()


def places(text):
    return sorted(set(re.findall(r"\{\w*\}", text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_that_of_the_texts(template, language):
    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    assert path.read_bytes() == written(updated(language, template)), "run: make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing(template, language):
    assert lacking(updated(language, template)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_for_values(language):
    for message in catalogue_of(language):
        if not message.id or not message.string:
            continue
        english = set(places("".join(message.id) if message.pluralizable else message.id))
        told = message.string if message.pluralizable else (message.string,)
        assert all(set(places(other)) <= english for other in told), message.id
        assert english == set(places(" ".join(told))), message.id


def test_texts_of_code_templates_and_data_are_all_gathered(template):
    for text in (
        "Nothing new",
        "In short",
        "Are you pregnant, or might you be?",
        "Bring a loose hat for the way home.",
        "Exosome treatment of hair is experimental: no product, dose or course is standard.",
    ):
        assert template.get(text) is not None, text
