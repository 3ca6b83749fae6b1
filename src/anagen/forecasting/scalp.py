"""The follicle model of a release: one follicle per cm², once for each draw."""

import numpy as np

from anagen.follicle import FollicleModel
from anagen.follicle.spec import DEFAULT_GRID, MONTH_DAYS
from anagen.posterior import Keyed, Release
from anagen.posterior.keyed import Floats

GROWTH_BAND_UM = 60.0
"""Diameter that parts the two bands in which growth was measured."""


def follicle_model(release: Release, keyed: Keyed, draws: int) -> FollicleModel:
    """Draws of the follicle model with a unit density, so that a scalp is this times a number."""

    def of(parameter_id: str) -> Floats:
        return release.numbers(parameter_id, keyed, draws)

    shares = release.shares("healthy-diameter-shares", keyed, draws)
    growth, slowing = growth_rows(release, keyed, draws)
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
        growth_um_per_day=growth,
        growth_drive_log=slowing,
    )


def growth_rows(release: Release, keyed: Keyed, draws: int) -> tuple[Floats, Floats]:
    """Growth by diameter while healthy, and the log of its change under full drive. Equation F6.

    Each is (draws, classes). It was measured in two bands, below and above 60 µm (Van Neste 2020);
    a class that lies in both takes its share of each.
    """
    thick = DEFAULT_GRID.share_counted(GROWTH_BAND_UM)[None, :]

    def row(quantity: str) -> Floats:
        below, above = (
            release.numbers(f"growth-{band}-{quantity}", keyed, draws)[:, None]
            for band in ("thin", "thick")
        )
        return np.asarray(below * (1.0 - thick) + above * thick)

    return row("healthy"), row("drive-log")
