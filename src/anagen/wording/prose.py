"""Frozen values in another language: the same, with every text that people read said anew.

What a person typed, citations, ids and codes stay as they are.
"""

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from anagen.wording.phrase import Said

if TYPE_CHECKING:
    from anagen.wording.wording import Wording

Value = TypeVar("Value")

PROSE: Final[Mapping[str, tuple[str, ...]]] = {
    "Assumption": ("effect",),
    "RegulatoryEntry": ("text",),
    "ComparisonCell": ("text",),
    "ComparisonRow": ("text",),
    "Point": ("text",),
    "HarmView": ("event", "when_to_seek_help"),
    "Question": ("text", "why"),
    "ClaimView": ("says", "because"),
    "Limit": ("reason",),
    "Finding": ("text",),
    "Verdict": ("text",),
    "ArmStanding": ("label", "reason", "cautions", "missing"),
    "Session": ("what",),
    "Step": ("text", "basis"),
    "MedicineStep": ("label", "text"),
    "FollowUp": ("text",),
    "UrgentSign": ("text", "action"),
    "Flag": ("text",),
    "QuoteItem": ("label", "basis"),
    "PriceConflict": ("text",),
    "Insurance": ("text",),
    "Quote": ("basis",),
    "EvidenceBasis": ("text",),
    "ArmForecast": ("reason",),
    "Forecast": ("notes",),
    "NoForecast": ("reason",),
}
"""Fields that hold texts for people, by class. Anything that is `Said` is one anywhere."""


def in_language(value: Value, wording: "Wording") -> Value:
    """The value with its texts in the language; the value itself where that is English."""
    if wording.language == "en":
        return value
    found: Value = _said(value, wording)
    return found


def _said(value: Any, wording: "Wording") -> Any:
    if isinstance(value, Said):
        return wording.say(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        prose = PROSE.get(type(value).__name__, ())
        changes = {
            field.name: (_prose if field.name in prose else _said)(
                getattr(value, field.name), wording
            )
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changes)
    if isinstance(value, Mapping):
        return {key: _said(item, wording) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_said(item, wording) for item in value)
    return value


def _prose(value: Any, wording: "Wording") -> Any:
    if isinstance(value, tuple):
        return tuple(wording.say(text) for text in value)
    return wording.say(value) if isinstance(value, str) else value
