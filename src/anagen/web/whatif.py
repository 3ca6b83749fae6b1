"""What if: the same person with another schedule, route, place, source, or with or without PRP.

The person's own answers stay as they are; what is tried stands in fields of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from pydantic import Field

from anagen.catalogue import load_catalogue
from anagen.evidence.schema import Id, Record, Text
from anagen.evidence.vocabulary import Component
from anagen.plan.wished import DEFAULT_INTERVAL_DAYS, DEFAULT_ROUTE, DEFAULT_SESSIONS
from anagen.reading import read_table
from anagen.treatment.arms import parse_arm
from anagen.web.answers import Fields, document_of, problems_of
from anagen.web.forms import Posted
from anagen.web.questions import DATA
from anagen.web.view import arm_of, country_names

PATHS: Final[Mapping[str, str]] = {
    "sessions": "wishes.sessions",
    "interval_days": "wishes.interval_days",
    "route": "wishes.route",
    "country": "country",
    "donor_source": "wishes.donor_source",
}
"""What can be tried, and the key of the person file that it stands for; PRP stands apart."""

_DEFAULTS: Final[Mapping[str, str]] = {
    "sessions": str(DEFAULT_SESSIONS),
    "interval_days": str(DEFAULT_INTERVAL_DAYS),
    "route": DEFAULT_ROUTE,
    "donor_source": "unknown",
}


class Basis(Record):
    """What a changed control does to the curve, and on what that rests."""

    id: Id
    controls: tuple[str, ...] = Field(min_length=1)
    component: Component | None = None
    """Only where the wished option holds this treatment."""
    curve: Literal["assumption", "unchanged"]
    text: Text
    parameters: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a person tries.

    Attributes:
        own: the values of the controls by the person's own answers, defaults filled in.
        shown: the same by what is tried.
        changed: the controls that differ.
    """

    own: Mapping[str, str]
    shown: Mapping[str, str]
    changed: tuple[str, ...]


@cache
def load_basis() -> tuple[Basis, ...]:
    """The packaged table.

    Raises:
        InputError: it breaks its schema.
    """
    return tuple(read_table([DATA / "whatif.yaml"], "whatif", Basis).records.values())


def trial_of(fields: Fields, visit: Mapping[str, str]) -> Trial:
    """What is tried beside the person's own answers."""
    own = {name: _own(name, fields) for name in PATHS} | {"prp": _with_prp(arm_of(fields))}
    shown = {name: visit.get(f"try.{name}", "").strip() or value for name, value in own.items()}
    return Trial(own, shown, tuple(name for name in own if shown[name] != own[name]))


def tried(posted: Posted, today: date) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The person file as tried, and the controls that can't be tried as they stand.

    With any of those, nothing is tried.
    """
    trial = trial_of(posted.fields, posted.visit)
    fields = changed_fields(posted.fields, trial)
    wrong = {problem.field for problem in problems_of(fields, today)}
    if wrong:
        return document_of(posted.fields), tuple(
            name for name in trial.changed if PATHS.get(name) in wrong
        )
    return document_of(fields), ()


def changed_fields(fields: Fields, trial: Trial) -> dict[str, str]:
    """The answers with what is tried in their place."""
    found = dict(fields)
    for name in trial.changed:
        if name in PATHS:
            found[PATHS[name]] = trial.shown[name]
    if "prp" in trial.changed:
        found["wishes.arm"] = with_prp(arm_of(fields), trial.shown["prp"] == "yes")
    return found


def tried_countries(trial: Trial, language: str) -> dict[str, str]:
    """Countries worth trying, by code: a price or a ruling of their own is known, or one's own."""
    catalogue = load_catalogue()
    known = {offer.country for offer in catalogue.prices.offers.values()} | {*catalogue.regulators}
    known |= {trial.own["country"], trial.shown["country"]}
    return {code: name for code, name in country_names(language).items() if code in known}


def with_prp(arm: str, wanted: bool) -> str:
    """An option with PRP added or taken away."""
    parts: list[str] = [part for part in parse_arm(arm).components if part != "prp"]
    if wanted:
        parts.append("prp")
    return parse_arm("+".join(parts) or "none").id


def basis_of(changed: tuple[str, ...], arm: str) -> tuple[Basis, ...]:
    """What the changed controls do to the curve of an option."""
    components = parse_arm(arm).components
    return tuple(
        basis
        for basis in load_basis()
        if set(basis.controls) & set(changed)
        and (basis.component is None or basis.component in components)
    )


def _own(name: str, fields: Fields) -> str:
    return fields.get(PATHS[name], "").strip() or _DEFAULTS.get(name, "")


def _with_prp(arm: str) -> str:
    return "yes" if "prp" in parse_arm(arm).components else "no"
