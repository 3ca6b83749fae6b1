"""The cohort file: one arm of a trial, as it would be described before its results are known."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from anagen.predicting.model import OutcomeName
from anagen.reading import Document, nearest, parse_document, read_document, validate
from anagen.treatment.arms import COMPONENTS, NONE, parse_arm

Diagnosis = Literal[
    "androgenetic_alopecia",
    "alopecia_areata",
    "telogen_effluvium",
    "scarring_alopecia",
    "other",
    "unknown",
]
Sex = Literal["male", "female", "mixed"]
ControlArm = Literal["topical_vehicle", "oral_placebo", "saline"]
Control = Literal["topical_vehicle", "oral_placebo", "saline", "untreated"]
Route = Literal[
    "injection",
    "intradermal",
    "intracutaneous",
    "subdermal",
    "subcutaneous",
    "microneedling",
    "topical",
    "oral",
]

CONTROL_ARMS: tuple[str, ...] = get_args(ControlArm)
NEEDLES: tuple[str, ...] = (
    "injection",
    "intradermal",
    "intracutaneous",
    "subdermal",
    "subcutaneous",
    "microneedling",
)
ROUTES: dict[str, tuple[str, ...]] = {
    "minoxidil": ("topical",),
    "finasteride": ("oral",),
    "exosome": (*NEEDLES, "topical"),
    "prp": (*NEEDLES, "topical"),
}
"""Routes by which each single treatment is described; by another it is another treatment."""

ADULT_AGE = 18
LAST_WEEK = 520
MOST_PEOPLE = 1_000_000
MOST_WEEKS = 200


def _arm(text: str) -> str:
    word = text.strip().lower()
    if word in CONTROL_ARMS:
        return word
    try:
        return parse_arm(text).id
    except ValueError as error:
        if "+" in text:
            raise
        known = (NONE, *COMPONENTS, *CONTROL_ARMS)
        close = nearest(word, known)
        hint = f"did you mean `{close}`? " if close else ""
        raise ValueError(
            f"'{text}' is not an arm; {hint}allowed: {', '.join(known)}, "
            "or a sum such as exosome+minoxidil"
        ) from error


class Part(BaseModel):
    """Base of all parts of the cohort file: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Age(Part):
    """Age of the people, in years."""

    mean: float = Field(ge=0, le=110, description="mean age in years")
    sd: float | None = Field(default=None, ge=0, le=40)


class Density(Part):
    """A density at the start, in hairs per cm²."""

    mean: float = Field(gt=0, le=500, description="hairs per cm²")
    sd: float | None = Field(default=None, ge=0, le=500)


class Diameter(Part):
    """A mean diameter at the start, in µm."""

    mean: float = Field(ge=5, le=150, description="µm")
    sd: float | None = Field(default=None, ge=0, le=100)


class Percent(Part):
    """An anagen share at the start, in percent of the counted hairs."""

    mean: float = Field(gt=0, lt=100, description="percent")
    sd: float | None = Field(default=None, ge=0, le=100)


class Baseline(Part):
    """What was measured before treatment; any part may be left out."""

    total_density_per_cm2: Density | None = None
    terminal_density_per_cm2: Density | None = None
    mean_diameter_um: Diameter | None = None
    anagen_percent: Percent | None = None
    anagen_density_per_cm2: Density | None = None

    @model_validator(mode="after")
    def _parts_are_not_above_the_whole(self) -> Self:
        total = self.total_density_per_cm2
        for name in ("terminal_density_per_cm2", "anagen_density_per_cm2"):
            part = getattr(self, name)
            if total is not None and part is not None and part.mean > total.mean:
                raise ValueError(
                    f"{name} ({part.mean:g}) is above total_density_per_cm2 ({total.mean:g}); "
                    "it is a part of all hairs"
                )
        return self

    def given(self) -> dict[str, Density | Diameter | Percent]:
        """What was measured, by outcome."""
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: part for name, part in parts.items() if part is not None}


class ArmGiven(Part):
    """What the arm gets."""

    id: Annotated[str, AfterValidator(_arm)] = Field(
        description="none, a treatment, a sum of treatments, or a control arm"
    )
    route: Route | None = None
    sessions: int | None = Field(default=None, ge=1, le=24)
    interval_days: float | None = Field(default=None, ge=1, le=365)
    dose: float | Annotated[str, Field(min_length=1, max_length=80)] | None = None
    percent: Literal[2, 5] | None = None

    @field_validator("dose")
    @classmethod
    def _dose_is_positive(cls, dose: float | str | None) -> float | str | None:
        if isinstance(dose, float) and dose <= 0:
            raise ValueError(f"is {dose:g}; it must be more than 0")
        return dose


