"""Which ruling holds for a treatment in a country, by route."""

from collections.abc import Mapping
from typing import Protocol

from anagen.catalogue.schema import Jurisdiction, ProductRoute, Ruling
from anagen.wording import marked

_ROUTES: dict[str, ProductRoute] = {
    "injection": "injection",
    "microneedling": "injection",
    "topical": "topical",
}


class HasRegulators(Protocol):
    """Whatever holds jurisdictions by id, such as the catalogue."""

    @property
    def regulators(self) -> Mapping[str, Jurisdiction]:
        """Jurisdictions by id."""


def regulatory_status(
    catalogue: HasRegulators, country: str, treatment: str, route: str | None = None
) -> Ruling:
    """The ruling on one treatment in one country.

    A country's own entry precedes that of a union that covers it. Without either the status is
    `not_established`: nothing was found, which says neither yes nor no.

    Args:
        catalogue: holds the jurisdictions.
        country: ISO 3166-1 alpha-2 code.
        treatment: exosome, prp, minoxidil or finasteride.
        route: injection, microneedling (counts as injection), topical, or None for the general
            ruling. Only exosome and PRP rulings differ by route.
    """
    jurisdictions = catalogue.regulators
    candidates = [jurisdictions[country]] if country in jurisdictions else []
    candidates += [place for place in jurisdictions.values() if country in place.covers]
    for place in candidates:
        entry = place.treatments.get(treatment)  # type: ignore[call-overload]
        if entry is not None:
            by_route = entry.by_route.get(_ROUTES.get(route or ""))
            ruling: Ruling = by_route or entry
            return ruling
    return Ruling(
        status="not_established",
        text=(
            marked(
                "The status here is not established: no rule that names this treatment was found. "
                "Ask the medicines regulator."
            )
        ),
    )
