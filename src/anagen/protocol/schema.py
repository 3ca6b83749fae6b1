"""The question file: whom, which schedules and combinations, measured when, paid where."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from anagen.evidence.vocabulary import Component
from anagen.person.schema import CountryCode
from anagen.quote.money import parse_rate
from anagen.reading import read_document, validate
from anagen.trial.regimen import parse_regimen
from anagen.trial.schema import Endpoint, Part, Population, Words

MOST_PROTOCOLS = 200
Count = Annotated[int, Field(ge=1, le=24)]
Gap = Annotated[int, Field(ge=1, le=365)]


def _regimen(text: str) -> str:
    parse_regimen(text)
    return text


class Schedules(Part):
    """Sessions of exosomes that are set against each other, each number at each interval."""

    sessions: tuple[Count, ...] = Field(default=(3, 4, 5), min_length=1)
    interval_days: tuple[Gap, ...] = Field(default=(7, 14), min_length=1)

    @property
    def longest_days(self) -> int:
        """Day of the last session of the longest schedule."""
        return (max(self.sessions) - 1) * max(self.interval_days)


class Price(Part):
    """A price of one's own, in place of the published ones."""

    country: CountryCode
    treatment: Component
    per: Literal["session", "month"] = Field(description="session, or month for a medicine")
    low: float = Field(ge=0)
    high: float = Field(ge=0)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="an ISO 4217 code")]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.high < self.low:
            raise ValueError(f"high ({self.high:g}) is below low ({self.low:g})")
        if (self.per == "session") != (self.treatment in ("exosome", "prp")):
            raise ValueError(f"{self.treatment} is not paid by the {self.per}")
        return self


class Question(Part):
    """Which protocol is worth testing, written down."""

    title: Words = Field(description="what is asked, in one line")
    population: Population
    endpoint: Endpoint
    exosome: Schedules = Schedules()
    combine: tuple[Literal["prp", "minoxidil", "finasteride"], ...] = Field(
        default=("prp", "minoxidil"), description="what exosomes are given together with"
    )
    beside: tuple[Annotated[str, AfterValidator(_regimen)], ...] = Field(
        default=("prp x3 q30d", "minoxidil 5%"),
        description="regimens without exosomes to set against; nothing is always there",
    )
    adherence: float = Field(default=1, gt=0, le=1)
    countries: tuple[CountryCode, ...] = Field(default=("ES", "GB", "MX", "TR", "US"), min_length=1)
    prices: tuple[Price, ...] = ()
    rates: tuple[str, ...] = Field(
        default=(), description='exchange rates, such as "1 GBP = 1.3 USD on 2026-11-20"'
    )
    most_for_a_hair: float | None = Field(
        default=None, gt=0, description="largest worth of a hair per cm² that is looked at"
    )
    people_concerned: int | None = Field(
        default=None, ge=1, le=10**10, description="people whom an answer would help"
    )

    @field_validator("rates")
    @classmethod
    def _are_rates(cls, rates: tuple[str, ...]) -> tuple[str, ...]:
        for rate in rates:
            parse_rate(rate)
        return rates

    @model_validator(mode="after")
    def _can_be_run(self) -> Self:
        if not self.endpoint.outcome.endswith("_per_cm2"):
            raise ValueError("endpoint must be a density; worth is told for a hair per cm²")
        regimens = self.regimens
        if len(regimens) > MOST_PROTOCOLS:
            raise ValueError(f"{len(regimens)} protocols; at most {MOST_PROTOCOLS} are compared")
        for text in regimens:
            one = parse_regimen(text)
            last = max((schedule.days[-1] for schedule in one.schedules.values()), default=0.0)
            if last >= 7 * self.endpoint.week:
                raise ValueError(
                    f"'{text}' has its last session on day {last:g}, not before week "
                    f"{self.endpoint.week}"
                )
            if "finasteride" in one.components and self.population.sex != "male":
                raise ValueError(
                    f"'{text}' gives women finasteride; its effect is sized in men only"
                )
        return self

    @property
    def regimens(self) -> tuple[str, ...]:
        """Every protocol, nothing first."""
        found = ["nothing", *self.beside]
        for count in self.exosome.sessions:
            for gap in self.exosome.interval_days:
                schedule = f"x{count} q{gap}d"
                alone = f"exosome {schedule}"
                found.append(alone)
                for other in self.combine:
                    given = {"prp": f"prp {schedule}", "minoxidil": "minoxidil 5%"}
                    found.append(f"{alone} + {given.get(other, other)}")
        return tuple(dict.fromkeys(found))

    @classmethod
    def load(cls, path: str | Path) -> "Question":
        """Read a question file, YAML 1.2 or JSON in UTF-8.

        Raises:
            InputError: the file is missing or invalid; every problem at once.
        """
        return validate(read_document(Path(path)), cls)
