"""Pages of the web: the templates, each in its language, and what every page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from anagen import __version__
from anagen.catalogue import load_catalogue
from anagen.catalogue.regulators import regulatory_status
from anagen.catalogue.schema import Ruling
from anagen.person.countries import COUNTRY_CODES
from anagen.render import words
from anagen.web.forms import Posted
from anagen.web.view import country_names
from anagen.wording import LANGUAGES, wording_of

if TYPE_CHECKING:
    from jinja2 import Environment

HERE: Final = Path(__file__).parent
SECTIONS: Final = HERE.parent / "render" / "templates"
STATIC: Final[Mapping[str, tuple[Path, str]]] = {
    "anagen.css": (SECTIONS / "page.css", "text/css; charset=utf-8"),
    "flow.css": (HERE / "static" / "flow.css", "text/css; charset=utf-8"),
    "mark.svg": (HERE / "static" / "mark.svg", "image/svg+xml"),
    "anagen.js": (HERE / "static" / "anagen.js", "text/javascript; charset=utf-8"),
}
"""All that a page loads beside itself: where it lies, and what it is."""


@dataclass(frozen=True, slots=True)
class Status:
    """How exosomes stand where the person would be treated."""

    country: str
    ruling: Ruling


@cache
def environment_of(language: str) -> "Environment":
    """The templates of the web and of the plan's sections, in one language."""
    from anagen.render.html import environment as sections_environment

    wording = wording_of(language)
    environment = sections_environment(wording, HERE / "templates")
    environment.globals |= {
        "lang": language,
        "languages": LANGUAGES,
        "version": __version__,
        "static": {name: f"/static/{name}?v={_mark(name)}" for name in STATIC},
        "web_words": words,
        "approved_anywhere": approved_anywhere,
    }
    environment.filters["day"] = wording.date
    return environment


def html(template: str, language: str, posted: Posted, **context: Any) -> str:
    """One page for a person.

    Args:
        template: a file of `templates/`.
        language: a code of `LANGUAGES`.
        posted: all that the form brought; its hidden fields are taken along.
        context: what this template needs besides.
    """
    shown = {"hidden": posted.hidden, "clinician": posted.clinician, "errors": (), "path": None}
    page = environment_of(language).get_template(template)
    return page.render({**shown, "status": status_of(posted, language), **context})


def status_of(posted: Posted, language: str) -> Status | None:
    """How exosomes stand for these answers; None while no country is chosen."""
    route = posted.fields.get("wishes.route") or "injection"
    return status_in(posted.fields.get("country", ""), route, language)


def status_in(country: str, route: str, language: str) -> Status | None:
    """How exosomes stand in a country; None while none is chosen."""
    if country not in COUNTRY_CODES:
        return None
    ruling = regulatory_status(load_catalogue(), country, "exosome", route)
    return Status(country_names(language)[country], ruling)


@cache
def approved_anywhere() -> bool:
    """Whether any regulator in the catalogue has approved exosomes by any route."""
    rulings = [
        ruling
        for place in load_catalogue().regulators.values()
        for name, entry in place.treatments.items()
        if name == "exosome"
        for ruling in (entry, *entry.by_route.values())
    ]
    return any(ruling.status == "approved" for ruling in rulings)


@cache
def static_file(name: str) -> bytes:
    """A static file's bytes.

    Raises:
        KeyError: there is none of that name.
    """
    return STATIC[name][0].read_bytes()


def _mark(name: str) -> str:
    """A few signs that change with the file, so that a browser may keep it."""
    return sha256(static_file(name)).hexdigest()[:12]
