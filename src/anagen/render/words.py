"""The words that every output shares: one thing is called the same on every page."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from anagen.plan.model import Regulatory
from anagen.treatment.arms import parse_arm
from anagen.wording import Day, Money, Phrase, joined, marked

STATUS: Final[Mapping[str, str]] = {
    "approved": marked("Approved"),
    "not_approved": marked("Not approved"),
    "restricted": marked("Restricted"),
    "prohibited": marked("Forbidden"),
    "not_established": marked("Not established"),
    "not_applicable": marked("No approval needed"),
}

VERDICT: Final[Mapping[str, str]] = {
    "candidate": marked("None of the listed reasons against was found"),
    "caution": marked("Take care: talk it through first"),
    "undetermined": marked("Not clear yet: some answers are missing"),
    "not_now": marked("Not now"),
}

ARM_VERDICT: Final[Mapping[str, str]] = {
    "candidate": marked("No listed reason against was found"),
    "caution": marked("Take care"),
    "undetermined": marked("Not clear: answers are missing"),
    "not_now": marked("Not now"),
}

EXPERIMENTAL: Final = marked(
    "Exosome treatment of hair is experimental: no product, dose or course is standard."
)

CANDIDATE_NOTE: Final = marked("This is not a recommendation. Discuss it with a clinician.")

FINDING_KIND: Final[Mapping[str, str]] = {
    "contraindication": marked("Reasons against it now"),
    "missing": marked("Answers that are missing"),
    "caution": marked("Points that need care"),
    "indication": marked("What fits the usual group"),
}

CERTAINTY: Final[Mapping[str, str]] = {
    "high": marked("High"),
    "moderate": marked("Moderate"),
    "low": marked("Low"),
    "very_low": marked("Very low"),
    "none": marked("None: not studied"),
}

EVIDENCE: Final[Mapping[str, str]] = {
    "not_studied": marked("Not studied"),
    "studied_no_effect": marked("Studied: no effect was seen"),
    "studied_effect": marked("Studied: an effect was seen"),
}

UNTREATED: Final = marked("People without new treatment")

STANDING: Final[Mapping[str, str]] = {
    "supported": marked("Supported"),
    "weak": marked("Weak support"),
    "unsupported": marked("No support found"),
    "contradicted": marked("Contradicted"),
    "conflicting": marked("Conflicting"),
}

PAIR_BASIS: Final[Mapping[str, str]] = {
    "direct": marked("trials of both together"),
    "indirect": marked("separate trials"),
    "prior_only": marked("an assumption, not data"),
}

OUTCOME: Final[Mapping[str, str]] = {
    "total_density_per_cm2": marked("All hairs per cm²"),
    "terminal_density_per_cm2": marked("Thick hairs per cm²"),
    "mean_diameter_um": marked("Hair width in µm"),
    "anagen_percent": marked("Share of growing hairs, %"),
}

TREATMENT: Final[Mapping[str, str]] = {
    "exosome": marked("Exosomes"),
    "prp": marked("PRP (platelet-rich plasma)"),
    "minoxidil": marked("Minoxidil"),
    "finasteride": marked("Finasteride"),
}

BUDGET: Final[Mapping[str, str]] = {
    "yes": marked("The whole range lies within your budget."),
    "no": marked("The whole range lies above your budget."),
    "depends": marked("It depends: part of the range lies above your budget."),
    "unknown": marked("We can't tell if it fits your budget."),
}

SERIOUSNESS: Final[Mapping[str, str]] = {
    "mild": marked("Mild"),
    "moderate": marked("Moderate"),
    "serious": marked("Serious"),
}

PART: Final[Mapping[str, str]] = {
    "course": marked("Course"),
    "quote": marked("Price"),
    "forecast": marked("Forecast"),
    "validation": marked("Validation"),
}

SOURCE_KIND: Final[Mapping[str, str]] = {
    "article": marked("The article"),
    "rct": marked("Randomised trial"),
    "split_scalp": marked("Trial on halves of the scalp"),
    "single_arm": marked("Study without a control group"),
    "retrospective": marked("Look back at records"),
    "cohort": marked("Cohort"),
    "case_series": marked("Case series"),
    "case_report": marked("Case report"),
    "meta_analysis": marked("Meta-analysis"),
    "network_meta": marked("Network meta-analysis"),
    "systematic_review": marked("Systematic review"),
    "narrative_review": marked("Review"),
    "registered_trial": marked("Registered trial"),
    "measurement": marked("Measurement"),
    "laboratory": marked("Laboratory study"),
    "animal": marked("Animal study"),
    "model": marked("Model"),
    "regulator": marked("Regulator"),
    "law": marked("Law"),
    "label": marked("Medicine label"),
    "price_list": marked("Price list"),
    "press": marked("Press"),
    "web": marked("Web page"),
    "guideline": marked("Guideline"),
    "unknown": marked("Only the title was seen"),
}

SEEN_AS: Final[Mapping[str, str]] = {
    "fulltext": marked("full text"),
    "table": marked("table"),
    "abstract": marked("abstract"),
    "secondary": marked("second hand"),
    "registry": marked("registry entry"),
    "official_text": marked("official text"),
    "press": marked("press report"),
    "web": marked("web page"),
}

HARM_UNKNOWN: Final[Mapping[str, str]] = {
    "not_established": marked("Not known"),
    "not_studied": marked("Not studied"),
}


def named(words: Mapping[str, str], key: str) -> str:
    """The words for a key; a key without words is shown plainly rather than hidden."""
    return words.get(key) or key.replace("_", " ").capitalize()


def long_date(day: date) -> str:
    """A date as people write it, such as "7 December 2026", whatever the machine's language."""
    return Day(day)


def arm_label(arm: str) -> str:
    """The name of an option for people."""
    return parse_arm(arm).label


def no_harm(arm: str) -> str:
    """What to say of an option for which no harm is listed; never that it has none."""
    if arm == "none":
        return Phrase("No new harm from a treatment. Hair loss may go on.")
    return Phrase("No harm is listed in our sources. That does not show that there is none.")


def regulatory_line(regulatory: Regulatory, treatment: str) -> str:
    """One line on how a treatment stands in the person's country.

    Claims: C11, C18.
    """
    label = Phrase(named(TREATMENT, treatment))
    entry = regulatory.treatments.get(treatment)
    country = regulatory.country
    if entry is None:
        return Phrase("{label}, {country}: not established.", label=label, country=country)
    status = Phrase(named(STATUS, entry.status))
    known = Phrase("{label}, {country}: {status}", label=label, country=country, status=status)
    if entry.as_of:
        known = Phrase("{known} (as of {day})", known=known, day=entry.as_of)
    parts = [Phrase("{known}.", known=known), entry.text]
    return joined((*parts, Phrase(EXPERIMENTAL)) if treatment == "exosome" else parts)


def arm_regulatory_text(regulatory: Regulatory, arm: str) -> str:
    """One line for each treatment of an arm; an arm without treatments has none."""
    parts = [part for part in arm.split("+") if part != "none"]
    return joined((regulatory_line(regulatory, part) for part in parts), "\n")


def money_range(low: str, high: str, currency: str | None) -> str:
    """Two amounts as one range, such as "1,000 to 3,000 USD"; a firm price is one amount."""
    return Money(low, high, currency)
