"""The trial file: who, what, how it is measured and judged, before anyone is injected."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from anagen.person.schema import Health
from anagen.predicting.schema import Density
from anagen.reading import Document, choice, nearest, parse_document, read_document, validate
from anagen.trial.regimen import Regimen, parse_regimen

Outcome = Literal["total_density_per_cm2", "terminal_density_per_cm2", "anagen_density_per_cm2"]
"""Endpoints are counts: their chance in a small field is known exactly."""

Words = Annotated[str, Field(min_length=3, max_length=200)]
MOST_PEOPLE = 10_000_000_000
MOST_VISITS = 4
LAST_WEEK = 260


def _regimen(text: str) -> str:
    parse_regimen(text)
    return text


class Part(BaseModel):
    """Base of all parts of the trial file: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Population(Part):
    """Who takes part. Virtual people have androgenetic alopecia and none of what is excluded."""

    sex: Literal["male", "female", "mixed"] = Field(description="male, female or mixed")
    age: tuple[int, int] = Field(
        default=(18, 50), description="youngest and oldest, such as [18, 50]"
    )
    baseline: Density | None = Field(
        default=None, description="mean and SD of the endpoint at the start, in hairs per cm²"
    )
    exclude: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        youngest, oldest = self.age
        if not 18 <= youngest <= oldest <= 110:
            raise ValueError(
                f"age is {youngest} to {oldest}; the model describes adults: 18 or more, the "
                "youngest first"
            )
        for name in self.exclude:
            if name not in Health.model_fields:
                allowed = tuple(Health.model_fields)
                raise ValueError(f"exclude has '{name}'; {choice(nearest(name, allowed), allowed)}")
        return self


class Arm(Part):
    """One arm."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$", description="a short name")]
    regimen: Annotated[str, AfterValidator(_regimen)] = Field(
        description="what is given, such as exosome 1e10 x4 q14d"
    )
    share: int = Field(default=1, ge=1, le=20, description="parts of the people that it gets")

    @property
    def given(self) -> Regimen:
        """The regimen, read."""
        return parse_regimen(self.regimen)


class Endpoint(Part):
    """What decides."""

    outcome: Outcome = Field(description="a count of hairs per cm²")
    week: int = Field(ge=1, le=LAST_WEEK, description="weeks after the start")
    responder_percent: float | None = Field(
        default=None, gt=0, le=200, description="gain against one's own start that counts"
    )


class Compared(Part):
    """The comparison that the trial is for."""

    arm: str = Field(description="id of an arm")
    against: str = Field(description="id of another arm")


class Analysis(Part):
    """How a statistician would judge it."""

    method: Literal["ancova", "change", "responder", "repeated"] = Field(
        default="ancova", description="ancova, change, responder or repeated"
    )
    alpha: float = Field(default=0.05, gt=0, lt=0.5, description="two-sided error of type I")
    effect_per_cm2: float | None = Field(
        default=None, gt=0, le=500, description="effect for which power is told"
    )


class Looks(Part):
    """Interim looks at the data, by the share of people who reached the endpoint."""

    at: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        min_length=1, description="shares, rising, such as [0.5]"
    )
    spending: Literal["obrien_fleming", "pocock"] = "obrien_fleming"

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if any(later <= earlier for earlier, later in pairwise(self.at)):
            raise ValueError("`at` must rise, and name each share once")
        return self


class Enrolment(Part):
    """How people come."""

    per_month: float = Field(gt=0, le=100_000, description="people of all sites in a month")
    sites: int = Field(default=1, ge=1, le=1000)


class Costs(Part):
    """What the trial pays."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="an ISO 4217 code")]
    per_person: float = Field(ge=0, description="for one person besides sessions")
    per_session: float = Field(default=0, ge=0)
    fixed: float = Field(default=0, ge=0)


