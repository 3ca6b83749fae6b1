"""The words that every output shares: one thing is called the same on every page."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from anagen.plan.model import Regulatory
from anagen.treatment.arms import parse_arm

STATUS: Final[Mapping[str, str]] = {
    "approved": "Approved",
    "not_approved": "Not approved",
    "restricted": "Restricted",
    "prohibited": "Forbidden",
    "not_established": "Not established",
    "not_applicable": "No approval needed",
}

VERDICT: Final[Mapping[str, str]] = {
    "candidate": "None of the listed reasons against was found",
    "caution": "Take care: talk it through first",
    "undetermined": "Not clear yet: some answers are missing",
    "not_now": "Not now",
}

ARM_VERDICT: Final[Mapping[str, str]] = {
    "candidate": "No listed reason against was found",
    "caution": "Take care",
    "undetermined": "Not clear: answers are missing",
    "not_now": "Not now",
}

EXPERIMENTAL: Final = (
    "Exosome treatment of hair is experimental: no product, dose or course is standard."
)

CANDIDATE_NOTE: Final = "This is not a recommendation. Discuss it with a clinician."

FINDING_KIND: Final[Mapping[str, str]] = {
    "contraindication": "Reasons against it now",
    "missing": "Answers that are missing",
    "caution": "Points that need care",
    "indication": "What fits the usual group",
}

CERTAINTY: Final[Mapping[str, str]] = {
    "high": "High",
    "moderate": "Moderate",
    "low": "Low",
    "very_low": "Very low",
    "none": "None: not studied",
}

EVIDENCE: Final[Mapping[str, str]] = {
    "not_studied": "Not studied",
    "studied_no_effect": "Studied: no effect was seen",
    "studied_effect": "Studied: an effect was seen",
}

UNTREATED: Final = "People without new treatment"

STANDING: Final[Mapping[str, str]] = {
    "supported": "Supported",
    "weak": "Weak support",
    "unsupported": "No support found",
    "contradicted": "Contradicted",
    "conflicting": "Conflicting",
}

PAIR_BASIS: Final[Mapping[str, str]] = {
    "direct": "trials of both together",
    "indirect": "separate trials",
    "prior_only": "an assumption, not data",
}

OUTCOME: Final[Mapping[str, str]] = {
    "total_density_per_cm2": "All hairs per cm²",
    "terminal_density_per_cm2": "Thick hairs per cm²",
    "mean_diameter_um": "Hair width in µm",
    "anagen_percent": "Share of growing hairs, %",
}

TREATMENT: Final[Mapping[str, str]] = {
    "exosome": "Exosomes",
    "prp": "PRP (platelet-rich plasma)",
    "minoxidil": "Minoxidil",
    "finasteride": "Finasteride",
}

BUDGET: Final[Mapping[str, str]] = {
    "yes": "The whole range lies within your budget.",
    "no": "The whole range lies above your budget.",
    "depends": "It depends: part of the range lies above your budget.",
    "unknown": "We can't tell if it fits your budget.",
}

HARM_UNKNOWN: Final[Mapping[str, str]] = {
    "not_established": "Not known",
    "not_studied": "Not studied",
}


def named(words: Mapping[str, str], key: str) -> str:
    """The words for a key; a key without words is shown plainly rather than hidden."""
    return words.get(key) or key.replace("_", " ").capitalize()


def long_date(day: date) -> str:
    """A date as people write it, such as "7 December 2026", whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def arm_label(arm: str) -> str:
    """The name of an option for people."""
    return parse_arm(arm).label


def no_harm(arm: str) -> str:
    """What to say of an option for which no harm is listed; never that it has none."""
    if arm == "none":
        return "No new harm from a treatment. Hair loss may go on."
    return "No harm is listed in our sources. That does not show that there is none."


def regulatory_line(regulatory: Regulatory, treatment: str) -> str:
    """One line on how a treatment stands in the person's country.

    Claims: C11, C18.
    """
    label = named(TREATMENT, treatment)
    entry = regulatory.treatments.get(treatment)
    if entry is None:
        return f"{label}, {regulatory.country}: not established."
    as_of = f" (as of {long_date(entry.as_of)})" if entry.as_of else ""
    status = named(STATUS, entry.status).lower()
    experimental = f" {EXPERIMENTAL}" if treatment == "exosome" else ""
    return f"{label}, {regulatory.country}: {status}{as_of}. {entry.text}{experimental}"


def arm_regulatory_text(regulatory: Regulatory, arm: str) -> str:
    """One line for each treatment of an arm; an arm without treatments has none."""
    parts = [part for part in arm.split("+") if part != "none"]
    return "\n".join(regulatory_line(regulatory, part) for part in parts)


def money(amount: str, currency: str | None) -> str:
    """An amount with thousands parted and its currency, such as "12,000 USD"."""
    whole, _, cents = amount.partition(".")
    text = f"{int(whole):,}" + (f".{cents}" if cents.strip("0") else "")
    return f"{text} {currency}" if currency else text


def money_range(low: str, high: str, currency: str | None) -> str:
    """Two amounts as one range, such as "1,000 to 3,000 USD"; a firm price is one amount."""
    if low == high:
        return money(low, currency)
    return f"{money(low, None)} to {money(high, currency)}"
