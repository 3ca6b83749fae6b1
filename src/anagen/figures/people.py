"""A hundred people: how many may see a gain, no change, or a loss, as figures and as one bar.

Every picture tells the three apart by shape or pattern as well as by colour, and shows all three.
"""

from collections.abc import Mapping

from anagen.figures.draw import BLUE, ENGLISH, INK, ORANGE, Figure, named
from anagen.figures.svg import whole
from anagen.wording import Phrase, Wording

People = Mapping[str, int]
"""People by `gain`, `same` and `loss`, out of a hundred."""

PARTS = ("gain", "same", "loss")
PEOPLE, IN_A_ROW, CELL = 100, 10, 20
BAR_WIDTH, BAR_HEIGHT = 400, 20
SHARED = "people"
"""Begins the names of the patterns that the pictures of a page share."""

_HEAD = "M10 2a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8z"
_BODY = "M3.8 18.4v-3.2a5 5 0 0 1 5-5h2.4a5 5 0 0 1 5 5v3.2z"
_ICON: Mapping[str, str] = {
    "gain": f'<path d="{_HEAD}{_BODY}" fill="{BLUE}"/>'
    '<path d="M10 11.4v5.6m-2.8-2.8h5.6" stroke="#fff" stroke-width="1.7"/>',
    "same": f'<path d="{_HEAD}{_BODY}" stroke="{INK}" stroke-width="1.1" opacity=".6"/>',
    "loss": f'<path d="{_HEAD}{_BODY}M4.4 13h11.2M3.8 15.7h12.4" stroke="{ORANGE}" '
    'stroke-width="1.5"/>',
}
"""A filled person with a plus, an outline, and a striped one, each in a cell of 20 by 20."""


def icon_array(
    people: People, option: str, week: int, key: str, wording: Wording = ENGLISH
) -> Figure:
    """Ten rows of ten figures: gain first, then no visible change, then loss.

    Args:
        people: gain, same and loss; together 100.
        option: the option's name, in the language.
        week: the week from today that they are about.
        key: unique among the figures of a page, which also holds `patterns()`, once.
        wording: the language of the text alternative.

    Claims: C32.
    """
    areas, first = "", 0
    for part in PARTS:
        if people[part]:
            cells = _cells(first, first + people[part])
            areas += f'<path d="{cells}" fill="url(#chart-{SHARED}-{part})"/>'
        first += people[part]
    side = IN_A_ROW * CELL
    title = Phrase("{option}: 100 people after {week} weeks", option=option, week=week)
    svg = whole(areas, side, side)
    return named(svg, key, wording.say(title), wording.say(told(people)))


def patterns() -> str:
    """What the arrays and bars of a page are filled with; a page holds it once, unseen."""
    return f'<svg class="patterns" width="0" height="0" aria-hidden="true">{_patterns()}</svg>'


def _patterns() -> str:
    icons = "".join(
        f'<pattern id="chart-{SHARED}-{part}" width="{CELL}" height="{CELL}" '
        f'patternUnits="userSpaceOnUse"><g fill="none">{_ICON[part]}</g></pattern>'
        for part in PARTS
    )
    return (
        f'<defs>{icons}<pattern id="chart-{SHARED}-stripes" width="7" height="7" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
        f'<path d="M0 0H7V7H0z" fill="{ORANGE}" opacity=".3"/>'
        f'<path d="M0 0H3.2V7H0z" fill="{ORANGE}"/></pattern></defs>'
    )


def icon(part: str) -> str:
    """One figure of the array, for a key; it has no name of its own."""
    return (
        f'<svg viewBox="0 0 {CELL} {CELL}" width="{CELL}" height="{CELL}" fill="none" '
        f'aria-hidden="true">{_ICON[part]}</svg>'
    )


def share_bar(people: People) -> str:
    """One bar of a hundred people without letters or name: the numbers stand beside it.

    Gain is full, no change is empty, loss is striped (by `patterns()` of the page). It may be
    stretched to any width.
    """
    bar, start = "", 0
    fills = {"gain": BLUE, "same": INK, "loss": f"url(#chart-{SHARED}-stripes)"}
    for part, fill in fills.items():
        width = people[part] * BAR_WIDTH // PEOPLE
        faint = ' fill-opacity=".1"' if part == "same" else ""
        if width:
            bar += f'<path d="M{start} 0h{width}v{BAR_HEIGHT}h-{width}z" fill="{fill}"{faint}/>'
        start += width
    return (
        f'<svg viewBox="0 0 {BAR_WIDTH} {BAR_HEIGHT}" preserveAspectRatio="none" stroke="{INK}" '
        f'stroke-opacity=".5" aria-hidden="true">{bar}</svg>'
    )


def told(people: People) -> Phrase:
    """Gain, no change and loss in words, always together."""
    return Phrase(
        "Out of 100 people like you, {gain} may see a gain, {same} no change and {loss} a loss.",
        gain=people["gain"],
        same=people["same"],
        loss=people["loss"],
    )


def _cells(first: int, end: int) -> str:
    """The path around cells counted row by row: part of a row, whole rows, part of a row."""
    path, at = "", first
    while at < end:
        row, column = divmod(at, IN_A_ROW)
        rows = (end - at) // IN_A_ROW if column == 0 else 0
        width = IN_A_ROW if rows else min(IN_A_ROW - column, end - at)
        rows = max(rows, 1)
        path += f"M{column * CELL} {row * CELL}h{width * CELL}v{rows * CELL}h{-width * CELL}z"
        at += width * rows
    return path