class Trial(Part):
    """A trial, written down."""

    title: Words = Field(description="what it asks, in one line")
    population: Population
    arms: tuple[Arm, ...] = Field(min_length=2, max_length=8, description="two or more")
    compare: Compared
    people: int = Field(ge=4, le=MOST_PEOPLE, description="people who begin, all arms together")
    design: Literal["parallel", "split_scalp"] = "parallel"
    endpoint: Endpoint
    visits: tuple[Annotated[int, Field(ge=1, le=LAST_WEEK)], ...] | None = Field(
        default=None, description="weeks of counts after the start; by default the endpoint's"
    )
    field_cm2: float | None = Field(default=None, gt=0, le=10, description="area counted")
    drop_out: float = Field(default=0, ge=0, lt=1, description="share lost before the endpoint")
    adherence: float = Field(
        default=1, gt=0, le=1, description="share of people who take what is given"
    )
    enrolment: Enrolment | None = None
    looks: Looks | None = None
    analysis: Analysis = Analysis()
    costs: Costs | None = None

    @model_validator(mode="after")
    def _arms_fit(self) -> Self:
        ids = [arm.id for arm in self.arms]
        if len(set(ids)) < len(ids):
            raise ValueError("two arms have the same id; give each its own")
        for name in (self.compare.arm, self.compare.against):
            if name not in ids:
                raise ValueError(f"compare names '{name}'; {choice(nearest(name, ids), ids)}")
        if self.compare.arm == self.compare.against:
            raise ValueError("compare names one arm twice; name the two that are compared")
        if self.design == "split_scalp" and len(self.arms) != 2:
            raise ValueError(f"a split scalp has two sides, so two arms, not {len(self.arms)}")
        if (smallest := min(self.sizes)) < 2:
            raise ValueError(f"an arm has {smallest} people; each needs 2 or more")
        return self

    @model_validator(mode="after")
    def _schedules_fit(self) -> Self:
        for arm in self.arms:
            last = max((one.days[-1] for one in arm.given.schedules.values()), default=0.0)
            if last >= 7 * self.endpoint.week:
                raise ValueError(
                    f"arm {arm.id} has its last session on day {last:g}, not before the endpoint "
                    f"in week {self.endpoint.week}"
                )
            if self.population.sex != "male" and "finasteride" in arm.given.components:
                raise ValueError(
                    f"arm {arm.id} gives women finasteride; its effect is sized in men only"
                )
        weeks = self.weeks
        if weeks[-1] != self.endpoint.week or any(b <= a for a, b in pairwise(weeks)):
            raise ValueError(
                f"visits must rise and end with the endpoint's week {self.endpoint.week}"
            )
        if len(weeks) > MOST_VISITS:
            raise ValueError(
                f"{len(weeks)} visits after the start; at most {MOST_VISITS} are simulated"
            )
        return self

    @model_validator(mode="after")
    def _analysis_fits(self) -> Self:
        method = self.analysis.method
        if method == "responder" and self.endpoint.responder_percent is None:
            raise ValueError("a responder analysis needs endpoint.responder_percent, such as 10")
        if self.design == "split_scalp" and method not in ("ancova", "change"):
            raise ValueError(f"a split scalp is analysed by ancova or change, not {method}")
        if self.looks is not None and len(self.looks.at) >= self.endpoint.week:
            raise ValueError(
                f"{len(self.looks.at)} interim looks before week {self.endpoint.week}; there can "
                "be fewer than weeks"
            )
        return self

    @property
    def weeks(self) -> tuple[int, ...]:
        """Weeks of counts after the start."""
        return self.visits or (self.endpoint.week,)

    @property
    def sizes(self) -> tuple[int, ...]:
        """People of each arm; those of a split scalp are in both."""
        if self.design == "split_scalp":
            return (self.people, self.people)
        whole = sum(arm.share for arm in self.arms)
        ends = [round(self.people * done / whole) for done in _running(self.arms)]
        return tuple(end - begin for begin, end in pairwise((0, *ends)))

    def arm(self, name: str) -> Arm:
        """The arm of an id."""
        return next(arm for arm in self.arms if arm.id == name)

    @classmethod
    def load(cls, path: str | Path) -> "Trial":
        """Read a trial file, YAML 1.2 or JSON in UTF-8.

        Raises:
            InputError: the file is missing or invalid; every problem at once.
        """
        return cls.of(read_document(Path(path)))

    @classmethod
    def parse(cls, data: bytes, name: str) -> "Trial":
        """Read a trial from bytes called `name`; see `load`."""
        return cls.of(parse_document(data, name))

    @classmethod
    def of(cls, document: Document) -> "Trial":
        """Check a parsed document; see `load`."""
        return validate(document, cls)


def _running(arms: tuple[Arm, ...]) -> list[int]:
    done = 0
    return [done := done + arm.share for arm in arms]
