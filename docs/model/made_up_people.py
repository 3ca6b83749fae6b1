"""Made-up people for the page on the personal update: their truth is known, their readings err."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import FollicleRun, simulate
from anagen.follicle.signals import STEP_DAYS, step_count
from anagen.forecasting.arms import signals_by_arm
from anagen.forecasting.candidates import Candidates
from anagen.forecasting.explore import normalised, systematic
from anagen.forecasting.outcomes import Noise, Outcomes, measurement_noise
from anagen.forecasting.past import Had
from anagen.forecasting.person_model import (
    PersonDraws,
    candidates,
    first_traits,
    person_draws,
    present_scalp,
    responses,
)
from anagen.forecasting.request import ArmRequest, ForecastRequest, Measured, Received
from anagen.forecasting.weighing import Told
from anagen.posterior import Keyed, Release
from anagen.treatment.arms import COMPONENTS
from anagen.treatment.effect import scalp_signals

Floats = NDArray[np.float64]

TRUTH, UPDATE = Keyed(2026, "simulated"), Keyed(1)
"""Random numbers of the people, and of every update: not the same draws of the model."""

DAYS = (0, 168, 364)
FOLLICLES = 290
"""Follicles of a field of about one square centimetre."""

LARGE_CM2 = 1e9

DENSITY = "total_density_per_cm2"
QUANTITIES = {
    **{
        f"{arm}-{day}": f"density on day {day}, {words}"
        for arm, words in (("none", "nothing new"), ("exosome", "another course"))
        for day in DAYS
        if (arm, day) != ("exosome", 0)
    },
    "response": "response to exosomes",
}
MAN = ForecastRequest(
    age=34,
    sex="male",
    diagnosis="androgenetic_alopecia",
    hair_type="european",
    years_since_onset=6.0,
    arms=(ArmRequest("none"), ArmRequest("exosome")),
)
COURSE = tuple(Received("exosome", days_ago) for days_ago in (182, 168, 154, 140))


@dataclass(frozen=True)
class Case:
    """What the people of one case had, and when they were measured.

    Attributes:
        name: in the data file.
        words: on the page.
        visits: days before today.
        received: what was had.
        mistake: factor on one count of each person, as by a mistake; 1 is none.
    """

    name: str
    words: str
    visits: tuple[int, ...]
    received: tuple[Received, ...] = ()
    mistake: float = 1.0

    @property
    def request(self) -> ForecastRequest:
        """A person of this case before any measurement is told."""
        return replace(MAN, received=self.received)


CASES = (
    Case("untreated-2", "2 visits, nothing had", (182, 0)),
    Case("untreated-4", "4 visits, nothing had", (364, 252, 126, 0)),
    Case("course-2", "2 visits, around a course of exosomes", (182, 14), COURSE),
    Case("course-4", "4 visits, before, in and after a course", (182, 161, 77, 14), COURSE),
    Case("mistake-4", "the same, one count 40 % too low", (182, 161, 77, 14), COURSE, 0.6),
)


@dataclass(frozen=True)
class Result:
    """One quantity of one simulated person before and after the update.

    Attributes:
        case, person: which person.
        quantity: a density on a day under an arm, or the response.
        truth: its true value.
        rank: share of the updated draws below the truth.
        width, width_before: of the 90 % interval, with measurements and without.
        worth: candidates that the weights are worth.
        values, flagged: how many values were measured, and how many flagged.
        found: whether a flagged value was the one made a mistake, 1 or 0.
    """

    case: str
    person: int
    quantity: str
    truth: float
    rank: float
    width: float
    width_before: float
    worth: float
    values: int
    flagged: int
    found: int


def simulated(
    case: Case, release: Release, people: int
) -> tuple[list[tuple[Measured, ...]], dict[str, Floats]]:
    """People from the release: what was measured of each, and what is true of all."""
    request = case.request
    had = Had.of(request, release)
    atoms = candidates(request, release, TRUTH, (people, had))
    told = Told(request, release, TRUTH, had, atoms).weigh(first_traits(TRUTH, atoms))
    chosen = systematic(normalised(told.log_weight), people, 0.5)
    # In a random order, so that nothing else that is counted by person goes along with the draws.
    chosen = chosen[np.argsort(TRUTH.uniform("order", people))]
    mean, spread = atoms.density
    density = np.exp(mean[chosen] + spread * TRUTH.normal("density", people))
    picked = atoms.with_traits(told.atom[chosen], told.traits[chosen])
    own = {name: responses(release, TRUTH, name, people) for name in COMPONENTS}
    person = PersonDraws(
        model=replace(picked.model, follicles_per_cm2=density),
        today=present_scalp(picked, had).scaled(density),
        scalp=picked.scalp,
        index=picked.index,
        responses=own | dict(picked.responses),
        worth=0.0,
        had=had,
    )
    visits = _read(case, release, picked, density)
    return visits, later(request, release, TRUTH, person)


def _read(
    case: Case, release: Release, picked: Candidates, density: Floats
) -> list[tuple[Measured, ...]]:
    """Readings of every person on the days of the visits."""
    had, nearest_first = Had.of(case.request, release), sorted(case.visits)
    runs = _followed(had, nearest_first, picked)
    true = [Outcomes.of(replace(run, density=run.density * density), (0,)) for run in runs]
    values = {name: np.concatenate([one.values[name] for one in true]) for name in true[0].values}
    whole = Outcomes(tuple(nearest_first), values)
    noise = measurement_noise(release, TRUTH, nearest_first, density.shape[0])
    # Chance in the field is in the follicles already.
    noise = Noise(tuple(replace(one, field_cm2=LARGE_CM2) for one in noise.readings))
    read = noise.measured(whole, density).values
    read[DENSITY][1] *= case.mistake
    if case.mistake != 1.0:
        # A terminal count can't be above the total one; the file would refuse it.
        read["terminal_density_per_cm2"][1] *= case.mistake
    return [
        tuple(
            Measured(
                day,
                total_density_per_cm2=float(read["total_density_per_cm2"][row, person]),
                terminal_density_per_cm2=float(read["terminal_density_per_cm2"][row, person]),
                mean_diameter_um=float(read["mean_diameter_um"][row, person]),
                anagen_percent=float(read["anagen_percent"][row, person]),
            )
            for row, day in enumerate(nearest_first)
        )
        for person in range(density.shape[0])
    ]


def _followed(had: Had, days_ago: list[int], picked: Candidates) -> list[FollicleRun]:
    """What one field shows, its hairs followed one by one, from the nearest visit to the farthest.

    All visits count the same follicles, as in life.
    """
    days = had.days or step_count(max(days_ago)) * STEP_DAYS
    effects = had.until_today(picked.acting) if had.days else []
    signals = scalp_signals(picked.scalp, effects, step_count(days))
    run = simulate(
        picked.model,
        signals,
        FOLLICLES,
        days=[days - day for day in reversed(days_ago)],
        method="events",
        start=picked.before(days),
        seed=TRUTH.seed,
    )
    return [
        replace(run, days=(0.0,), density=run.density[[row]])
        for row in reversed(range(len(days_ago)))
    ]


def later(
    request: ForecastRequest, release: Release, keyed: Keyed, person: PersonDraws
) -> dict[str, Floats]:
    """Every quantity of the person's draws."""
    found = {"response": person.responses["exosome"]}
    for arm, signals in signals_by_arm(request, release, keyed, person, DAYS[-1]):
        run = simulate(person.model, signals, days=DAYS, start=person.today)
        found |= {f"{arm}-{day}": values for day, values in zip(DAYS, run.counted(), strict=True)}
    return {name: found[name] for name in QUANTITIES}


