"""Charts of a forecast and a price as specifications, drawn to SVG with a text alternative."""

from anagen.figures.curves import curves
from anagen.figures.draw import Figure
from anagen.figures.price import price_range
from anagen.figures.ranges import ranges
from anagen.figures.shares import shares

__all__ = ["Figure", "curves", "price_range", "ranges", "shares"]
