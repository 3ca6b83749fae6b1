"""A price as a range on a line, with the budget where one is given."""

from anagen.figures.draw import BLUE, ENGLISH, INK, ORANGE, Figure, named
from anagen.figures.svg import Scale, brief, grid, nice_ticks, whole, words
from anagen.quote.model import Quote
from anagen.wording import Money, Phrase, Wording, joined

WIDTH, HEIGHT = 400.0, 112.0
LEFT, RIGHT, LINE, BAR, THICK = 24.0, 372.0, 74.0, 38.0, 20.0


def price_range(
    quote: Quote, budget: float | None = None, wording: Wording = ENGLISH
) -> Figure | None:
    """The quote's range; None when no price is known.

    Args:
        quote: the price range.
        budget: in the quote's currency, or None.
        wording: the language of its letters.
    """
    if quote.low is None or quote.high is None:
        return None
    low, high = float(quote.low), float(quote.high)
    ticks = nice_ticks(0.0, max(high, budget or 0.0), 4)
    x = Scale(ticks[0], ticks[-1], LEFT, RIGHT)
    say, lines, letters = wording.say, f"M{brief(LEFT)} {brief(LINE)}H{brief(RIGHT)}", ""
    for tick in ticks:
        lines += f"M{brief(x(tick))} {brief(BAR - 6)}V{brief(LINE + 5)}"
        letters += words(x(tick), LINE + 20, say(Money(str(round(tick)))), "middle")
    axis = say(Phrase("Whole course, {currency}", currency=quote.currency))
    letters += words((LEFT + RIGHT) / 2, HEIGHT - 2, axis, "middle")
    bar = (
        f'<path d="M{brief(x(low))} {brief(BAR)}H{brief(x(high))}v{brief(THICK)}'
        f'H{brief(x(low))}z" fill="{BLUE}"/><path d="M{brief(x(low))} {brief(BAR - 4)}v28'
        f'M{brief(x(high))} {brief(BAR - 4)}v28" stroke="{INK}" stroke-width="2"/>'
    )
    told = [
        Phrase("The whole course: {range}.", range=Money(quote.low, quote.high, quote.currency))
    ]
    if budget is not None:
        amount = Money(str(round(budget)), None, quote.currency)
        told.append(Phrase("Your budget is {amount}.", amount=amount))
        letters += _budget(x(budget), budget > ticks[-1] / 2, say("your budget"))
    svg = whole(grid(lines) + bar + letters, WIDTH, HEIGHT)
    return named(svg, "price", say("Price range of the course"), say(joined(told)))


def _budget(x: float, right: bool, label: str) -> str:
    return (
        f'<path d="M{brief(x)} 20V{brief(LINE)}" stroke="{ORANGE}" stroke-width="2.5" '
        f'stroke-dasharray="4 3"/>{words(x, 14, label, "end" if right else "start")}'
    )
