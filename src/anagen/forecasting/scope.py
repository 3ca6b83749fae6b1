"""Whom the model describes, and what its curves leave open."""

from collections.abc import Iterable, Iterator, Sequence

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

ADULT_YEARS = 18
OLDEST_STUDIED_YEARS = 50

_NAMES = {
    "total_density_per_cm2": "hairs per cm²",
    "terminal_density_per_cm2": "terminal hairs per cm²",
    "mean_diameter_um": "mean diameter in µm",
    "anagen_percent": "share of growing hairs in %",
}

_SESSION_WORDS = {"exosome": "exosome", "prp": "PRP"}

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
        "Exosomes beyond six months are not studied. The curve shows the range of our guesses on "
        "how long the effect stays, how it works and what is lost after it.",
        "A person may differ a lot from the average of a trial. The curves include that.",
        "How many hairs a stage has left is our guess; nobody has published it.",
    ]
    if request.age > OLDEST_STUDIED_YEARS:
        found.append(
            "Trials cover ages of about 18 to 50. For your age the curves are extrapolated."
        )
    if request.sex == "female":
        found.append("Apart from minoxidil, the curves rest on studies that were mostly in men.")
    wished = parse_arm(request.wished).components
    used = {name for option in chosen if option.available for name in option.new}
    for name, word in (("exosome", "exosome"), ("prp", "PRP")):
        if name in used and name not in wished:
            schedule = schedule_of(name, request, release)
            found.append(f"The {word} curve assumes {schedule.words}.")
    found += _of_the_past(request, release)
    if request.tissue_half_life == "article":
        found.append(
            "These curves take the article at its word that exosomes stay for months. No "
            "measurement supports that."
        )
    if worth < FEW:
        found.append(
            "Few of the possible pasts that were tried fit all you told. The curves are less "
            "certain than they look."
        )
    return tuple(found)


def _of_the_past(request: ForecastRequest, release: Release) -> Iterator[str]:
    """What was had before today, and how the curves use it."""
    had = Had.of(request, release)
    first_days = {one.component for one in request.received}
    undated = [name for name in had.medicines if name not in first_days]
    if undated:
        names = " and ".join(undated)
        yield f"All curves assume that {names} goes on, and was used for a year so far."
    for name, since in had.medicines.items():
        if name not in first_days:
            continue
        long = since >= LONGEST_PAST_DAYS
        how_long = "three years or more" if long else _how_long(since)
        yield f"All curves assume that {name} goes on. By your dates it was used for {how_long}."
    for name, sessions in had.sessions.items():
        count = len(sessions.days)
        yield (
            f"The curves count in {count} {_SESSION_WORDS[name]} session{'s' * (count > 1)} that "
            f"you had, the last one {_how_long(-max(sessions.days))} ago. What may be left of the "
            "effect goes on in every curve."
        )
    yield from _left_out(request, had)
    if request.measurements and had.days:
        names = " and ".join(_SESSION_WORDS.get(name, name) for name in had.components)
        yield (
            f"Your measurements also say a little on how you respond to {names}. The curves use "
            "that. Other causes of a change cannot be told apart from it."
        )


def _left_out(request: ForecastRequest, had: Had) -> Iterator[str]:
    """What the file tells of the past and the curves don't use."""
    ended = {one.component for one in request.received} - {*INJECTED, *request.current_medicines}
    for name in sorted(ended):
        yield (
            f"Your file says that you had {name}, and does not list it among medicines in use. "
            "The curves leave it out, as nothing says how long you used it."
        )
    old = [one for one in request.received if one.component in INJECTED]
    kept = sum(len(sessions.days) for sessions in had.sessions.values())
    if len(old) > kept:
        yield "Sessions of more than three years ago are left out of the curves."


def _how_long(days: float) -> str:
    """A time in words, to the nearest unit that suits it."""
    for unit, length, least in (("month", MONTH_DAYS, 60.0), ("week", 7.0, 14.0), ("day", 1.0, 0)):
        if days >= least:
            count = round(days / length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError("days are 0 or more")


def surprises(request: ForecastRequest, checks: Iterable[Check]) -> Iterator[str]:
    """The person's own values that everything else told makes hardly possible.

    Args:
        request: holds the measurements.
        checks: every value beside the rest.
    """
    for one in checks:
        if not one.flagged:
            continue
        yield (
            f"Your count of {request.measurements[one.visit].day} gave {one.reading:.3g} for "
            f"{_NAMES[one.outcome]}. From your other answers the model expects {one.low:.0f} to "
            f"{one.high:.0f} (95 % range). It may be an error of reading or typing, or the model "
            "may not describe you. The less a value fits, the less the curves follow it."
        )
