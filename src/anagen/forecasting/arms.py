"""What every arm does to one person's scalp, as the signals that a simulation reads."""

from collections.abc import Iterator

from anagen.evidence.vocabulary import Component
from anagen.follicle import Signals
from anagen.follicle.signals import step_count
from anagen.forecasting.effects import Acting, for_people, size_name, sized
from anagen.forecasting.options import options
from anagen.forecasting.person_model import PersonDraws
from anagen.forecasting.request import ForecastRequest
from anagen.forecasting.schedules import schedule_of
from anagen.posterior import Keyed, Release
from anagen.treatment.arms import INJECTED
from anagen.treatment.effect import scalp_signals


def signals_by_arm(
    request: ForecastRequest, release: Release, keyed: Keyed, person: PersonDraws, days: float
) -> Iterator[tuple[str, Signals]]:
    """Signals of each arm that has a curve, by its id.

    Medicines in use go on in all of them, and so does what is left of sessions that were had.

    They come one at a time, because those of many draws are large.

    Args:
        request: the person and the options.
        release: parameters to draw from.
        keyed: random numbers; those of `person`.
        person: the person's draws.
        days: how far the signals reach.
    """
    steps = step_count(days)
    available = [option for option in options(request) if option.available]
    wanted = {name for option in available for name in option.new} | {*person.had.components}
    acting = _acting(request, release, keyed, person, wanted)
    for option in available:
        effects = person.had.from_today(option.new, acting, steps)
        yield option.id, scalp_signals(person.scalp, effects, steps)


def _acting(
    request: ForecastRequest,
    release: Release,
    keyed: Keyed,
    person: PersonDraws,
    wanted: set[Component],
) -> Acting:
    draws = person.model.draws
    treatments = {}
    for name in sorted(wanted):
        parameters = sized(release, keyed, draws, size_name(name, request))
        treatments[name] = for_people(parameters, person.index, person.responses[name])
    return Acting(
        treatments=treatments,
        schedules={name: schedule_of(name, request, release).planned for name in INJECTED},
        interaction=release.numbers("exosome-prp-interaction", keyed, draws),
    )
