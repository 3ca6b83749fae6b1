"""The shape of every evidence record. Schemas are closed: an unknown key is an error.

Ids are stable: C01–C34 for the article's claims, R-… for rules, lower-case words for the rest.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anagen.evidence.grading import Lowers, Raises, Starts, grade
from anagen.evidence.vocabulary import Certainty, Component, Outcome, Standing

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$")]
Text = Annotated[str, Field(min_length=3)]
Unit = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]

SeenAs = Literal[
    "fulltext", "table", "abstract", "secondary", "registry", "official_text", "press", "web"
]
"""How the figures were seen. There is no "memory": what was never seen is not evidence."""

Basis = Literal["measured", "derived", "fitted", "judgement", "assumed", "convention"]
"""Where a number comes from; derived shows its arithmetic, judgement and assumed say why."""

Use = Literal["fit", "check", "display", "never"]
"""Who may read a study row: the calibration, the scoring, pages only, or nobody."""


class Record(BaseModel):
    """Base of all records: frozen, closed, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Source(Record):
    """A work: the primary one is cited, and `seen_via` says where its content was read."""

    id: Id
    citation: Text
    year: int | None = Field(default=None, ge=1900, le=2100)
    doi: str | None = None
    url: str | None = None
    kind: Literal[
        "article",  # the clinic's patient guide that the claims come from
        "rct",
        "split_scalp",
        "single_arm",
        "retrospective",
        "cohort",
        "case_series",
        "case_report",
        "meta_analysis",
        "network_meta",
        "systematic_review",
        "narrative_review",
        "registered_trial",
        "measurement",
        "laboratory",
        "animal",
        "model",
        "regulator",
        "law",
        "label",
        "price_list",
        "press",
        "web",
        "guideline",
        "unknown",  # only the title was seen
    ]
    seen_as: SeenAs
    seen_via: Text
    """Where and how the figures were read, when that was not the work itself."""
    note: str | None = None


class Claim(Record):
    """One statement of the article, and where it stands."""

    id: Annotated[str, Field(pattern=r"^C(0[1-9]|[12][0-9]|3[0-4])$")]
    topic: Text
    says: Text
    standing: Standing
    because: Text
    sources: tuple[Id, ...] = Field(min_length=1)
    studies: tuple[Id, ...] = ()
    used_by: tuple[str, ...] = Field(min_length=1)


class Row(Record):
    """One outcome of one arm of one study at one time."""

    arm: Text
    versus: Text | None = None
    """The arm that was subtracted, where the row is a difference between arms."""
    percent: Number | None = Field(default=None, gt=0, le=100)
    """Strength of topical minoxidil."""
    sessions: int | None = Field(default=None, ge=1)
    """This arm's sessions, where a study's arms differ; likewise the next two."""
    interval_days: Number | None = Field(default=None, gt=0)
    sex: Literal["male", "female"] | None = None
    outcome: Text
    unit: Unit
    threshold_um: Number | None = Field(default=None, gt=0)
    """Least hair diameter that was counted, where it is known."""
    week: Number | None = None
    """Weeks from the first treatment; 0 is before it, and None is not stated."""
    n: int | None = Field(default=None, ge=1)
    baseline_mean: Number | None = None
    baseline_sd: Number | None = Field(default=None, ge=0)
    followup_mean: Number | None = None
    followup_sd: Number | None = Field(default=None, ge=0)
    change: Number | None = None
    change_kind: Literal["mean", "median", "percent_of_baseline", "standardised"] | None = None
    change_sd: Number | None = Field(default=None, ge=0)
    change_ci: tuple[Number, Number] | None = None
    p_value: str | None = None
    adverse_events: str | None = None
    derived: str | None = None
    """The arithmetic, when the row was worked out from read numbers."""
    firmness: Literal["firm", "usable", "soft"]
    use: Use
    because: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _says_what_a_change_is(self) -> "Row":
        if self.change is not None and self.change_kind is None:
            raise ValueError("a change needs change_kind: is it a mean, a median, a percentage?")
        if self.use == "never" and not self.because:
            raise ValueError("use: never needs a because: why must nobody read this row?")
        return self


class Study(Record):
    """One study: who, what was given, how, and its rows."""

    id: Id
    source: Id
    design: Text
    sex: Literal["male", "female", "mixed"] | None = None
    diagnosis: str | None = None
    product: str | None = None
    donor_source: str | None = None
    dose: str | None = None
    sessions: str | None = None
    interval_days: str | None = None
    route: str | None = None
    funding: Literal["industry", "independent", "not_stated"] = "not_stated"
    note: str | None = None
    rows: tuple[Row, ...] = ()


