"""One square centimetre of a person's scalp, follicle by follicle, for pictures.

A forecast is made of expectations. A picture needs follicles, so one draw from the middle of the
forecast is followed with its follicles, and of many fields that it could give one from the middle
is taken. Nothing here enters a forecast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import FollicleModel, FollicleRun, Population, Signals, simulate
from anagen.follicle.population import CONDITIONS, Follicles
from anagen.follicle.run import TOTAL_THRESHOLD_UM
from anagen.forecasting.arms import signals_by_arm
from anagen.forecasting.build import Forecasted
from anagen.forecasting.model import ArmForecast
from anagen.forecasting.outcomes import Outcomes
from anagen.forecasting.pairs import PAIR_DAY
from anagen.posterior.keyed import Floats

FIELDS = 96
"""Fields of the chosen draw among which one from the middle is looked for."""

COUNTS = ("total_density_per_cm2", "terminal_density_per_cm2")


@dataclass(frozen=True, slots=True)
class ScalpPatch:
    """One possible square centimetre of one person, of one draw.

    Attributes:
        model: the follicle model of the draw.
        day: day of `after`.
        today: every follicle today.
        after: the same follicles on that day, by arm.
    """

    model: FollicleModel
    day: int
    today: Follicles
    after: Mapping[str, Follicles]


def scalp_patch(forecasted: Forecasted, arms: Sequence[str], day: int = PAIR_DAY) -> ScalpPatch:
    """Follow the follicles of one square centimetre from today to a day of the forecast.

    All arms share their random numbers, so they differ only by what the treatment does.

    Args:
        forecasted: a forecast and its draws.
        arms: which arms; those without a forecast are left out.
        day: one of the forecast's days.
    """
    request, person = forecasted.request, forecasted.person
    asked = replace(request, arms=tuple(arm for arm in request.arms if arm.id in arms))
    known = [arm.id for arm in asked.arms if arm.id in forecasted.true]
    own = _middle_draw(forecasted, known, day)
    tables = signals_by_arm(asked, forecasted.release, forecasted.keyed, person, day)
    return _middle_field(
        person.model.pick(own),
        person.today.pick(own),
        {arm: table.pick(own) for arm, table in tables},
        day,
        forecasted.forecast.seed,
    )


def _middle_draw(forecasted: Forecasted, arms: Sequence[str], day: int) -> slice:
    """The draw whose counts today, and changes under each arm, lie nearest to the medians."""
    by_id = {arm.id: arm for arm in forecasted.forecast.arms}
    far = sum(_distance(forecasted.true[arm], by_id[arm], day) for arm in arms)
    draw = int(np.argmin(far))
    return slice(draw, draw + 1)


def _distance(true: Outcomes, arm: ArmForecast, day: int) -> Floats:
    """Squared distance of each draw from an arm's medians, in interquartile ranges."""
    far: Floats = np.zeros(1)
    for outcome in COUNTS:
        today, then = true.at(outcome, 0), true.at(outcome, day)
        for values, middle in (
            (today, arm.outcomes[outcome]["0"]),
            (then - today, arm.change[outcome][str(day)]),
        ):
            far = far + ((values - middle.q50) / max(middle.q75 - middle.q25, 1e-9)) ** 2
    return far


def _middle_field(
    model: FollicleModel, today: Population, signals: Mapping[str, Signals], day: int, seed: int
) -> ScalpPatch:
    """Of many fields, the one whose counts are nearest to what the draw expects."""
    each = max(round(float(model.follicles_per_cm2[0])), 1)
    some = next(iter(signals.values()))
    follow = partial(
        simulate, model, follicles=each * FIELDS, method="events", seed=seed, keep=True
    )
    start = _followed(follow(some, days=[0.0], start=today))
    after = {
        arm: _followed(follow(table, days=[day], start=start)) for arm, table in signals.items()
    }
    counts = {arm: _field_counts(state, model) for arm, state in {"": start, **after}.items()}
    expected = {arm: found.mean(axis=1, keepdims=True) for arm, found in counts.items()}
    far = ((counts[""] - expected[""]) ** 2).sum(axis=0)
    for arm in after:
        change = counts[arm] - counts[""]
        far += ((change - (expected[arm] - expected[""])) ** 2).sum(axis=0)
    field = int(far.argmin())
    return ScalpPatch(
        model=model,
        day=day,
        today=_field(start, field),
        after={arm: _field(state, field) for arm, state in after.items()},
    )


def _followed(run: FollicleRun) -> Follicles:
    assert isinstance(run.final, Follicles)
    return run.final


def _field(follicles: Follicles, field: int) -> Follicles:
    """One field: follicles at equal steps, a fair sample even where the start lies sorted."""
    return Follicles(
        **{part.name: getattr(follicles, part.name)[:, field::FIELDS] for part in fields(Follicles)}
    )


def _field_counts(follicles: Follicles, model: FollicleModel) -> NDArray[np.float64]:
    """Hairs of each field that are growing, and resting, and counted, (2, fields)."""
    share = model.grid.share_counted(TOTAL_THRESHOLD_UM)[follicles.group[0]]
    return np.stack(
        [
            (share * (follicles.phase[0] == CONDITIONS.index(phase)))
            .reshape(-1, FIELDS)
            .sum(axis=0)
            for phase in ("anagen", "telogen")
        ]
    )
