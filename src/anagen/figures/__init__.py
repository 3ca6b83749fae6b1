"""Charts and pictures of forecasts, prices and simulated scalp, each with a text alternative."""

from anagen.figures.course import density_over_time, phase_shares
from anagen.figures.curves import curves
from anagen.figures.draw import Figure, png
from anagen.figures.price import price_range
from anagen.figures.ranges import ranges
from anagen.figures.scalp import Look, patch_counts, scalp_panels, scalp_patch
from anagen.figures.shares import shares

__all__ = [
    "Figure",
    "Look",
    "curves",
    "density_over_time",
    "patch_counts",
    "phase_shares",
    "png",
    "price_range",
    "ranges",
    "scalp_panels",
    "scalp_patch",
    "shares",
]