class Distribution(Record):
    """A distribution of a parameter. Symbols as usual; logit_normal's mu is given as a share.

    normal(mean, sd) · lognormal(median, sd_log) · logit_normal(centre, sd_logit) · beta(a, b) ·
    uniform(low, high) · half_normal(sd) · truncated_normal(mean, sd, low, high) ·
    dirichlet(weights) · fixed(value)
    """

    law: Literal[
        "normal",
        "lognormal",
        "logit_normal",
        "beta",
        "uniform",
        "half_normal",
        "truncated_normal",
        "dirichlet",
        "fixed",
    ]
    mean: Number | None = None
    sd: Number | None = Field(default=None, gt=0)
    median: Number | None = Field(default=None, gt=0)
    sd_log: Number | None = Field(default=None, gt=0)
    centre: Number | None = Field(default=None, gt=0, lt=1)
    sd_logit: Number | None = Field(default=None, gt=0)
    a: Number | None = Field(default=None, gt=0)
    b: Number | None = Field(default=None, gt=0)
    low: Number | None = None
    high: Number | None = None
    weights: dict[str, Number] | None = None
    value: Number | None = None

    @model_validator(mode="after")
    def _has_just_its_numbers(self) -> "Distribution":
        needs = {
            "normal": {"mean", "sd"},
            "lognormal": {"median", "sd_log"},
            "logit_normal": {"centre", "sd_logit"},
            "beta": {"a", "b"},
            "uniform": {"low", "high"},
            "half_normal": {"sd"},
            "truncated_normal": {"mean", "sd", "low", "high"},
            "dirichlet": {"weights"},
            "fixed": {"value"},
        }[self.law]
        given = self.model_fields_set - {"law"}
        if given != needs:
            raise ValueError(
                f"a {self.law} needs just {', '.join(sorted(needs))}; "
                f"given: {', '.join(sorted(given)) or 'nothing'}"
            )
        return self


class Parameter(Record):
    """One number of the model, as a distribution with its basis."""

    id: Id
    means: Text
    unit: Unit
    distribution: Distribution
    basis: Basis
    because: Text
    sources: tuple[Id, ...] = ()
    learned: Literal["data_led", "prior_led", "not_learned"]
    used_by: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_a_source_or_reason(self) -> "Parameter":
        if self.basis in ("measured", "derived", "fitted") and not self.sources:
            raise ValueError(f"basis {self.basis} needs at least one source")
        return self


class Rule(Record):
    """One candidacy rule.

    `key` is a health key of the person file, or one of the words below for rules on other answers.
    `components` names the single treatments that it concerns; a sum of arms takes all of them.
    """

    id: Annotated[str, Field(pattern=r"^R-[a-z0-9-]+$")]
    key: Text
    kind: Literal["indication", "contraindication", "caution", "missing"]
    kind_for: dict[Component, Literal["contraindication", "caution"]] = Field(default_factory=dict)
    """Where one treatment takes the answer more or less seriously than `kind` says."""
    components: tuple[Component, ...]
    asked_for: tuple[Component, ...] | None = None
    """For which of the components a missing answer keeps the verdict open; for all unless given."""
    text: Text
    question: str | None = None
    """What to ask when the answer is missing."""
    because: Text
    claims: tuple[Id, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)


class Lowered(Record):
    """Why a body of evidence is trusted less, in one of GRADE's domains."""

    domain: Lowers
    levels: Literal[1, 2]
    because: Text
    sources: tuple[Id, ...] = ()


class Raised(Record):
    """Why a body of observational studies is trusted more; only a large effect may give two."""

    domain: Raises
    levels: Literal[1, 2]
    because: Text
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _keeps_to_its_steps(self) -> "Raised":
        if self.levels == 2 and self.domain != "large_effect":
            raise ValueError(f"{self.domain} raises by one level; only large_effect may give two")
        return self


class CertaintyRule(Record):
    """One body of evidence on an arm's outcomes up to a day, with the judgements on it.

    It speaks from the day after the record before it (same arm and outcome) until `until_day`.
    `arm` is `none`, a treatment, a sum of treatments, or `sum` for each sum that no record names.
    """

    arm: Text
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    until_day: int | None = Field(default=None, gt=0)
    starts: Starts
    studies: tuple[Id, ...] = ()
    lowered: tuple[Lowered, ...] = ()
    raised: tuple[Raised, ...] = ()
    because: Text
    """What the body is, in words; the grade comes from the judgements and not from here."""
    sources: tuple[Id, ...] = ()
    """Works that `because` speaks of besides the body's own studies."""

    @property
    def certainty(self) -> Certainty:
        """The grade that the start and the judgements give."""
        down, up = (sum(one.levels for one in side) for side in (self.lowered, self.raised))
        return grade(self.starts, down, up)

    @model_validator(mode="after")
    def _judges_what_is_there(self) -> "CertaintyRule":
        if (self.starts == "none") != (not self.studies):
            raise ValueError("starts: none is for a body without studies, and only for that")
        if self.starts == "none" and (self.lowered or self.raised):
            raise ValueError("without a study there is nothing to lower or to raise")
        if self.raised and (self.starts != "observational" or self.lowered):
            raise ValueError("only observational studies that nothing lowers can be raised")
        domains = (*(one.domain for one in self.lowered), *(one.domain for one in self.raised))
        for names in (self.outcomes, domains):
            if len(set(names)) < len(names):
                raise ValueError("an outcome or a domain is named twice; keep one")
        return self
