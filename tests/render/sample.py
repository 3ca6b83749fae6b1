"""Made-up plans for tests of pages and files; no number here is a fact about any treatment."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from anagen.candidacy.model import ArmStanding, Finding, Verdict
from anagen.course.model import (
    Course,
    Flag,
    FollowUp,
    MedicineStep,
    Session,
    Step,
    UrgentSign,
)
from anagen.evidence.vocabulary import Certainty
from anagen.forecasting.model import (
    OUTCOMES,
    ArmForecast,
    EvidenceBasis,
    FirstVisibleDay,
    Forecast,
    NoForecast,
    Pair,
    Quantiles,
    VisibleShares,
)
from anagen.plan.model import (
    SCHEMA_VERSION,
    Assumption,
    ClaimView,
    Comparison,
    ComparisonCell,
    ComparisonRow,
    Frequency,
    HarmView,
    Limit,
    Plan,
    Point,
    Question,
    Regulatory,
    RegulatoryEntry,
    Software,
    SourceView,
)
from anagen.quote.model import Insurance, LocalAmount, PriceConflict, Quote, QuoteItem

TODAY = date(2026, 11, 22)
DAYS = (0, 28, 56, 84, 112, 140, 168, 252, 364)
LABELS = {
    "none": "Nothing new",
    "exosome": "Exosome sessions",
    "prp": "PRP sessions",
    "exosome+prp": "Exosome and PRP sessions",
    "minoxidil": "Minoxidil on the scalp",
    "finasteride": "Finasteride tablets",
    "exosome+minoxidil": "Exosome sessions and minoxidil",
}
GAIN_AT_A_YEAR = {"none": -4.0, "exosome": 5.0, "prp": 9.0, "exosome+prp": 10.0,
                  "minoxidil": 12.0, "exosome+minoxidil": 14.0}  # fmt: skip
CERTAINTY: Mapping[str, Certainty] = {
    "none": "low", "exosome": "very_low", "prp": "low", "exosome+prp": "none",
    "minoxidil": "moderate", "finasteride": "moderate", "exosome+minoxidil": "none",
}  # fmt: skip
LEVEL = dict(zip(OUTCOMES, (168.0, 120.0, 52.0, 66.0), strict=True))
HOSTILE = "<script>alert('x')</script> & \"Ayşe\""


def _source(id_: str, n: int) -> SourceView:
    return SourceView(
        id=id_,
        citation=f"Sample A, Example B. A made-up work, number {n}. J Example {n}:1-9.",
        year=2000 + n,
        url=f"https://example.org/work/{n}" if n % 2 else None,
        doi=None if n % 2 else f"10.1234/example.{n}",
        kind="rct",
        seen_as="abstract",
        seen_via=f"abstract on the publisher's page {n}",
    )


SOURCES = tuple(_source(f"sample-{n}", n) for n in range(1, 9))


def _quantiles(middle: float, spread: float, certainty: Certainty) -> Quantiles:
    return Quantiles(
        mean=middle + 0.1234567,
        q05=middle - 1.64 * spread,
        q25=middle - 0.67 * spread,
        q50=middle,
        q75=middle + 0.67 * spread,
        q95=middle + 1.64 * spread,
        certainty=certainty,
    )


def _outcomes(arm: str, noise: float) -> dict[str, dict[str, Quantiles]]:
    table: dict[str, dict[str, Quantiles]] = {}
    for outcome in OUTCOMES:
        scale = LEVEL[outcome] / LEVEL[OUTCOMES[0]]
        table[outcome] = {
            str(day): _quantiles(
                LEVEL[outcome] + scale * GAIN_AT_A_YEAR[arm] * min(1.0, day / 200),
                scale * (noise + day / 28),
                CERTAINTY[arm] if day <= 168 else "none",
            )
            for day in DAYS
        }
    return table


def _changes(arm: str) -> dict[str, dict[str, Quantiles]]:
    return {
        outcome: {
            str(day): _quantiles(
                LEVEL[outcome] / LEVEL[OUTCOMES[0]] * GAIN_AT_A_YEAR[arm] * min(1.0, day / 200),
                day / 28,
                CERTAINTY[arm] if day <= 168 else "none",
            )
            for day in DAYS
        }
        for outcome in OUTCOMES
    }


def _visible(arm: str) -> dict[str, VisibleShares | FirstVisibleDay]:
    shares: dict[str, VisibleShares | FirstVisibleDay] = {}
    for day in DAYS:
        gain = max(0.0, GAIN_AT_A_YEAR[arm] + 2) / 40 * day / 364
        loss = max(0.0, 6 - GAIN_AT_A_YEAR[arm]) / 60 * day / 364
        shares[str(day)] = VisibleShares(gain=gain, same=1 - gain - loss, loss=loss)
    shares["first_day"] = FirstVisibleDay(
        q05=100.4, q25=170.0, q50=None, q75=None, q95=None, never=0.6234567
    )
    return shares


def _arm_forecast(arm: str) -> ArmForecast:
    known = arm not in ("exosome+prp", "exosome+minoxidil")
    basis = EvidenceBasis(
        finding="studied_effect" if known else "not_studied",
        text="A few small made-up trials." if known else "No made-up trial of the two together.",
        studied_until_day=168 if known else None,
        sources=("sample-1", "sample-2") if known else (),
    )
    if arm == "finasteride":
        return ArmForecast(arm, False, "You already use it.", basis, {}, {}, {}, {})
    return ArmForecast(
        id=arm,
        available=True,
        reason="",
        evidence_basis=basis,
        outcomes=_outcomes(arm, 1.0),
        change=_changes(arm),
        measured=_outcomes(arm, 9.0),
        visible=_visible(arm),
    )


def forecast() -> Forecast:
    """A made-up forecast with one arm that is not available."""
    arms = tuple(_arm_forecast(arm) for arm in LABELS)
    open_ids = [arm.id for arm in arms if arm.available]
    pairs = tuple(
        Pair(a, b, "total_density_per_cm2", 168, 0.5 + 0.01 * (i - j),
             "direct" if {a, b} == {"none", "minoxidil"} else
             "prior_only" if "+" in a + b else "indirect")
        for i, a in enumerate(open_ids)
        for j, b in enumerate(open_ids)
        if i < j
    )  # fmt: skip
    return Forecast(
        available=True,
        horizon_days=DAYS,
        current_medicines=("finasteride",),
        arms=arms,
        pairs=pairs,
        posterior_release="sample-release",
        seed=1,
        draws=1000,
        notes=("Ages over 50 lie outside what trials covered.",),
    )


def course() -> Course:
    """A made-up course of four sessions."""
    first = TODAY + timedelta(days=7)
    dates = [first + timedelta(days=14 * i) for i in range(4)]
    last = dates[-1]
    return Course(
        arm="exosome",
        route="injection",
        sessions=tuple(
            Session(i + 1, day, 30, "Exosome session") for i, day in enumerate(dates)
        ),
        preparation=(
            Step("hat", "Bring a hat.", "The article says so.", ("C26",), ("sample-1",)),
            Step("wash", "You need not wash your hair.", "The article.", ("C26",), ("sample-1",)),
        ),
        aftercare=(
            Step("sun", "Keep the scalp out of strong sun.", "Common advice.", (), ("sample-2",)),
        ),
        medicines=(
            MedicineStep(
                "minoxidil_topical", "Minoxidil", "article_suggests_waiting",
                "The article suggests a wait of 2 to 3 weeks before a first use. This is not "
                "proven. Ask your prescriber.",
                last, last + timedelta(days=21), True, ("C28",), ("sample-1",),
            ),
            MedicineStep(
                "finasteride", "Finasteride", "no_change_suggested",
                "No change is suggested. Ask your prescriber.",
                None, None, True, ("C28",), ("sample-3",),
            ),
        ),
        follow_up=tuple(
            FollowUp(f"week-{weeks}", last + timedelta(weeks=weeks),
                     "Take photos in the same light and compare.", (), ("sample-2",))
            for weeks in (12, 24)
        ),
        urgent_signs=(
            UrgentSign("breath", "Trouble breathing, or a swollen face.",
                       "Call emergency services now.", ("sample-4",)),
            UrgentSign("fever", "Fever with a hot, sore scalp.",
                       "See a doctor today.", ("sample-4",)),
        ),
        flags=(
            Flag("interval", "The article gives two course lengths that do not agree.",
                 ("C06",), ("sample-1",)),
        ),
    )  # fmt: skip


def quote() -> Quote:
    """A made-up price range with a conflict and a local amount."""
    return Quote(
        arm="exosome", country="TR", currency="USD", low="1000", high="3000", typical="2000",
        ask_clinic=True, definite=False, basis="One clinic guide gives this range.", sessions=4,
        items=(
            QuoteItem("course", "All four sessions", "USD", "1000", "3000", True,
                      "One clinic guide.", ("sample-1",)),
        ),
        extras=(
            QuoteItem("touch-up", "One touch-up session", "USD", "250", "750", False,
                      "A share of the course.", ("sample-1",)),
            QuoteItem("travel", "Travel", None, None, None, False, "Not known.", ()),
        ),
        insurance=Insurance(False, "Insurance does not pay for this.", ("C21",), ("sample-1",)),
        conflicts=(
            PriceConflict("floor", "The guide's lowest price for the country is under its lowest "
                          "price for the world.", ("C03", "C20"), ("sample-1",)),
        ),
        within_budget="depends", local=LocalAmount("TRY", "42000", "130000",
                                                   "1 USD = 42 TRY on 2026-11-20"),
        claims=("C03", "C20", "C34"), sources=("sample-1",),
    )  # fmt: skip


def regulatory() -> Regulatory:
    """Made-up regulatory entries of every kind but "prohibited"."""
    return Regulatory(
        "TR",
        {
            "exosome": RegulatoryEntry("not_approved", date(2026, 5, 1),
                                       "No exosome product is approved.", ("sample-5",)),
            "prp": RegulatoryEntry("restricted", date(2026, 5, 1),
                                   "Only in licensed clinics.", ("sample-5",)),
            "minoxidil": RegulatoryEntry("approved", date(2026, 5, 1),
                                         "Approved for pattern hair loss.", ("sample-5",)),
            "finasteride": RegulatoryEntry("not_established", None, "Not established.", ()),
        },
    )  # fmt: skip


def _comparison() -> Comparison:
    rows = (
        ("blood", "Is blood drawn?", {"exosome": "No.", "prp": "Yes.", "none": "No."}),
        ("visits", "How many visits?", {"exosome": "4", "prp": "3 to 6", "none": "None."}),
    )
    return Comparison(
        rows=tuple(
            ComparisonRow(
                id_, text,
                {arm: ComparisonCell(words, "weak", ("sample-1",)) for arm, words in by.items()},
            )
            for id_, text, by in rows
        ),
        pros=(Point("downtime", "You can go home the same day.", "weak", ("C22",), ("sample-1",)),),
        cons=(
            Point("price", "It costs a lot.", "supported", ("C23",), ("sample-1",)),
            Point("approval", "It is not approved.", "supported", ("C18", "C23"), ("sample-5",)),
        ),
    )  # fmt: skip


def _harms() -> tuple[HarmView, ...]:
    return (
        HarmView("exosome", "Sore scalp", Frequency(10, 30, 100), "mild",
                 "If it lasts more than two days.", ("sample-6",)),
        HarmView("exosome", "Infection", "not_established", "serious",
                 "At once: heat, pus or fever.", ("sample-6",)),
        HarmView("exosome+prp", "Any harm of both together", "not_studied", "unknown",
                 "At once if you feel ill.", ()),
        HarmView("minoxidil", "Itchy scalp", Frequency(5, 5, 100), "mild",
                 "If it does not settle.", ("sample-7",)),
        HarmView("none", "Hair loss goes on", Frequency(50, 90, 100), "mild",
                 "If loss is sudden or patchy.", ("sample-7",)),
    )  # fmt: skip


def _claims() -> tuple[ClaimView, ...]:
    standings = ("supported", "weak", "unsupported", "contradicted", "conflicting")
    return tuple(
        ClaimView(
            id=f"C{n:02d}",
            says=f"Made-up statement number {n}.",
            standing=standings[n % 5],  # type: ignore[arg-type]
            because="A made-up reason.",
            sources=("sample-1", "sample-8"),
            used_by=("anagen.render.html.html_page",),
        )
        for n in range(1, 35)
    )


def _arms() -> tuple[ArmStanding, ...]:
    return tuple(
        ArmStanding(
            id=arm, label=label, available=arm != "finasteride", verdict="candidate",
            reason="You already use it." if arm == "finasteride" else "",
            cautions=("Ask about price.",) if arm == "exosome" else (), missing=(),
            regulatory_status="not_approved" if "exosome" in arm else "approved",
            certainty=CERTAINTY[arm], sources=("sample-2",),
        )
        for arm, label in LABELS.items()
    )  # fmt: skip


@cache
def candidate() -> Plan:
    """A full plan: course, quote and forecast present, one arm not available."""
    return Plan(
        schema_version=SCHEMA_VERSION,
        made_on=TODAY,
        mode="person",
        software=Software("anagen", "0.1.0"),
        evidence_release="sample-evidence",
        posterior_release="sample-release",
        person={"name": HOSTILE, "age": 34, "sex": "male", "country": "TR",
                "diagnosis": "androgenetic_alopecia",
                "health": {"pregnant": "unknown", "chemotherapy": "no"}, "medicines": None},
        assumed=(
            Assumption("wishes.sessions", 4, "The course and its price use four sessions."),
            Assumption("hair_type", "unknown", "Starting density comes from all hair types."),
        ),
        regulatory=regulatory(),
        candidacy=Verdict("exosome", "candidate", "None of the listed reasons was found.", (
            Finding("R-early", "indication", "Your hair loss is at an early stage.",
                    ("C24",), ("sample-1",)),
        )),
        arms=_arms(),
        course=course(),
        quote=quote(),
        forecast=forecast(),
        comparison=_comparison(),
        harms=_harms(),
        questions_to_ask=(
            Question("coa", "May I see the certificate of analysis?", "It shows what is in the "
                     "vial.", ("C23",), ("sample-5",)),
        ),
        claims=_claims(),
        sources=SOURCES,
        limits=(Limit("forecast", "No trial went past 24 weeks."),),
    )  # fmt: skip


@cache
def not_now() -> Plan:
    """A plan that a contraindication stops: no course, no quote, no forecast."""
    return replace(
        candidate(),
        person={"name": None, "age": 17, "sex": "female", "country": "XX", "health": {}},
        candidacy=Verdict("exosome", "not_now", "At least one listed reason speaks against this.", (
            Finding("R-under-18", "contraindication", "You are under 18.", (), ("sample-1",)),
            Finding("R-pregnant", "missing", "Are you pregnant?", ("C25",), ("sample-1",)),
            Finding("R-keloid", "caution", "You may scar.", (), ("sample-1",)),
        )),
        arms=tuple(
            replace(arm, available=arm.id == "none", verdict="not_now", reason="You are under 18.",
                    missing=("Are you pregnant?",))
            for arm in _arms()
        ),
        course=None,
        quote=None,
        forecast=NoForecast(False, "The model does not describe people under 18.", ("sample-2",)),
        limits=(Limit("course", "A listed reason speaks against it now."),
                Limit("quote", "A listed reason speaks against it now.")),
    )  # fmt: skip


def clinician() -> Plan:
    """The full plan in clinician mode."""
    return replace(candidate(), mode="clinician")


ALL = (candidate, not_now, clinician)
