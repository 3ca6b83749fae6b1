"""The verdict on an arm: rules are data, the order of severity is here.

Any contraindication, or under 18, is `not_now`; else any missing safety answer is `undetermined`;
else any caution is `caution`; else pattern hair loss is `candidate`. A missing answer is never
read as "no".
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from anagen.candidacy.model import ArmStanding, Finding, FindingKind, Verdict, VerdictKind
from anagen.catalogue import Catalogue, load_catalogue
from anagen.catalogue.medicines import recognise
from anagen.catalogue.regulators import regulatory_status
from anagen.catalogue.schema import Ruling
from anagen.evidence import Evidence, load_evidence
from anagen.evidence.certainty import certainty_for
from anagen.evidence.schema import Rule
from anagen.evidence.vocabulary import Component
from anagen.person.schema import Person
from anagen.treatment.arms import COMPONENTS, Arm, parse_arm
from anagen.wording import Phrase, joined, marked

ADULT_AGE_YEARS = 18
TOO_YOUNG_FOR_TRANSPLANT_YEARS = 25
"""Our reading of the article, which gives no age; shown with the finding."""
EARLY_GRADES = {"norwood_hamilton": ("I", "II", "IIA", "III"), "ludwig": ("I",)}
DEFAULT_ARM = "exosome"
ALWAYS_OPEN = marked("Doing nothing new is always open.")
CERTAINTY_DAY = 168
MALE_NEEDS_NO_ANSWER = ("pregnant", "breastfeeding")

_WORDS: dict[VerdictKind, str] = {
    "candidate": (
        marked(
            "None of the listed reasons against it was found. This is not a recommendation. "
            "Discuss it with a clinician."
        )
    ),
    "caution": marked("At least one point needs care. Go through it with a clinician first."),
    "undetermined": (
        marked(
            "This cannot be judged yet: some safety answers are missing. "
            "A missing answer does not count as a no."
        )
    ),
    "not_now": marked(
        "At least one listed reason speaks against this now. Talk to a clinician about it."
    ),
}


def check_candidacy(
    person: Person,
    *,
    today: date,
    arm: str | None = None,
    evidence: Evidence | None = None,
    catalogue: Catalogue | None = None,
) -> Verdict:
    """Judge one arm for one person as of today.

    Args:
        person: the answers; unknown counts as missing, never as no.
        today: the day against which the person's dates are checked.
        arm: the arm to judge; by default the wished one, else exosome.
        evidence: the packaged evidence unless given.
        catalogue: the packaged catalogue unless given.

    Raises:
        InputError: a date of the person does not fit today.
    """
    wanted = parse_arm(arm or person.wishes.arm or DEFAULT_ARM)
    return judge(
        person.as_of(today), wanted, evidence or load_evidence(), catalogue or load_catalogue()
    )


def judge(person: Person, wanted: Arm, evidence: Evidence, catalogue: Catalogue) -> Verdict:
    """The verdict on one arm, with every finding behind it, the gravest first.

    Claims: C24, C25, C27.
    """
    findings = tuple(
        sorted(
            _findings(person, wanted, evidence, catalogue),
            key=lambda finding: _ORDER.index(finding.kind),
        )
    )
    kinds = {finding.kind for finding in findings}
    verdict = _verdict(kinds)
    return Verdict(wanted.id, verdict, _WORDS[verdict], findings)


_ORDER: tuple[FindingKind, ...] = ("contraindication", "missing", "caution", "indication")


def _verdict(kinds: set[FindingKind]) -> VerdictKind:
    if "contraindication" in kinds:
        return "not_now"
    if "missing" in kinds:
        return "undetermined"
    return "caution" if "caution" in kinds else "candidate"


def _findings(
    person: Person, arm: Arm, evidence: Evidence, catalogue: Catalogue
) -> Iterator[Finding]:
    answers = person.health.model_dump()
    special = dict(_special_answers(person, arm, catalogue))
    for rule in evidence.rules.values():
        concerned = [part for part in arm.components if part in rule.components]
        if rule.key in answers:
            if concerned:
                yield from _answered(person, rule, answers[rule.key], concerned)
        elif rule.key in special and (concerned or rule.key in _OF_THE_PERSON):
            for told in special[rule.key]:
                yield _finding(rule, _kind(rule, concerned), told.text or rule.text, told.sources)


_OF_THE_PERSON = (
    "age_under_18",
    "alopecia_areata",
    "other_diagnosis",
    "androgenetic_alopecia",
    "early_hair_loss",
    "too_young_for_transplant",
)
"""Rules on who the person is; they speak whatever the arm."""


def _answered(
    person: Person, rule: Rule, answer: str, concerned: Sequence[Component]
) -> Iterator[Finding]:
    if answer == "yes":
        yield _finding(rule, _kind(rule, concerned), rule.text)
    elif answer == "unknown":
        if person.sex == "male" and rule.key in MALE_NEEDS_NO_ANSWER:
            return
        if rule.asked_for is not None and not set(concerned) & set(rule.asked_for):
            return
        text = rule.question or Phrase("Not answered: {what}.", what=rule.key.replace("_", " "))
        yield _finding(rule, "missing", text)


def _kind(rule: Rule, concerned: Sequence[Component]) -> FindingKind:
    """The most serious kind that the rule has for the treatments concerned."""
    kinds = {rule.kind_for.get(part, rule.kind) for part in concerned} or {rule.kind}
    return "contraindication" if "contraindication" in kinds else kinds.pop()


def _finding(rule: Rule, kind: FindingKind, text: str, sources: tuple[str, ...] = ()) -> Finding:
    return Finding(rule.id, kind, text, rule.claims, sources or rule.sources)


@dataclass(frozen=True, slots=True)
class _Told:
    """One occasion on which a special rule speaks; its own words and sources, if it has any."""

    text: str = ""
    sources: tuple[str, ...] = ()


def _special_answers(
    person: Person, arm: Arm, catalogue: Catalogue
) -> Iterator[tuple[str, tuple[_Told, ...]]]:
    """Rules that speak although no health key of theirs is asked, and on which occasions."""
    for key in _about_the_person(person):
        yield key, (_Told(),)
    medicines = {named.name: recognise(catalogue, named.name) for named in person.medicines or ()}
    classes = {medicine.medicine_class for medicine in medicines.values() if medicine is not None}
    for key in ("anticoagulant", "antiplatelet"):
        if key in classes:
            yield key, (_Told(),)
    if person.medicines is None:
        yield "medicines_unanswered", (_Told(),)
    yield (
        "medicine_unrecognised",
        tuple(
            _Told(
                Phrase(
                    "“{name}” is not in our list of medicines. A clinician needs to look at it.",
                    name=name,
                )
            )
            for name, medicine in medicines.items()
            if medicine is None
        ),
    )
    yield (
        "prohibited_here",
        tuple(
            _Told(ruling.text, ruling.sources) for ruling in _bans(person, arm, catalogue).values()
        ),
    )


def _about_the_person(person: Person) -> Iterator[str]:
    if person.age < ADULT_AGE_YEARS:
        yield "age_under_18"
    elif person.age < TOO_YOUNG_FOR_TRANSPLANT_YEARS:
        yield "too_young_for_transplant"
    known = person.diagnosis in ("androgenetic_alopecia", "alopecia_areata")
    yield person.diagnosis if known else "other_diagnosis"
    if person.stage is not None and person.stage.grade in EARLY_GRADES[person.stage.scale]:
        yield "early_hair_loss"


def prohibited(person: Person, arm: Arm, catalogue: Catalogue) -> tuple[Component, ...]:
    """The components of an arm that the person's country forbids by the wished route."""
    return tuple(_bans(person, arm, catalogue))


