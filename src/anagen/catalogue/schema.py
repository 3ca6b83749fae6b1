"""The shape of every catalogue record. Schemas are closed: an unknown key is an error.

Ids of sources and claims belong to the evidence; `load` checks that each one exists there.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from anagen.evidence.schema import Id, Number, Record, Text
from anagen.evidence.vocabulary import Component, Standing

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
SnakeId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Sources = Annotated[tuple[Id, ...], Field(min_length=1)]

Status = Literal["approved", "not_approved", "restricted", "prohibited", "not_established"]
"""How a treatment for hair stands with one regulator; absence of evidence is the last word."""

ProductRoute = Literal["injection", "topical"]
"""How a product gets to the follicle. Microneedling breaks the skin: it counts as injection."""

MedicineClass = Literal[
    "anticoagulant",
    "antiplatelet",
    "nsaid",
    "corticosteroid",
    "retinoid",
    "minoxidil",
    "five_alpha_reductase_inhibitor",
    "antiandrogen",
    "immunosuppressant",
    "jak_inhibitor",
    "antidepressant",
    "supplement",
    "other",
]

HarmComponent = Literal[
    "exosome",
    "prp",
    "minoxidil",
    "finasteride",
    "needle",
    "local_anaesthetic",
    "exosome+prp",
]
"""What a harm comes from: a treatment, what every injected one shares, or the two together."""

CellStanding = Literal[
    "supported", "weak", "unsupported", "contradicted", "conflicting", "not_established"
]


class Ruling(Record):
    """What a regulator's text says of one treatment, for one route or in general."""

    status: Status
    as_of: date | None = None
    """Day of the newest document behind it, or the day on which an undated one was read."""
    text: Text
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _known_status_has_a_dated_source(self) -> "Ruling":
        if self.status == "not_established":
            if "not established" not in self.text.lower():
                raise ValueError('a status not_established says so in the words "not established"')
        elif not self.sources or self.as_of is None:
            raise ValueError(f"status {self.status} needs as_of and at least one source")
        return self


class Entry(Ruling):
    """One treatment in one place: the general ruling, and routes for which another holds."""

    by_route: dict[ProductRoute, Ruling] = Field(default_factory=dict)


class Jurisdiction(Record):
    """A country, or a union of countries, and how it rules on each treatment."""

    id: CountryCode
    name: Text
    covers: tuple[CountryCode, ...] = ()
    """Countries for which these rulings hold where they have none of their own."""
    treatments: dict[Component, Entry]


class Medicine(Record):
    """One substance in one form, with the names that people know it by."""

    id: SnakeId
    label: Text
    medicine_class: MedicineClass
    acts_as: Component | Literal["none"] = "none"
    """The modelled treatment that it already is, if any."""
    atc: str | None = Field(default=None, pattern=r"^[A-Z]\d{2}[A-Z]{2}\d{2}$")
    """WHO code of the substance, where it is certain."""
    names: tuple[Text, ...] = ()
    """Other names of the substance."""
    brands: tuple[Text, ...] = ()
    sources: Sources


class Product(Record):
    """One kind of exosome product, by the cells that it comes from."""

    id: SnakeId
    label: Text
    what: Text
    evidence: Text
    """What has been studied on human scalps, in one or two plain sentences."""
    standing: CellStanding
    sources: Sources


class Frequency(Record):
    """Between `low` and `high` people in `per` people treated."""

    low: Number = Field(ge=0)
    high: Number = Field(ge=0)
    per: int = Field(gt=0)

    @model_validator(mode="after")
    def _is_a_share(self) -> "Frequency":
        if not self.low <= self.high <= self.per:
            raise ValueError("a frequency needs low ≤ high ≤ per")
        return self


class Harm(Record):
    """One harm of one treatment."""

    id: Id
    component: HarmComponent
    event: Text
    frequency: Frequency | Literal["not_established", "not_studied"]
    seriousness: Literal["mild", "moderate", "serious"]
    when_to_seek_help: Text
    sources: Sources
    note: str | None = None
    """What the numbers are of, for those who check them."""


class ComparisonCell(Record):
    """What one comparison row says of one treatment."""

    text: Text
    standing: CellStanding
    sources: tuple[Id, ...] = ()


class ComparisonEntry(Record):
    """One question, answered for each treatment; a sum may have an answer of its own."""

    id: Id
    text: Text
    claims: tuple[Id, ...] = ()
    by_component: dict[Component | Literal["none", "exosome+prp"], ComparisonCell]

    @model_validator(mode="after")
    def _answers_for_all(self) -> "ComparisonEntry":
        needed = {"none", "exosome", "prp", "minoxidil", "finasteride"}
        if missing := sorted(needed - set(self.by_component)):
            raise ValueError(f"by_component lacks {', '.join(missing)}")
        for name, cell in self.by_component.items():
            # Doing nothing involves no needle, visit or price: that follows without a source.
            if name != "none" and cell.standing != "not_established" and not cell.sources:
                raise ValueError(f"{name}: standing {cell.standing} needs at least one source")
        return self


class PointEntry(Record):
    """One pro or con, with where it stands against independent evidence."""

    id: Id
    kind: Literal["pro", "con"]
    components: tuple[Component, ...] = Field(min_length=1)
    text: Text
    standing: Standing
    claims: tuple[Id, ...] = Field(min_length=1)
    sources: Sources


class QuestionEntry(Record):
    """One question to take to the clinic, and why its answer matters."""

    id: Id
    text: Text
    why: Text
    claims: tuple[Id, ...] = Field(min_length=1)
    sources: Sources
