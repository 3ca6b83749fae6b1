"""The follicle model of a release: one follicle per cm², once for each draw."""

import numpy as np

from anagen.follicle import FollicleModel
from anagen.follicle.spec import DEFAULT_GRID, MONTH_DAYS
from anagen.posterior import Keyed, Release


def follicle_model(release: Release, keyed: Keyed, draws: int) -> FollicleModel:
    """Draws of the follicle model with a unit density, so that a scalp is this times a number."""

    def of(parameter_id: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return release.numbers(parameter_id, keyed, draws)

    shares = release.shares("healthy-diameter-shares", keyed, draws)
    classes = np.stack([shares[f"{middle:g}"] for middle in DEFAULT_GRID.midpoints_um], axis=1)
    return FollicleModel(
        follicles_per_cm2=np.ones(draws),
        class_shares=classes,
        anagen_days=MONTH_DAYS * of("anagen-60um-months"),
        anagen_power=of("anagen-diameter-power"),
        anagen_drive_log=of("anagen-drive-log"),
        telogen_days=MONTH_DAYS * of("telogen-months"),
        latency_days=of("latency-days"),
        early_anagen_days=of("early-anagen-days"),
        latency_share=of("latency-share"),
        shrink_probability=of("shrink-probability"),
        shrink_slope=of("shrink-slope"),
        shrink_extra=of("shrink-extra"),
        relapse_probability=of("relapse-probability"),
        inflammation_anagen_log=of("inflammation-anagen-log"),
    )
