"""The person file: what a person tells, and what stays unknown.

An absent health answer is ``unknown``, never ``no``. Absent medicines are unanswered; an empty list
is none. See design contract 3.2 in the reference for every key and limit.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from anagen.person.countries import COUNTRY_CODES, EVERYDAY_NAMES
from anagen.reading import Document, parse_document, read_document, validate
from anagen.treatment.arms import parse_arm
from anagen.wording import Phrase, marked

Answer = Literal["yes", "no", "unknown"]
Diagnosis = Literal[
    "androgenetic_alopecia",
    "alopecia_areata",
    "telogen_effluvium",
    "scarring_alopecia",
    "other",
    "unknown",
]
DonorSource = Literal[
    "adipose",
    "dermal_papilla",
    "mesenchymal_stem_cell",
    "platelet_rich_plasma",
    "umbilical_cord",
    "placenta",
    "foreskin",
    "bone_marrow",
    "plant",
    "other",
    "unknown",
]

GRADES = {
    "norwood_hamilton": (
        "I", "II", "IIA", "III", "IIIA", "III vertex", "IV", "IVA", "V", "VA", "VI", "VII",
    ),
    "ludwig": ("I", "II", "III"),
}  # fmt: skip
EARLIEST = date(1900, 1, 1)
LONGEST_WAIT_YEARS = 10


def _country(code: str) -> str:
    if code in COUNTRY_CODES:
        return code
    better = EVERYDAY_NAMES.get(code.upper(), code.upper())
    template = (
        marked("is '{code}'; write {better}; it must be an ISO 3166-1 two-letter code such as TR")
        if better in COUNTRY_CODES
        else marked("is '{code}'; it must be an ISO 3166-1 two-letter code such as TR")
    )
    raise ValueError(Phrase(template, code=code, better=better))


CountryCode = Annotated[str, AfterValidator(_country)]
"""An ISO 3166-1 two-letter code."""


def _arm(text: str) -> str:
    return parse_arm(text).id


def _not_after_today(day: date, info: ValidationInfo) -> date:
    if day < EARLIEST:
        early = Phrase(
            "is {day}; dates before {first} are not accepted", day=f"{day}", first=f"{EARLIEST}"
        )
        raise ValueError(early)
    today = (info.context or {}).get("today")
    if today is not None and day > today:
        late = Phrase(
            "is {day}, which is after today ({today}); it must be in the past",
            day=f"{day}",
            today=f"{today}",
        )
        raise ValueError(late)
    return day


def _not_before_today(day: date, info: ValidationInfo) -> date:
    today = (info.context or {}).get("today")
    if today is not None and day < today:
        early = Phrase(
            "is {day}, which is before today ({today}); give today or later",
            day=f"{day}",
            today=f"{today}",
        )
        raise ValueError(early)
    if today is not None and day.year > today.year + LONGEST_WAIT_YEARS:
        late = Phrase(
            "is {day}; it must be within {years} years of {today}",
            day=f"{day}",
            years=LONGEST_WAIT_YEARS,
            today=f"{today}",
        )
        raise ValueError(late)
    return day


Past = Annotated[date, AfterValidator(_not_after_today)]
Arm = Annotated[str, AfterValidator(_arm)]
Words = Annotated[str, Field(min_length=1, max_length=120)]


class Part(BaseModel):
    """Base of all parts of the person file: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Stage(Part):
    """How far the loss has gone, on a named scale."""

    scale: Literal["norwood_hamilton", "ludwig"]
    grade: Words = Field(
        description=marked('a grade of that scale in Roman numerals, such as "III"')
    )

    @model_validator(mode="after")
    def _grade_is_on_the_scale(self) -> Self:
        allowed = GRADES[self.scale]
        wanted = _plain(self.grade)
        for grade in allowed:
            if _plain(grade) == wanted:
                object.__setattr__(self, "grade", grade)
                return self
        told = Phrase(
            "grade '{grade}' is not on {scale}: {allowed}",
            grade=self.grade,
            scale=self.scale,
            allowed=", ".join(allowed),
        )
        raise ValueError(told)


def _plain(grade: str) -> str:
    text = re.sub(r"[\s_-]", "", grade.upper())
    return "IIIVERTEX" if text in ("IIIV", "3V", "IIIVERTEX") else text