class Cohort(Part):
    """One arm of a trial: who, how many, what, and what is to be predicted when."""

    n: int = Field(ge=1, le=MOST_PEOPLE, description="people analysed in this arm")
    control_n: int | None = Field(default=None, ge=1, le=MOST_PEOPLE)
    sex: Sex = Field(description="male, female or mixed")
    diagnosis: Diagnosis = Field(description="the kind of hair loss")
    age: Age | None = None
    baseline: Baseline | None = None
    arm: ArmGiven = Field(description="what the arm gets; at least its id")
    control: Control | None = None
    threshold_um: float | None = Field(default=None, ge=5, le=100)
    weeks: tuple[Annotated[float, Field(ge=0, le=LAST_WEEK)], ...] = Field(
        description="weeks since the start, rising",
        json_schema_extra={"minItems": 1, "maxItems": MOST_WEEKS},
    )
    outcomes: tuple[OutcomeName, ...] = Field(
        description="what to predict",
        json_schema_extra={"minItems": 1, "uniqueItems": True},
    )

    @field_validator("diagnosis")
    @classmethod
    def _is_described(cls, diagnosis: str) -> str:
        if diagnosis != "androgenetic_alopecia":
            raise ValueError(
                f"is {diagnosis}; the model describes androgenetic_alopecia only, so there is "
                "nothing to predict from"
            )
        return diagnosis

    @field_validator("age")
    @classmethod
    def _is_adult(cls, age: Age | None) -> Age | None:
        if age is not None and age.mean < ADULT_AGE:
            raise ValueError(
                f"mean is {age.mean:g}; the model describes adults, so it must be at least "
                f"{ADULT_AGE}"
            )
        return age

    @field_validator("weeks")
    @classmethod
    def _rise(cls, weeks: tuple[float, ...]) -> tuple[float, ...]:
        # Lengths are checked here: checked by type, a list of wrong items would seem empty too.
        if not 1 <= len(weeks) <= MOST_WEEKS:
            raise ValueError(f"has {len(weeks)} weeks; it must have 1 to {MOST_WEEKS}")
        if any(later <= earlier for earlier, later in pairwise(weeks)):
            raise ValueError("must rise, and name each week once")
        return weeks

    @field_validator("outcomes")
    @classmethod
    def _once(cls, outcomes: tuple[OutcomeName, ...]) -> tuple[OutcomeName, ...]:
        if not outcomes:
            raise ValueError("is empty; name at least one outcome")
        if len(set(outcomes)) < len(outcomes):
            raise ValueError("names an outcome twice; name each once")
        return outcomes

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.control_n is not None and self.control is None:
            raise ValueError("control_n is given without a control; name the control too")
        routes = ROUTES.get(self.arm.id)
        if routes and self.arm.route is not None and self.arm.route not in routes:
            raise ValueError(
                f"arm.route is {self.arm.route}; {self.arm.id} is described by "
                f"{', '.join(routes)} only"
            )
        if self.sex == "female" and "finasteride" in self.arm.id.split("+"):
            raise ValueError(
                "arm.id has finasteride in women; its effect is sized in men only, so it cannot be "
                "predicted"
            )
        return self

    @classmethod
    def load(cls, path: str | Path) -> "Cohort":
        """Read a cohort file, YAML 1.2 or JSON in UTF-8.

        Raises:
            InputError: the file is missing or invalid; every problem at once.
        """
        return cls.of(read_document(Path(path)))

    @classmethod
    def parse(cls, data: bytes, name: str) -> "Cohort":
        """Read a cohort from bytes called `name`; see `load`."""
        return cls.of(parse_document(data, name))

    @classmethod
    def of(cls, document: Document) -> "Cohort":
        """Check a parsed document; see `load`."""
        return validate(document, cls)

    def echo(self) -> dict[str, Any]:
        """The cohort as it was given: what was left out stays out, whole numbers stay whole."""
        kept: dict[str, Any] = _whole(self.model_dump(exclude_unset=True))
        return kept


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def week_key(week: float) -> str:
    """A week as a key: whole ones without a point."""
    return str(int(week)) if week.is_integer() else repr(week)
