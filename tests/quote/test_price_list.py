"""A clinic's own list: read strictly, and exact to the cent."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from anagen.quote.model import Quote
from anagen.quote.price_list import PriceList
from anagen.reading import InputError

Ask = Callable[..., Quote]
EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic-prices.yaml"
HEAD = "clinic: X\ncountry: TR\ncurrency: USD\nvalid_until: 2027-01-01\n"


def listed(*items: str, tail: str = "") -> PriceList:
    lines = "".join(f"  - {{{item}}}\n" for item in items)
    return PriceList.parse(f"{HEAD}items:\n{lines}{tail}".encode(), "list")


def test_the_example_gives_a_definite_quote(ask: Ask) -> None:
    quote = ask("exosome+prp", "TR", 4, price_list=PriceList.load(EXAMPLE))
    assert (quote.low, quote.high, quote.typical) == ("3120", "3120", "3120")
    assert (quote.definite, quote.ask_clinic, quote.currency) == (True, False, "USD")
    extras = {item.id: item for item in quote.extras}
    assert (extras["local_anaesthetic"].low, extras["consultation"].low) == ("0", "60")
    assert "2027-03-31" in quote.basis


def test_sessions_are_priced_one_by_one_where_the_course_does_not_fit(ask: Ask) -> None:
    quote = ask("exosome", "TR", 5, price_list=PriceList.load(EXAMPLE))
    assert (quote.low, quote.high) == ("3250", "3250")


@pytest.mark.parametrize("price", ["99.10", '"99.10"'])
def test_cents_are_kept_exactly(ask: Ask, price: str) -> None:
    price_list = listed(f"treatment: prp, per: session, price: {price}")
    quote = ask("prp", "TR", 3, price_list=price_list)
    assert quote.low == quote.high == quote.typical == "297.30"


def test_what_the_list_leaves_out_has_no_price_and_the_quote_is_not_definite(ask: Ask) -> None:
    price_list = listed("treatment: exosome, per: course, price: 2400")
    quote = ask("exosome+prp", "TR", 4, price_list=price_list)
    assert (quote.low, quote.definite, quote.ask_clinic, quote.typical) == (
        "2400", False, True, None,
    )  # fmt: skip
    assert [item.low for item in quote.items] == ["2400", None]
    assert "not on the clinic's list" in quote.basis


def test_a_list_without_the_treatment_is_set_aside(ask: Ask) -> None:
    price_list = listed("treatment: finasteride, per: month, price: 12")
    quote = ask("exosome", "TR", 4, price_list=price_list)
    assert (quote.low, quote.high, quote.definite) == ("1000", "3000", False)
    assert "has no price for this" in quote.basis
    assert ask("finasteride", "TR", price_list=price_list).low == "144"


def test_a_list_out_of_date_is_not_definite(ask: Ask) -> None:
    quote = ask("exosome", "TR", price_list=PriceList.load(EXAMPLE), on=date(2027, 4, 1))
    assert (quote.definite, quote.ask_clinic, quote.typical) == (False, True, None)
    assert "ended on 2027-03-31" in quote.basis


def test_a_clinic_abroad_is_named(ask: Ask) -> None:
    quote = ask("exosome", "GB", price_list=PriceList.load(EXAMPLE))
    assert "The clinic is in TR and you are in GB" in quote.basis


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("treatment: exosome, per: course", "price: is missing"),
        ("treatment: exosome, per: course, price: true", "must be an amount"),
        ("treatment: exosome, per: course, price: -1", "must be an amount"),
        ("treatment: exosome, per: course, price: .nan", "must be an amount"),
        ("treatment: exosome, per: course, price: 1.005", "at most two decimals"),
        ("treatment: exosomes, per: course, price: 1", "did you mean `exosome`"),
        ("treatment: exosome, per: week, price: 1", "allowed: course, session"),
        ("treatment: exosome, per: session, sessions: 3, price: 1", "per course"),
        ("treatment: exosome, per: course, price: 1, prize: 2", "unknown key"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(item: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        listed(item)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("list:")


def test_the_same_price_twice_is_refused() -> None:
    line = "treatment: prp, per: session, price: 1"
    with pytest.raises(InputError, match="twice"):
        listed(line, line)


def test_the_schema_can_be_printed() -> None:
    schema = PriceList.model_json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"clinic", "country", "currency", "valid_until", "items"}
