"""Whom the model describes, and what its curves leave open."""

from collections.abc import Iterable, Iterator, Sequence

from anagen.evidence.vocabulary import Component
from anagen.follicle.spec import MONTH_DAYS
from anagen.forecasting.basis import BasisTable
from anagen.forecasting.checks import Check
from anagen.forecasting.model import NoForecast
from anagen.forecasting.options import Option
from anagen.forecasting.past import LONGEST_PAST_DAYS, Had
from anagen.forecasting.person_model import FEW
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.schedules import schedule_of
from anagen.posterior import Release
from anagen.treatment.arms import INJECTED, parse_arm
from anagen.wording import Phrase, listed, marked

ADULT_YEARS = 18
OLDEST_STUDIED_YEARS = 50

_NAMES = {
    "total_density_per_cm2": marked("hairs per cm²"),
    "terminal_density_per_cm2": marked("terminal hairs per cm²"),
    "mean_diameter_um": marked("mean diameter in µm"),
    "anagen_percent": marked("share of growing hairs in %"),
}

_ASSUMED: dict[Component, str] = {
    "exosome": marked("The exosome curve assumes {schedule}."),
    "prp": marked("The PRP curve assumes {schedule}."),
}

_SESSION_WORDS = {"exosome": marked("exosome"), "prp": marked("PRP")}

DESCRIBED = "androgenetic_alopecia"


def out_of_scope(request: ForecastRequest, table: BasisTable) -> NoForecast | None:
    """Why this person gets no forecast, or None: never an invented curve."""
    reasons = {
        request.diagnosis: request.diagnosis != DESCRIBED,
        "under_18": request.age < ADULT_YEARS,
        "chemotherapy": request.chemotherapy,
        "radiotherapy": request.radiotherapy,
    }
    for reason, applies in reasons.items():
        if applies:
            refusal = table.refusals[reason]
            return NoForecast(False, refusal.reason, refusal.sources)
    return None


def notes(
    request: ForecastRequest, release: Release, chosen: Sequence[Option], worth: float
) -> tuple[str, ...]:
    """What the curves leave open for this person, one short text each."""
    found = [
        marked(
            "Exosomes beyond six months are not studied. The curve shows the range of our guesses "
            "on how long the effect stays, how it works and what is lost after it."
        ),
        marked("A person may differ a lot from the average of a trial. The curves include that."),
        marked("How many hairs a stage has left is our guess; nobody has published it."),
    ]
    if request.age > OLDEST_STUDIED_YEARS:
        found.append(
            marked("Trials cover ages of about 18 to 50. For your age the curves are extrapolated.")
        )
    if request.sex == "female":
        found.append(
            marked("Apart from minoxidil, the curves rest on studies that were mostly in men.")
        )
    wished = parse_arm(request.wished).components
    used = {name for option in chosen if option.available for name in option.new}
    for name, word in _ASSUMED.items():
        if name in used and name not in wished:
            schedule = schedule_of(name, request, release)
            found.append(Phrase(word, schedule=schedule.words))
    found += _of_the_past(request, release)
    if request.tissue_half_life == "article":
        found.append(
            marked(
                "These curves take the article at its word that exosomes stay for months. No "
                "measurement supports that."
            )
        )
    if worth < FEW:
        found.append(
            marked(
                "Few of the possible pasts that were tried fit all you told. The curves are less "
                "certain than they look."
            )
        )
    return tuple(found)


def _of_the_past(request: ForecastRequest, release: Release) -> Iterator[str]:
    """What was had before today, and how the curves use it."""
    had = Had.of(request, release)
    first_days = {one.component for one in request.received}
    undated = [name for name in had.medicines if name not in first_days]
    if undated:
        yield Phrase(
            "All curves assume that {names} goes on, and was used for a year so far.",
            names=listed(undated),
        )
    for name, since in had.medicines.items():
        if name not in first_days:
            continue
        long = since >= LONGEST_PAST_DAYS
        yield Phrase(
            "All curves assume that {name} goes on. By your dates it was used for {how_long}.",
            name=name,
            how_long=Phrase("three years or more") if long else _how_long(since),
        )
    for name, sessions in had.sessions.items():
        count = len(sessions.days)
        yield Phrase.counted(
            "The curves count in {count} {name} session that you had, the last one {how_long} ago. "
            "What may be left of the effect goes on in every curve.",
            "The curves count in {count} {name} sessions that you had, the last one {how_long} "
            "ago. What may be left of the effect goes on in every curve.",
            count,
            name=Phrase(_SESSION_WORDS[name]),
            how_long=_how_long(-max(sessions.days)),
        )
    yield from _left_out(request, had)
    if request.measurements and had.days:
        yield Phrase(
            "Your measurements also say a little on how you respond to {names}. The curves use "
            "that. Other causes of a change cannot be told apart from it.",
            names=listed(Phrase(_SESSION_WORDS.get(name, name)) for name in had.components),
        )


def _left_out(request: ForecastRequest, had: Had) -> Iterator[str]:
    """What the file tells of the past and the curves don't use."""
    ended = {one.component for one in request.received} - {*INJECTED, *request.current_medicines}
    for name in sorted(ended):
        yield Phrase(
            "Your file says that you had {name}, and does not list it among medicines in use. "
            "The curves leave it out, as nothing says how long you used it.",
            name=name,
        )
    old = [one for one in request.received if one.component in INJECTED]
    kept = sum(len(sessions.days) for sessions in had.sessions.values())
    if len(old) > kept:
        yield marked("Sessions of more than three years ago are left out of the curves.")


def _how_long(days: float) -> str:
    """A time in words, to the nearest unit that suits it."""
    if days >= 60.0:
        return Phrase.counted("{count} month", "{count} months", round(days / MONTH_DAYS))
    if days >= 14.0:
        return Phrase.counted("{count} week", "{count} weeks", round(days / 7.0))
    return Phrase.counted("{count} day", "{count} days", round(days))


def surprises(request: ForecastRequest, checks: Iterable[Check]) -> Iterator[str]:
    """The person's own values that everything else told makes hardly possible.

    Args:
        request: holds the measurements.
        checks: every value beside the rest.
    """
    for one in checks:
        if not one.flagged:
            continue
        yield Phrase(
            "Your count of {day} gave {reading} for {outcome}. From your other answers the model "
            "expects {low} to {high} (95 % range). It may be an error of reading or typing, or "
            "the model may not describe you. The less a value fits, the less the curves follow it.",
            day=request.measurements[one.visit].day,
            reading=f"{one.reading:.3g}",
            outcome=Phrase(_NAMES[one.outcome]),
            low=f"{one.low:.0f}",
            high=f"{one.high:.0f}",
        )
