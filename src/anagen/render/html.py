"""A plan as one page that needs nothing else: no network, no scripts, no other files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anagen.figures import Figure, curves, price_range, ranges, scalp_panels, shares
from anagen.forecasting.model import ArmForecast, Forecast
from anagen.forecasting.patch import ScalpPatch
from anagen.plan.model import Plan, SourceView
from anagen.render import harms, view, words

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"
CERTAINTY_DOTS: Final = {"high": 4, "moderate": 3, "low": 2, "very_low": 1, "none": 0}
MOST_DOTS: Final = 4
CHANGE: Final = "Change in hairs per cm²"


def html_page(plan: Plan, patch: ScalpPatch | None = None) -> str:
    """The whole plan as one HTML document, to read, print or send.

    Regulatory status comes first and can't be switched off; every number that forecasts
    something is a range with its certainty; every statement links to its sources.

    Args:
        plan: what to show.
        patch: follicles of one possible square centimetre; without it the page has no pictures of
            scalp. See `anagen.plan.requests.scalp_patch_of`.

    Claims: C11, C18, C32.
    """
    return _environment().get_template("page.html").render(_context(plan, patch))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "css_text": css_text,
        "long_date": words.long_date,
        "money_range": words.money_range,
        "named": lambda key, table: words.named(table, key),
        "label": words.arm_label,
    }
    environment.globals |= {"words": words, "view": view, "harms": harms, "dots": CERTAINTY_DOTS}
    return environment


def _context(plan: Plan, patch: ScalpPatch | None) -> dict[str, Any]:
    forecast = plan.forecast if isinstance(plan.forecast, Forecast) else None
    wished = plan.candidacy.arm
    return {
        "plan": plan,
        "wished": wished,
        "clinician": plan.mode == "clinician",
        "wished_parts": [part for part in wished.split("+") if part != "none"],
        "style": (TEMPLATES / "page.css").read_text(encoding="utf-8"),
        "status_line": words.arm_regulatory_text(plan.regulatory, wished).replace("\n", " "),
        "footnotes": Footnotes(plan.sources),
        "forecast": forecast,
        "figures": forecast_figures(forecast) if forecast else {},
        "pictures": scalp_pictures(forecast, patch) if forecast and patch else (),
        "price_figure": _price_figure(plan),
    }


def forecast_figures(forecast: Forecast) -> dict[str, Figure | Mapping[str, Figure]]:
    """The charts of a forecast: `curves` by option, and `ranges` and `shares` of all options."""
    open_arms = [arm for arm in forecast.arms if arm.available]
    labels = {arm.id: words.arm_label(arm.id) for arm in open_arms}
    day = view.main_day(forecast)
    sure = {arm.id: f"{labels[arm.id]}  {_dots(arm, day)}" for arm in open_arms}
    return {
        "curves": curves(forecast, labels, view.MAIN_OUTCOME, CHANGE),
        "ranges": ranges(forecast, sure, view.MAIN_OUTCOME, day, CHANGE),
        "shares": shares(
            {sure[arm.id]: view.people(arm, day) for arm in open_arms}, view.week_of(day)
        ),
    }


@dataclass(frozen=True, slots=True)
class ScalpPicture:
    """One picture of scalp, never without the range that it is one example of.

    Attributes:
        figure: the picture.
        label: whose option it shows; None for today.
        span: hairs per cm² from 5 to 95 in 100 people.
        certainty: how sure that range is; None for today.
    """

    figure: Figure
    label: str | None
    span: str
    certainty: str | None


def scalp_pictures(forecast: Forecast, patch: ScalpPatch) -> tuple[ScalpPicture, ...]:
    """Today's scalp and each followed option's, in the order of the forecast."""
    arms = [arm for arm in forecast.arms if arm.id in patch.after]
    later = {words.arm_label(arm.id): patch.after[arm.id] for arm in arms}
    today, *drawn = scalp_panels(patch.today, later, patch.model).values()
    now = arms[0].outcomes[view.MAIN_OUTCOME]["0"]
    first = ScalpPicture(today, None, view.level_range(now), None)
    levels = [arm.outcomes[view.MAIN_OUTCOME][str(patch.day)] for arm in arms]
    return (
        first,
        *(
            ScalpPicture(figure, label, view.level_range(level), level.certainty)
            for figure, label, level in zip(drawn, later, levels, strict=True)
        ),
    )


def _dots(arm: ArmForecast, day: int) -> str:
    """Certainty as filled dots, so that no chart shows an option without it."""
    filled = CERTAINTY_DOTS[arm.outcomes[view.MAIN_OUTCOME][str(day)].certainty]
    return "●" * filled + "○" * (MOST_DOTS - filled)


def _price_figure(plan: Plan) -> Figure | None:
    if plan.quote is None:
        return None
    return price_range(plan.quote, view.budget_in(plan, plan.quote.currency))


class Footnotes:
    """Numbers for sources, in the order in which the page first cites them."""

    def __init__(self, sources: tuple[SourceView, ...]) -> None:
        self._sources = {source.id: source for source in sources}
        self._numbers: dict[str, int] = {}

    def number(self, source: str) -> int:
        """The number of a cited source.

        Raises:
            KeyError: the plan cites a source that it does not list.
        """
        known = self._sources[source]
        return self._numbers.setdefault(known.id, len(self._numbers) + 1)

    def name(self, source: str) -> str:
        """A source in a few words: who and when."""
        known = self._sources[source]
        who = known.citation.split(".")[0].split(",")[0].strip()[:60]
        return f"{who}, {known.year}" if known.year else who

    def in_order(self) -> tuple[SourceView, ...]:
        """Every source by its number; those that the page does not cite come last."""
        for source in self._sources:
            self.number(source)
        return tuple(self._sources[source] for source in self._numbers)

    @staticmethod
    def link(source: SourceView) -> str | None:
        """Where a source can be read; only ordinary web addresses become links."""
        if source.doi:
            return f"https://doi.org/{source.doi}"
        if source.url and source.url.startswith(("https://", "http://")):
            return source.url
        return None


def css_text(text: str) -> str:
    """Text as the inside of a quoted CSS string that can't end the string or the style."""
    return "".join(
        char if char.isalnum() or char in " .,:;()-" else f"\\{ord(char):x} " for char in text
    )
