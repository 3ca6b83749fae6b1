"""Gathers every text that people read, and brings the catalogues up to date with it.

Run from the root of the repository: `python -m messages.update`; with `--missing tr` it prints the
texts that a language lacks. Translations are kept; a text that is no longer used is dropped.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from anagen.catalogue import load_catalogue
from anagen.evidence import load_evidence
from anagen.forecasting.basis import load_basis
from anagen.wording.wording import CATALOGUES, DOMAIN

SOURCE = Path(__file__).parents[1] / "src" / "anagen"
LANGUAGES = ("tr", "es")
METHODS = [("**/*.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_n": (1, 2),
    "marked": None,
    "Phrase": (1,),
    "counted": (1, 2),
    "say": (1,),
    "Refusal": (2,),
}

PROSE: Mapping[str, tuple[str, ...]] = {
    "Rule": ("text", "question", "because"),
    "Claim": ("says", "because"),
    "Ruling": ("text",),
    "Entry": ("text",),
    "Medicine": ("label",),
    "Product": ("label", "evidence"),
    "Harm": ("event", "when_to_seek_help"),
    "ComparisonCell": ("text",),
    "ComparisonEntry": ("text",),
    "PointEntry": ("text",),
    "QuestionEntry": ("text", "why"),
    "CareStep": ("text", "basis"),
    "LookBack": ("text",),
    "UrgentEntry": ("text", "action"),
    "MedicineNote": ("label", "text"),
    "FlagEntry": ("text",),
    "PriceOffer": ("who",),
    "ConflictEntry": ("text",),
    "ExtraEntry": ("label", "text"),
    "InsuranceEntry": ("text",),
    "Region": ("name",),
    "ArmBasis": ("text",),
    "Refusal": ("reason",),
}
"""Fields of the data's records that people read, by class."""

WEB_PROSE = (
    "group",
    "title",
    "lead",
    "label",
    "help",
    "error",
    "text",
    "each",
    "add",
    "unit",
    "where",
    "why",
)
"""Keys of the page's own data that people read."""


def gathered() -> Catalog:
    """Every text of code, templates and data, each with the places that it comes from."""
    catalog = Catalog(project="anagen", charset="utf-8")
    for name, line, message, _, _ in extract_from_dir(
        str(SOURCE), METHODS, {"**/templates/**.html": {"trimmed": "true"}}, keywords=KEYWORDS
    ):
        catalog.add(message, locations=[(name, line)])
    for place, text in (*_records(), *_web()):
        if text and re.search(r"[^\W\d_]", text) and not text.startswith("/"):
            catalog.add(text, locations=[(place, 1)])
    return catalog


def _records() -> Iterator[tuple[str, str]]:
    evidence, catalogue, basis = load_evidence(), load_catalogue(), load_basis()
    for root in (evidence.rules, evidence.claims, catalogue, basis):
        yield from _walk(root)


def _walk(value: Any) -> Iterator[tuple[str, str]]:
    name = type(value).__name__
    if isinstance(value, Mapping):
        items: Iterable[Any] = value.values()
    elif isinstance(value, tuple):
        items = value
    elif hasattr(type(value), "model_fields"):
        fields = PROSE.get(name, ())
        for field in fields:
            if isinstance(text := getattr(value, field, None), str):
                yield f"data/{name}", text
        items = (getattr(value, field) for field in type(value).model_fields)
    elif hasattr(value, "__dataclass_fields__"):
        items = (getattr(value, field) for field in value.__dataclass_fields__)
    else:
        return
    for item in items:
        if not isinstance(item, str):
            yield from _walk(item)


def _web() -> Iterator[tuple[str, str]]:
    import yaml

    for path in sorted((SOURCE / "web" / "data").glob("*.yaml")):
        for text in _texts(yaml.safe_load(path.read_text(encoding="utf-8"))):
            yield f"web/data/{path.name}", text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in WEB_PROSE and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def catalogue_of(language: str) -> Catalog:
    """A language's catalogue as it stands."""
    path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue with just the texts that are used, in their order, translations kept."""
    old = catalogue_of(language)
    new = Catalog(
        locale=language, domain=DOMAIN, project="anagen", charset="utf-8", fuzzy=False,
        creation_date=None,
    )  # fmt: skip
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id)
        new.add(message.id, known.string if known else None, locations=message.locations)
    return new


def written(catalog: Catalog) -> bytes:
    """The catalogue as a file that changes only where its texts do."""
    held = BytesIO()
    write_po(held, catalog, width=100, omit_header=True, sort_output=True, include_lineno=False)
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    head = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {plural}\\n"\n\n'
    )
    return head.encode() + held.getvalue()


def lacking(catalog: Catalog) -> list[Any]:
    """Texts without a translation."""
    return [
        one.id
        for one in catalog
        if one.id and not (all(one.string or ()) if one.pluralizable else one.string)
    ]


def main() -> None:
    """Update every catalogue, or print what one lacks."""
    template = gathered()
    if sys.argv[1:2] == ["--missing"]:
        for text in lacking(updated(sys.argv[2], template)):
            print(repr(text))
        return
    for language in LANGUAGES:
        catalog = updated(language, template)
        path = CATALOGUES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        print(f"{language}: {len(catalog)} texts, {len(lacking(catalog))} without a translation")


if __name__ == "__main__":
    main()
