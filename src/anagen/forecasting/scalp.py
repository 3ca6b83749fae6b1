"""The follicle model of a release: one follicle per cm², once for each draw."""

import numpy as np

from anagen.follicle import FollicleModel
from anagen.follicle.spec import DEFAULT_GRID, MONTH_DAYS
from anagen.posterior import Keyed, Release

FIRST_DRIVE_LOG, FIRST_SHRINK = 0.9, 0.12
"""Where the search for the two solved parameters begins; it does not matter to the answer."""


def follicle_model(release: Release, keyed: Keyed, draws: int) -> FollicleModel:
    """Draws of the follicle model with a unit density, so that a scalp is this times a number.

    Two of its parameters are only first guesses here: the direct androgen effect and the chance to
    shrink are solved on the reference scalp; see `anagen.forecasting.reference`.
    """

    def of(parameter_id: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return release.numbers(parameter_id, keyed, draws)

    shares = release.shares("healthy-diameter-shares", keyed, draws)
    classes = np.stack([shares[f"{middle:g}"] for middle in DEFAULT_GRID.midpoints_um], axis=1)
    return FollicleModel(
        follicles_per_cm2=np.ones(draws),
        class_shares=classes,
        anagen_days=MONTH_DAYS * of("anagen-60um-months"),
        anagen_power=of("anagen-diameter-power"),
        anagen_drive_log=np.full(draws, FIRST_DRIVE_LOG),
        telogen_days=MONTH_DAYS * of("telogen-months"),
        latency_days=of("latency-days"),
        early_anagen_days=of("early-anagen-days"),
        latency_share=of("latency-share"),
        shrink_probability=np.full(draws, FIRST_SHRINK),
        shrink_slope=of("shrink-slope"),
        shrink_extra=of("shrink-extra"),
        relapse_probability=of("relapse-probability"),
        inflammation_anagen_log=of("inflammation-anagen-log"),
    )
