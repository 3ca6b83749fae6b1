"""Charts and pictures of forecasts, prices and simulated scalp, each with a text alternative."""

from anagen.figures.course import density_over_time, phase_shares
from anagen.figures.curves import Shown, curves
from anagen.figures.draw import Figure, png
from anagen.figures.hairs import Look, patch_counts
from anagen.figures.people import icon, icon_array, patterns, share_bar
from anagen.figures.price import price_range
from anagen.figures.ranges import RangeAxis, range_axis
from anagen.figures.scalp import scalp_panels, scalp_patch

__all__ = [
    "Figure",
    "Look",
    "RangeAxis",
    "Shown",
    "curves",
    "density_over_time",
    "icon",
    "icon_array",
    "patch_counts",
    "patterns",
    "phase_shares",
    "png",
    "price_range",
    "range_axis",
    "scalp_panels",
    "scalp_patch",
    "share_bar",
]
