"""Whose rule holds where, and that silence never reads as a yes."""

from datetime import date

import pytest
from pydantic import ValidationError

from anagen.catalogue import Catalogue
from anagen.catalogue.regulators import regulatory_status
from anagen.catalogue.schema import Ruling

TREATMENTS = ("exosome", "prp", "minoxidil", "finasteride")


@pytest.mark.parametrize("route", ["injection", "microneedling"])
def test_spain_precedes_the_union_and_forbids_injection(catalogue: Catalogue, route: str) -> None:
    assert regulatory_status(catalogue, "ES", "exosome", route).status == "prohibited"
    assert regulatory_status(catalogue, "ES", "exosome", "topical").status == "restricted"
    assert regulatory_status(catalogue, "ES", "exosome").status == "restricted"


def test_what_spain_does_not_rule_on_falls_to_the_union(catalogue: Catalogue) -> None:
    spain = regulatory_status(catalogue, "ES", "finasteride", "injection")
    assert spain == regulatory_status(catalogue, "FR", "finasteride", "injection")


@pytest.mark.parametrize("country", ["FR", "DE", "IE", "NO", "IS", "LI"])
def test_members_of_the_union_and_of_the_area_have_its_ruling(
    catalogue: Catalogue, country: str
) -> None:
    ruling = regulatory_status(catalogue, country, "exosome", "injection")
    assert ruling.status == "not_approved"
    assert ruling == regulatory_status(catalogue, "EU", "exosome", "injection")


@pytest.mark.parametrize("country", ["CH", "GB"])
def test_the_union_does_not_reach_its_neighbours(catalogue: Catalogue, country: str) -> None:
    assert country not in catalogue.regulators["EU"].covers


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_a_country_without_an_entry_is_not_established_in_words(
    catalogue: Catalogue, treatment: str
) -> None:
    ruling = regulatory_status(catalogue, "ZW", treatment, "injection")
    assert ruling.status == "not_established"
    assert "not established" in ruling.text
    assert ruling.as_of is None


@pytest.mark.parametrize(
    ("country", "status"),
    [
        ("US", "not_approved"),
        ("CA", "not_approved"),
        ("GB", "not_approved"),
        ("TR", "not_established"),
        ("MX", "not_established"),
        ("SA", "prohibited"),
        ("KR", "prohibited"),
        ("JP", "not_approved"),
    ],
)
def test_injected_exosomes_by_country(catalogue: Catalogue, country: str, status: str) -> None:
    assert regulatory_status(catalogue, country, "exosome", "injection").status == status


def test_the_wished_route_does_not_change_the_status_of_a_medicine(catalogue: Catalogue) -> None:
    for place in catalogue.regulators.values():
        for treatment in ("minoxidil", "finasteride"):
            if treatment in place.treatments:
                assert not place.treatments[treatment].by_route


def test_every_known_status_is_dated_and_cited(catalogue: Catalogue) -> None:
    for place in catalogue.regulators.values():
        for entry in place.treatments.values():
            for ruling in (entry, *entry.by_route.values()):
                if ruling.status != "not_established":
                    assert ruling.sources
                    assert ruling.as_of is not None
                    assert date(1990, 1, 1) < ruling.as_of <= date(2026, 11, 22)


def test_a_status_without_source_or_words_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs as_of and at least one source"):
        Ruling(status="approved", text="Approved.")
    with pytest.raises(ValidationError, match="not established"):
        Ruling(status="not_established", text="Nobody forbids it.")
