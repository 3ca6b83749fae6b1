"""When a change is large enough to be seen: a stated assumption, drawn anew for each draw."""

from dataclasses import dataclass

import numpy as np

from anagen.forecasting.model import FirstVisibleDay, VisibleShares
from anagen.forecasting.summary import POINTS
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats


@dataclass(frozen=True, slots=True)
class Visibility:
    """Relative change of density that a person would notice, one value per draw."""

    gain: Floats
    loss: Floats


def visibility(release: Release, keyed: Keyed, draws: int) -> Visibility:
    """Draws of what is noticed."""
    return Visibility(
        gain=release.numbers("visible-gain", keyed, draws),
        loss=release.numbers("visible-loss", keyed, draws),
    )


def visible_shares(today: Floats, later: Floats, noticed: Visibility) -> VisibleShares:
    """Chances of a visible gain, no visible change and a visible loss against today."""
    change = later / today - 1.0
    gain = float((change >= noticed.gain).mean())
    loss = float((change <= -noticed.loss).mean())
    return VisibleShares(gain=gain, same=1.0 - gain - loss, loss=loss)


def first_visible_day(days: Floats, density: Floats, noticed: Visibility) -> FirstVisibleDay:
    """Day of the first visible gain.

    New hair needs weeks under the skin before it can be seen, so the model does not give what the
    article says of one to two weeks.

    Claims: C09.

    Args:
        days: rising days from 0.
        density: true density, (days, draws).
        noticed: the gain that is noticed.
    """
    gain = density / density[0] - 1.0
    reached = gain >= noticed.gain
    row = np.argmax(reached, axis=0)
    ever = reached.any(axis=0) & (row > 0)
    draw = np.arange(density.shape[1])
    before = np.maximum(row - 1, 0)
    low, high = gain[before, draw], gain[row, draw]
    part = np.divide(noticed.gain - low, high - low, out=np.ones_like(low), where=high > low)
    crossing = np.where(ever, days[before] + part * (days[row] - days[before]), np.inf)
    points = np.quantile(crossing, POINTS, method="inverted_cdf")
    q05, q25, q50, q75, q95 = (float(day) if np.isfinite(day) else None for day in points)
    return FirstVisibleDay(q05, q25, q50, q75, q95, never=float(1.0 - ever.mean()))
