"""A price as a range on a line, with the budget where one is given."""

from typing import Any

from anagen.figures.draw import BLUE, INK, ORANGE, Figure, axis, draw, layer
from anagen.quote.model import Quote

WIDTH, HEIGHT = 330, 62
PADDING = {"left": 24, "right": 30, "top": 8, "bottom": 44}


def price_range(quote: Quote, budget: float | None = None) -> Figure | None:
    """The quote's range; None when no price is known.

    Args:
        quote: the price range.
        budget: in the quote's currency, or None.
    """
    if quote.low is None or quote.high is None:
        return None
    low, high = float(quote.low), float(quote.high)
    top = max(high, budget or 0.0)
    domain = {"domain": [0, top], "nice": 4}
    ticks = axis(f"Whole course, {quote.currency}", tickCount=4, format=",d", grid=False)

    def x(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "scale": domain, "axis": ticks}

    span = [{"low": low, "high": high}]
    layers = [
        layer(span, {"type": "rule", "color": BLUE, "strokeWidth": 16, "y": 40},
              x=x("low"), x2={"field": "high"}),
        layer([{"at": low}, {"at": high}],
              {"type": "tick", "color": INK, "thickness": 2, "y": 40, "bandSize": 22}, x=x("at")),
    ]  # fmt: skip
    text = f"Between {low:,.0f} and {high:,.0f} {quote.currency} for the whole course."
    if budget is not None:
        mark = [{"at": budget, "name": "your budget"}]
        align = "right" if budget > top / 2 else "left"
        layers += [
            layer(mark, {"type": "rule", "color": ORANGE, "strokeDash": [4, 3],
                         "strokeWidth": 2.5, "y": 18, "y2": HEIGHT}, x=x("at")),
            layer(mark, {"type": "text", "y": 8, "align": align}, x=x("at"),
                  text={"field": "name"}),
        ]  # fmt: skip
        text += f" Your budget is {budget:,.0f} {quote.currency}."
    spec = {"width": WIDTH, "height": HEIGHT, "padding": PADDING, "layer": layers}
    return draw("price", spec, "Price range of the course", text)
