"""What a person is told about money, case by case."""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from anagen.catalogue.prices import Prices
from anagen.evidence import load_evidence
from anagen.quote.model import Quote
from anagen.quote.money import parse_rate
from anagen.quote.offers import cost

Ask = Callable[..., Quote]
ARTICLE_ID = "article"
ARTICLE = {"US": (2000, 15000), "GB": (2000, 15000), "TR": (1000, 3000), "MX": (2000, 3000)}
COUNTRIES = st.sampled_from(["US", "GB", "TR", "MX", "DE", "JP", "BR"])
ARMS = st.sampled_from(["exosome", "prp", "exosome+prp", "exosome+minoxidil", "finasteride"])


def bounds(quote: Quote) -> tuple[Decimal, Decimal]:
    assert quote.low is not None
    assert quote.high is not None
    return Decimal(quote.low), Decimal(quote.high)


@pytest.mark.parametrize("country", ARTICLE)
@pytest.mark.parametrize("sessions", [3, 4, 5])
def test_three_to_five_sessions_cost_what_the_article_says(
    ask: Ask, country: str, sessions: int
) -> None:
    quote = ask("exosome", country, sessions)
    assert bounds(quote) == ARTICLE[country]
    assert (quote.currency, quote.ask_clinic, quote.typical) == ("USD", True, None)
    assert quote.sources[0] == "article"
    assert set(quote.claims) == {"C03", "C20", "C21", "C34"}


def test_outside_three_to_five_the_range_is_scaled_from_the_nearest_edge(ask: Ask) -> None:
    assert bounds(ask("exosome", "TR", 10)) == (2000, 6000)
    assert bounds(ask("exosome", "TR", 1)) == (330, 1000)
    assert "times 10/5" in ask("exosome", "TR", 10).basis


def test_a_country_without_a_price_gets_the_articles_world_range(ask: Ask) -> None:
    quote = ask("exosome", "JP")
    assert bounds(quote) == (2000, 15000)
    assert quote.ask_clinic
    assert "No price for your country was found." in quote.basis


def test_the_articles_contradictions_are_shown_side_by_side(ask: Ask) -> None:
    texts = {conflict.id: conflict.text for conflict in ask("exosome", "TR").conflicts}
    assert "3,000 to 15,000" in texts["article-two-floors"]
    assert "2,000 to 15,000" in texts["article-two-floors"]
    assert "9,000" in texts["article-typical"]
    assert "1,000" in texts["article-turkiye-floor"]
    assert "article-turkiye-floor" not in {c.id for c in ask("exosome", "US").conflicts}


def test_an_offer_that_disagrees_is_shown_and_never_widens_the_range(ask: Ask) -> None:
    quote = ask("exosome", "US", 4)
    assert bounds(quote) == (2000, 15000)
    shown = next(c for c in quote.conflicts if c.id == "offer-us-exosome-hairrestorationtour")
    assert "12,000 to 40,000 USD" in shown.text
    assert "2,000 to 15,000 USD" in shown.text
    assert shown.sources == ("hairrestorationtour-exosome",)


def test_currencies_are_never_mixed_without_a_rate(ask: Ask) -> None:
    apart = ask("exosome+prp", "GB", 3)
    assert bounds(apart) == (2000, 15000)
    assert [item.in_total for item in apart.items] == [True, False]
    assert "Not in the total: PRP" in apart.basis
    assert apart.local is None
    together = ask("exosome+prp", "GB", 3, rate=parse_rate("1 GBP = 1.25 USD on 2026-11-20"))
    assert all(item.in_total for item in together.items)
    assert bounds(together) == (3200, 19000)  # 2,000 + 1,250 and 15,000 + 3,750, outwards
    assert together.local is not None
    assert together.local.currency == "GBP"


def test_a_price_that_nobody_can_check_is_the_last_resort_and_says_so(ask: Ask) -> None:
    quote = ask("prp", "TR")
    assert (quote.low, quote.high, quote.currency) == ("14000", "14000", "TRY")
    assert quote.ask_clinic
    assert "nothing better was found" in quote.basis


def test_no_price_at_all_is_no_price(ask: Ask) -> None:
    quote = ask("prp", "JP")
    assert (quote.low, quote.high, quote.currency, quote.ask_clinic) == (None, None, None, True)


def test_doing_nothing_new_costs_nothing(ask: Ask) -> None:
    quote = ask("none", "TR", budget=("100", "EUR"))
    assert (quote.low, quote.high, quote.sessions) == ("0", "0", 0)
    assert (quote.ask_clinic, quote.within_budget) == (False, "yes")


