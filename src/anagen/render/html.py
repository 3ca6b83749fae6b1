"""A plan as one page that needs nothing else: no network, no scripts, no other files.

The sections are templates of their own, which another page can include: see `environment` and
`result_context`.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anagen.figures import icon, patterns, price_range
from anagen.forecasting.model import Forecast
from anagen.forecasting.patch import ScalpPatch
from anagen.plan.model import Plan, SourceView
from anagen.render import answers, harms, view, words
from anagen.render.result import ASKS, result_of
from anagen.wording import Wording, wording_of

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLE: Final = TEMPLATES / "page.css"
"""The one stylesheet of this page and of every other."""

ENGLISH: Final = wording_of("en")


def html_page(plan: Plan, patch: ScalpPatch | None = None, wording: Wording = ENGLISH) -> str:
    """The whole plan as one HTML document, to read, print or send.

    Regulatory status comes first and can't be switched off; every number that forecasts
    something is a range with its certainty; every statement links to its sources.

    Args:
        plan: what to show.
        patch: follicles of one possible square centimetre; without it the page has no pictures of
            scalp. See `anagen.plan.build.Planned`.
        wording: the language.

    Claims: C11, C18, C32.
    """
    context = result_context(plan, patch, wording)
    style = STYLE.read_text(encoding="utf-8")
    return environment(wording).get_template("page.html").render(context, style=style)


@cache
def environment(wording: Wording, *folders: Path) -> "Environment":
    """Templates in one language: first those of `folders`, then this room's.

    Templates find `_` and `_n` of the wording, `m` with the macros, the filters `long_date`,
    `money_range`, `named`, `label`, `country`, `say` and `css_text`, and the modules `words`,
    `view`, `answers` and `harms`. A name that is not in the context is an error.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters |= {
        "country": wording.country,
        "css_text": css_text,
        "long_date": wording.date,
        "money_range": wording.money_range,
        "named": lambda key, table: wording.say(words.named(table, key)),
        "label": lambda arm: wording.say(words.arm_label(arm)),
        "say": wording.say,
    }
    made.globals |= {"words": words, "view": view, "harms": harms, "answers": answers}
    made.globals |= {
        "asks": ASKS,
        "icon": icon,
        "patterns": patterns,
        "language": wording.language,
        **wording.functions(),
    }
    made.globals["m"] = made.get_template("macros.html").module
    return made


def result_context(
    plan: Plan,
    patch: ScalpPatch | None = None,
    wording: Wording = ENGLISH,
    day: int | None = None,
    shown: str = "words",
) -> dict[str, Any]:
    """What the templates of the sections need.

    Args:
        plan: what to show.
        patch: follicles to draw, or None.
        wording: the language, the same as the environment's.
        day: the day of the forecast that is shown first; by default the nearest to 24 weeks.
        shown: the view that is shown first, one of `anagen.render.result.VIEWS`.
    """
    plan = wording.in_language(plan)
    forecast = plan.forecast if isinstance(plan.forecast, Forecast) else None
    wished = plan.candidacy.arm
    status = wording.say(words.arm_regulatory_text(plan.regulatory, wished))
    budget = view.budget_in(plan, plan.quote.currency) if plan.quote else None
    return {
        "plan": plan,
        "wished": wished,
        "clinician": plan.mode == "clinician",
        "form": None,
        "wished_parts": [part for part in wished.split("+") if part != "none"],
        "status_line": status.replace("\n", " "),
        "footnotes": Footnotes(plan.sources),
        "forecast": forecast,
        "result": result_of(plan, patch, wording, day, shown) if forecast else None,
        "price_figure": price_range(plan.quote, budget, wording) if plan.quote else None,
    }


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
