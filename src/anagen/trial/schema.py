"""The trial file: who, what, how it is measured and judged, before anyone is injected."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from anagen.person.schema import GRADES, Health
from anagen.predicting.schema import Density
from anagen.reading import Document, choice, nearest, parse_document, read_document, validate
from anagen.trial.regimen import Regimen, parse_regimen

Outcome = Literal[
    "total_density_per_cm2",
    "terminal_density_per_cm2",
    "anagen_density_per_cm2",
    "mean_diameter_um",
    "anagen_percent",
]
"""Endpoints. Of counts the chance in a small field is known exactly; for the other two, the
follicles of each field are followed one by one."""

UNITS: Final[Mapping[str, str]] = {
    "total_density_per_cm2": "hairs per cm²",
    "terminal_density_per_cm2": "hairs per cm²",
    "anagen_density_per_cm2": "hairs per cm²",
    "mean_diameter_um": "µm",
    "anagen_percent": "percentage points",
}
"""Unit of an effect on each endpoint."""

EFFECTS: Final[Mapping[str, str]] = {
    "hairs per cm²": "effect_per_cm2",
    "µm": "effect_um",
    "percentage points": "effect_points",
}
"""Key of the analysis that tells an effect, by unit."""

SCALES: Final[Mapping[str, str]] = {"male": "norwood_hamilton", "female": "ludwig"}
"""Scale of the grades of each sex."""

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
    stage: tuple[str, ...] = Field(
        default=(), description="grades that may take part: Norwood–Hamilton or Ludwig"
    )
    baseline: Density | None = Field(
        default=None,
        description="mean and SD of the count at the start, in hairs per cm²; of all hairs where "
        "the endpoint is no count",
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
        if self.stage and self.sex not in SCALES:
            raise ValueError("stage needs one sex, as each has its own scale")
        grades = GRADES[SCALES[self.sex]] if self.stage else ()
        for grade in self.stage:
            if grade not in grades:
                raise ValueError(f"stage has '{grade}'; {choice(nearest(grade, grades), grades)}")
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

    outcome: Outcome = Field(description="a density, the mean diameter or the anagen share")
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
        default=None, gt=0, le=500, description="effect on a density for which power is told"
    )
    effect_um: float | None = Field(default=None, gt=0, le=100, description="on the mean diameter")
    effect_points: float | None = Field(default=None, gt=0, le=100, description="on anagen_percent")


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


class Sites(Part):
    """Where it runs."""

    count: int = Field(default=1, ge=1, le=100)
    effect_sd_per_cm2: float = Field(
        default=0, ge=0, le=100, description="SD between sites of a treatment's effect"
    )


class Decision(Part):
    """When the arm is adopted: its interval lies above the margin, and its estimate is enough.

    A margin below 0 makes it a trial of non-inferiority.
    """

    margin_per_cm2: float = Field(default=0, ge=-100, le=100)
    least_estimate_per_cm2: float | None = Field(default=None, ge=0, le=500)


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
    stratify: tuple[Literal["baseline", "sex", "site"], ...] = Field(
        default=(),
        description="arms are filled in step within these; baseline is cut at its middle",
    )
    blinding: Literal["double", "assessor", "open"] = Field(
        default="double", description="double, assessor (only who counts), or open"
    )
    reader_shift_percent: float = Field(
        default=0, ge=-50, le=50,
        description="by how much more an open trial's reader finds on treated people",
    )  # fmt: skip
    field_cm2: float | None = Field(default=None, gt=0, le=10, description="area counted")
    reading_error_percent: float | None = Field(
        default=None, ge=0, le=50, description="coefficient of variation of one reading"
    )
    drop_out: float = Field(default=0, ge=0, lt=1, description="share lost before the endpoint")
    drop_out_risk_per_10_fewer: float = Field(
        default=1, ge=0.2, le=5,
        description="how much likelier one is lost with a change of 10 less in the endpoint",
    )  # fmt: skip
    adherence: float = Field(
        default=1, gt=0, le=1, description="share of people who take what is given"
    )
    sites: Sites = Sites()
    enrolment: Enrolment | None = None
    decision: Decision = Decision()
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

    @model_validator(mode="after")
    def _units_fit(self) -> Self:
        outcome, analysis = self.endpoint.outcome, self.analysis
        for unit, key in EFFECTS.items():
            if unit != UNITS[outcome] and getattr(analysis, key) is not None:
                raise ValueError(
                    f"analysis.{key} does not go with {outcome}; write {EFFECTS[UNITS[outcome]]}"
                )
        if self.decision != Decision() and (
            analysis.method == "responder" or UNITS[outcome] != "hairs per cm²"
        ):
            raise ValueError("decision is told in hairs per cm², so the endpoint must be a density")
        if self.reader_shift_percent and self.blinding != "open":
            raise ValueError("reader_shift_percent needs blinding: open; else no reader can tell")
        return self

    @model_validator(mode="after")
    def _strata_fit(self) -> Self:
        if self.stratify and self.design == "split_scalp":
            raise ValueError("a split scalp has both arms on everyone; leave stratify out")
        if "sex" in self.stratify and self.population.sex != "mixed":
            raise ValueError("stratify has sex, but the population has one; leave it out")
        if "site" in self.stratify and self.sites.count == 1:
            raise ValueError("stratify has site, but there is one; give sites.count, or leave it")
        return self

    @property
    def effect(self) -> float | None:
        """The effect for which power is told, in the endpoint's unit; None if the file has none."""
        told: float | None = getattr(self.analysis, EFFECTS[UNITS[self.endpoint.outcome]])
        return told

    @property
    def is_count(self) -> bool:
        """Whether the endpoint counts hairs."""
        return UNITS[self.endpoint.outcome] == "hairs per cm²"

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
