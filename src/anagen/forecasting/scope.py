"""Whom the model describes, and what its curves leave open."""

from collections.abc import Iterator, Sequence

import numpy as np

from anagen.forecasting.basis import BasisTable
from anagen.forecasting.model import NoForecast
from anagen.forecasting.options import Option
from anagen.forecasting.outcomes import Outcomes
from anagen.forecasting.person_model import FEW
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.schedules import schedule_of
from anagen.posterior import Release
from anagen.treatment.arms import parse_arm

ADULT_YEARS = 18
OLDEST_STUDIED_YEARS = 50
RECENT_DAYS = 183
"""A measurement older than half a year says little of what an instrument would read today."""

_NAMES = {
    "total_density_per_cm2": "hairs per cm²",
    "terminal_density_per_cm2": "terminal hairs per cm²",
    "mean_diameter_um": "mean diameter in µm",
    "anagen_percent": "share of growing hairs in %",
}

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
    if request.current_medicines:
        names = " and ".join(request.current_medicines)
        found.append(f"All curves assume that {names} goes on, and was used for a year so far.")
    if request.tissue_half_life == "article":
        found.append(
            "These curves take the article at its word that exosomes stay for months. No "
            "measurement supports that."
        )
    if worth < FEW:
        found.append(
            "Your measurements are unlike what the model expects. The curves are less certain than "
            "they look."
        )
    return tuple(found)


def surprises(request: ForecastRequest, readings: Outcomes) -> Iterator[str]:
    """The person's own recent values that the fitted model would hardly read today.

    Args:
        request: holds the measurements.
        readings: what an instrument would read, day 0 first.
    """
    recent = [one for one in request.measurements if one.days_ago <= RECENT_DAYS]
    if not recent:
        return
    latest = min(recent, key=lambda one: one.days_ago)
    for outcome, name in _NAMES.items():
        value = getattr(latest, outcome)
        low, high = np.quantile(readings.values[outcome][0], (0.05, 0.95))
        if value is not None and not low <= value <= high:
            yield (
                f"Your count gave {value:g} for {name}. With your other answers the model would "
                f"read {low:.0f} to {high:.0f}. Instruments differ in which hairs they count. The "
                "curves follow the model."
            )