class Measurement(Part):
    """What a trichoscope or phototrichogram counted on one day; any values may be left out."""

    date: Past
    site: Words | None = None
    total_density_per_cm2: float | None = Field(default=None, gt=0, le=500)
    terminal_density_per_cm2: float | None = Field(default=None, gt=0, le=500)
    mean_diameter_um: float | None = Field(default=None, ge=5, le=150)
    anagen_percent: float | None = Field(default=None, ge=0, le=100)
    method: Words | None = None

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        total, terminal = self.total_density_per_cm2, self.terminal_density_per_cm2
        if total is not None and terminal is not None and terminal > total:
            told = Phrase(
                "terminal_density_per_cm2 ({terminal}) is above total_density_per_cm2 ({total}); "
                "terminal hairs are a part of all hairs",
                terminal=f"{terminal:g}",
                total=f"{total:g}",
            )
            raise ValueError(told)
        if {total, terminal, self.mean_diameter_um, self.anagen_percent} == {None}:
            told = Phrase("holds no measured value; give at least one, such as a density")
            raise ValueError(told)
        return self


class Received(Part):
    """One session of a treatment that was already given."""

    arm: Arm
    date: Past


class Health(Part):
    """Safety answers. Absent means unknown, and unknown never passes as no."""

    pregnant: Answer = "unknown"
    breastfeeding: Answer = "unknown"
    scalp_infection: Answer = "unknown"
    exosome_allergy: Answer = "unknown"
    chemotherapy: Answer = "unknown"
    radiotherapy: Answer = "unknown"
    active_cancer: Answer = "unknown"
    fever_or_sepsis: Answer = "unknown"
    local_anaesthetic_allergy: Answer = "unknown"
    bleeding_disorder: Answer = "unknown"
    platelet_disorder: Answer = "unknown"
    autoimmune_disease: Answer = "unknown"
    immunosuppressed: Answer = "unknown"
    keloid_tendency: Answer = "unknown"
    cancer_history: Answer = "unknown"
    scalp_skin_disease: Answer = "unknown"
    heart_disease: Answer = "unknown"
    depression: Answer = "unknown"
    prostate_disease: Answer = "unknown"


class Medicine(Part):
    """One medicine in use, as the person calls it."""

    name: Words


class Budget(Part):
    """What the person can spend."""

    amount: Decimal = Field(gt=0, le=10_000_000, description=marked("an amount such as 4000"))
    currency: str = Field(pattern=r"^[A-Z]{3}$", description=marked("an ISO 4217 code such as USD"))


class Wishes(Part):
    """What the person is thinking of; every part has a stated default."""

    arm: Arm | None = None
    route: Literal["microneedling", "injection"] | None = None
    donor_source: DonorSource | None = None
    sessions: int | None = Field(default=None, ge=1, le=24)
    interval_days: int | None = Field(default=None, ge=1, le=365)
    first_session: Annotated[date, AfterValidator(_not_before_today)] | None = None
    minoxidil_percent: Literal[2, 5] | None = None
    budget: Budget | None = None


class Person(Part):
    """One person, as told in the person file."""

    name: Annotated[str, Field(max_length=200)] | None = None
    age: int = Field(ge=0, le=110, description=marked("years"))
    sex: Literal["male", "female"] = Field(
        description=marked("male or female, for the model and sex-specific medicines")
    )
    country: CountryCode = Field(description=marked("ISO 3166-1 alpha-2 code such as TR"))
    hair_type: Literal["african", "asian", "european", "other", "unknown"] = "unknown"
    diagnosis: Diagnosis = Field(description=marked("the kind of hair loss, or unknown"))
    stage: Stage | None = None
    years_since_onset: float | None = Field(default=None, ge=0, le=110)
    measurements: tuple[Measurement, ...] = Field(default=(), max_length=200)
    treatments_received: tuple[Received, ...] = Field(default=(), max_length=200)
    health: Health = Health()
    medicines: tuple[Medicine, ...] | None = Field(default=None, max_length=100)
    wishes: Wishes = Wishes()

    @model_validator(mode="after")
    def _onset_is_within_life(self) -> Self:
        if self.years_since_onset is not None and self.years_since_onset > self.age:
            told = Phrase(
                "years_since_onset ({years}) is more than age ({age})",
                years=f"{self.years_since_onset:g}",
                age=self.age,
            )
            raise ValueError(told)
        return self

    @classmethod
    def load(cls, path: str | Path, today: date | None = None) -> "Person":
        """Read a person file.

        Args:
            path: a YAML 1.2 or JSON file in UTF-8.
            today: when given, dates are checked against it.

        Raises:
            InputError: the file is missing or invalid; every problem at once.
        """
        return cls.of(read_document(Path(path)), today)

    @classmethod
    def parse(cls, data: bytes, name: str, today: date | None = None) -> "Person":
        """Read a person from bytes called `name`; see `load`."""
        return cls.of(parse_document(data, name), today)

    @classmethod
    def of(cls, document: Document, today: date | None = None) -> "Person":
        """Check a parsed document; see `load`."""
        return validate(document, cls, context={"today": today})

    def as_of(self, today: date) -> "Person":
        """The same person, with every date checked against today.

        Raises:
            InputError: a measurement or a received session after today, a first session before it.
        """
        return Person.parse(self.model_dump_json(exclude_none=True).encode(), "person", today)
