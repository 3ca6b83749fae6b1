"""Text that remembers its parts: plain in English, whole again after a journey, said elsewhere."""

import pickle
from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

import pytest
from hypothesis import given, strategies as st

from anagen.wording import Day, Money, Phrase, Wording, joined, listed, wording_of


class Loud(NullTranslations):
    """A language of capitals, which knows every text."""

    def gettext(self, message):
        return "".join(part if "{" in part else part.upper() for part in _parts(message))

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)


def _parts(text):
    import re

    return re.split(r"(\{\w+\})", text)


LOUD = Wording("tr", Loud())
WHEN = date(2026, 12, 7)


def test_english_is_the_text_itself():
    said = Phrase("From {low} to {high} on {day}.", low=3, high="x", day=WHEN)
    assert said == "From 3 to x on 7 December 2026."
    assert wording_of("en").say(said) == said


def test_each_part_is_said_in_the_language():
    inner = Phrase("two {what}", what=Phrase("hairs"))
    assert LOUD.say(Phrase("see {inner} of Ada", inner=inner)) == "SEE TWO HAIRS OF ADA"
    assert LOUD.say(Phrase("by {name}", name="Ada")) == "BY Ada"


def test_numbers_dates_and_money_follow_the_language():
    said = Phrase("{a} {day} {price}", a=1234.5, day=WHEN, price=Money("1000", "3000.50", "USD"))
    assert LOUD.say(said) == "1.234,5 7 Aralık 2026 1.000 TO 3.000,5 USD"
    assert Money("12000", None, "USD") == "12,000 USD"
    assert Money("12000.00", None, "USD") == "12,000 USD"


def test_counts_choose_their_form():
    assert Phrase.counted("{count} day", "{count} days", 1) == "1 day"
    assert LOUD.say(Phrase.counted("{count} day", "{count} days", 2)) == "2 DAYS"


def test_lists_and_sequences():
    assert listed(["a", "b", "c"]) == "a and b and c"
    assert LOUD.say(listed([Phrase("a"), Phrase("b")])) == "A AND B"
    assert LOUD.say(joined([Phrase("a"), "b"])) == "A B"


@pytest.mark.parametrize(
    "text",
    [Phrase("{a} of {b}", a=1, b=Phrase("x")), Phrase.counted("{count} day", "{count} days", 2),
     Money("1", "2", "EUR"), Day(WHEN), joined([Phrase("a"), "b"]), Phrase("no {braces here")],
)  # fmt: skip
def test_a_journey_between_processes_changes_nothing(text):
    again = pickle.loads(pickle.dumps(text))
    assert type(again) is type(text)
    assert again == text
    assert LOUD.say(again) == LOUD.say(text)


@given(st.text(max_size=40))
def test_what_a_person_typed_is_never_read_as_a_template(name):
    assert Phrase("For {name}.", name=name) == f"For {name}."
    assert LOUD.say(Phrase("For {name}.", name=name)) == f"FOR {name}."


@dataclass(frozen=True)
class Finding:
    rule: str
    text: str


def test_only_prose_is_said_anew():
    assert LOUD.in_language((Finding("rule", "text"),)) == (Finding("rule", "TEXT"),)
    value = (Finding("rule", "text"),)
    assert wording_of("en").in_language(value) is value


def test_an_unknown_language_is_no_language():
    with pytest.raises(KeyError):
        wording_of("xx")