def test_medicines_are_priced_for_a_year_and_have_no_sessions(ask: Ask) -> None:
    quote = ask("finasteride", "US")
    assert bounds(quote) == (360, 1200)
    assert quote.sessions == 0
    assert "C20" not in quote.claims


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (None, None),
        (("3000", "USD"), "yes"),
        (("2500", "USD"), "depends"),
        (("999", "USD"), "no"),
        (("2500", "EUR"), "unknown"),
    ],
)
def test_the_budget_is_compared_in_its_own_currency_only(
    ask: Ask, budget: tuple[str, str] | None, expected: str | None
) -> None:
    assert ask("exosome", "TR", budget=budget).within_budget == expected


def test_a_budget_in_another_currency_needs_a_rate_and_a_whole_total(ask: Ask) -> None:
    rate = parse_rate("1 USD = 40 TRY on 2026-11-20")
    assert ask("exosome", "TR", budget=("120000", "TRY"), rate=rate).within_budget == "yes"
    assert ask("exosome", "TR", budget=("39000", "TRY"), rate=rate).within_budget == "no"
    assert ask("exosome+prp", "TR", budget=("9000", "USD")).within_budget == "unknown"
    assert ask("exosome+prp", "TR", budget=("900", "USD")).within_budget == "no"


def test_insurance_does_not_pay_for_exosomes(ask: Ask) -> None:
    insurance = ask("exosome", "US").insurance
    assert insurance.covered is False
    assert insurance.claims == ("C21",)
    assert ask("finasteride", "US").insurance.covered is None


def test_unknown_extras_stay_without_a_price_and_a_touch_up_has_a_range(ask: Ask) -> None:
    extras = {item.id: item for item in ask("exosome+prp", "TR").extras}
    assert (extras["touch_up"].low, extras["touch_up"].high) == ("200", "1000")
    assert {"consultation", "blood_test", "local_anaesthetic", "travel", "tax"} <= set(extras)
    assert all(item.low is None for name, item in extras.items() if name != "touch_up")
    assert not any(item.in_total for item in extras.values())
    assert "microneedling" not in extras


@given(ARMS, COUNTRIES, st.integers(1, 24))
def test_low_is_never_above_high(ask: Ask, arm: str, country: str, sessions: int) -> None:
    quote = ask(arm, country, sessions)
    if quote.low is None:
        assert quote.high is None
        assert quote.ask_clinic
        return
    low, high = bounds(quote)
    assert 0 <= low <= high
    assert all(re.fullmatch(r"[1-9]\d?0*(\.\d+)?|0\.0*\d{1,2}", x) for x in (quote.low, quote.high))


@given(ARMS, COUNTRIES)
def test_more_sessions_never_cost_less(ask: Ask, arm: str, country: str) -> None:
    quotes = [ask(arm, country, sessions) for sessions in range(1, 25)]
    for fewer, more in pairwise(quote for quote in quotes if quote.low is not None):
        assert all(a <= b for a, b in zip(bounds(fewer), bounds(more), strict=True))


@given(COUNTRIES, st.integers(3, 5))
def test_a_quote_never_leaves_the_articles_range(ask: Ask, country: str, sessions: int) -> None:
    low, high = bounds(ask("exosome", country, sessions))
    stated = ARTICLE.get(country, (2000, 15000))
    assert stated[0] <= low <= high <= stated[1]


def test_no_treatment_has_enough_usable_offers_for_a_typical_price(prices: Prices) -> None:
    usable: dict[tuple[str, str], int] = {}
    for offer in prices.offers.values():
        if offer.quality == "usable" and offer.role == "range":
            key = (offer.country, offer.treatment)
            usable[key] = usable.get(key, 0) + 1
    assert max(usable.values(), default=0) < 3


def test_every_offer_in_use_has_a_page_that_a_reader_can_open(prices: Prices) -> None:
    sources = load_evidence().sources
    for offer in prices.offers.values():
        for name in offer.sources:
            if offer.role in ("range", "compare") and name != ARTICLE_ID:
                assert sources[name].url, offer.id


def test_scaling_is_exact_where_the_result_has_few_digits(prices: Prices) -> None:
    offer = prices.offers["article-exosome-tr"]
    assert cost(offer, 3) == cost(offer, 5)
    assert (cost(offer, 1).high, cost(offer, 6).low) == (1000, 1200)
