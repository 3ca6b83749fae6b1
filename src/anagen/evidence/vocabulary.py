"""The closed word lists that evidence, forecasts and pages share."""

from typing import Literal

Certainty = Literal["high", "moderate", "low", "very_low", "none"]
"""How far the evidence behind a number can be trusted, in GRADE's words; none = no evidence."""

Outcome = Literal[
    "total_density_per_cm2", "terminal_density_per_cm2", "mean_diameter_um", "anagen_percent"
]
"""What a forecast speaks of, and what a body of evidence is graded on."""

Standing = Literal["supported", "weak", "unsupported", "contradicted", "conflicting"]
"""Where a claim stands against independent evidence."""

Finding = Literal["not_studied", "studied_no_effect", "studied_effect"]
"""Three different states of knowledge that must never be mixed up."""

PairBasis = Literal["direct", "indirect", "prior_only"]
"""What a comparison of two arms rests on: a trial of both, trials of each, or a stated prior."""

Design = Literal["single_arm", "retrospective", "industry"]
"""What the report of a study without comparison is open to."""

Component = Literal["exosome", "prp", "minoxidil", "finasteride"]
"""A single treatment; an arm is `none`, one of these, or a sum of them."""

CLAIM_IDS: tuple[str, ...] = tuple(f"C{number:02d}" for number in range(1, 35))
"""The article's statements, C01 to C34."""

HEALTH_KEYS: tuple[str, ...] = (
    "pregnant",
    "breastfeeding",
    "scalp_infection",
    "exosome_allergy",
    "chemotherapy",
    "radiotherapy",
    "active_cancer",
    "fever_or_sepsis",
    "local_anaesthetic_allergy",
    "bleeding_disorder",
    "platelet_disorder",
    "autoimmune_disease",
    "immunosuppressed",
    "keloid_tendency",
    "cancer_history",
    "scalp_skin_disease",
    "heart_disease",
    "depression",
    "prostate_disease",
)
"""Health questions of the person file that a candidacy rule may ask about."""

ANSWER_KEYS: tuple[str, ...] = (
    "age_under_18",
    "anticoagulant",
    "antiplatelet",
    "medicines_unanswered",
    "medicine_unrecognised",
    "prohibited_here",
    "androgenetic_alopecia",
    "alopecia_areata",
    "other_diagnosis",
    "early_hair_loss",
    "too_young_for_transplant",
)
"""What a rule may read from a person's other answers: age, medicines, place, diagnosis, stage."""