def results(case: Case, release: Release, people: int, draws: int) -> Iterator[Result]:
    """Every person of a case before and after the update."""
    visits, truth = simulated(case, release, people)
    before = later(
        case.request, release, UPDATE, person_draws(case.request, release, UPDATE, draws)
    )
    for number, measured in enumerate(visits):
        request = replace(case.request, measurements=measured)
        person = person_draws(request, release, UPDATE, draws)
        flagged = [check for check in person.checks if check.flagged]
        mistake = any(check.visit == 1 and check.outcome == DENSITY for check in flagged)
        for name, values in later(request, release, UPDATE, person).items():
            yield Result(
                case=case.name,
                person=number,
                quantity=name,
                truth=float(truth[name][number]),
                rank=float((values < truth[name][number]).mean()),
                width=_width(values),
                width_before=_width(before[name]),
                worth=person.worth,
                values=len(person.checks),
                flagged=len(flagged),
                found=int(mistake),
            )


def _width(values: Floats) -> float:
    low, high = np.quantile(values, (0.05, 0.95))
    return float(high - low)


def covered(found: Iterable[Result], share: float) -> float:
    """Share of truths inside the central interval that should hold `share` of them."""
    edge = 0.5 * (1.0 - share)
    inside = [edge <= one.rank <= 1.0 - edge for one in found]
    return round(float(np.mean(inside)), 4)