def _bans(person: Person, arm: Arm, catalogue: Catalogue) -> dict[Component, Ruling]:
    route = person.wishes.route or "injection"
    rulings = {
        part: regulatory_status(catalogue, person.country, part, route) for part in arm.components
    }
    return {part: ruling for part, ruling in rulings.items() if ruling.status == "prohibited"}


def already_used(person: Person, catalogue: Catalogue) -> tuple[Component, ...]:
    """Which single treatments the person's current medicines already are."""
    found = {
        medicine.acts_as
        for named in person.medicines or ()
        if (medicine := recognise(catalogue, named.name)) is not None
    }
    return tuple(part for part in COMPONENTS if part in found)


def standing_of_arm(
    person: Person, arm: Arm, evidence: Evidence, catalogue: Catalogue
) -> ArmStanding:
    """How one option stands for this person: a ruled-out arm is shown with its reason.

    Claims: C24, C25.
    """
    verdict = judge(person, arm, evidence, catalogue)
    by_kind = {kind: tuple(f.text for f in verdict.findings if f.kind == kind) for kind in _ORDER}
    reason = _ruled_out(person, arm, catalogue) or joined(by_kind["contraindication"])
    if not arm.components:
        reason = ""  # doing nothing new is open to everybody
    route = person.wishes.route or "injection"
    statuses = {
        part: regulatory_status(catalogue, person.country, part, route).status
        for part in arm.components
    }
    return ArmStanding(
        id=arm.id,
        label=arm.label,
        available=not reason,
        verdict=verdict.verdict,
        reason=reason or (verdict.text if arm.components else ALWAYS_OPEN),
        cautions=by_kind["caution"],
        missing=by_kind["missing"],
        regulatory_status=_worst(statuses.values()),
        certainty=certainty_for(evidence, arm.id, "total_density_per_cm2", CERTAINTY_DAY),
        sources=tuple(dict.fromkeys(s for f in verdict.findings for s in f.sources)),
    )


def _ruled_out(person: Person, arm: Arm, catalogue: Catalogue) -> str:
    if "finasteride" in arm.components and person.sex == "female":
        return marked(
            "Finasteride 1 mg is a medicine for men; this program models it for men only."
        )
    new = [part for part in arm.components if part not in already_used(person, catalogue)]
    if arm.components and not new:
        return marked(
            "You already use it, or a medicine that acts the same way. It goes on in every "
            "option, so it is no new choice."
        )
    return ""


_WORST_FIRST = ("prohibited", "not_approved", "restricted", "not_established", "approved")


def _worst(statuses: Iterable[str]) -> str:
    found = set(statuses)
    return next((word for word in _WORST_FIRST if word in found), "not_applicable")
