"""A plan, or any part of it, as a JSON document with the same bytes on any machine."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from anagen.forecasting.model import VisibleShares
from anagen.plan.model import Plan

SIGNIFICANT_DIGITS = 4
SHARE_DECIMALS = 4

_NOT_IN_PLAN = ("mode",)
"""How a plan is worded is no part of what it says: both modes give the same document."""


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as plain lists, mappings, text and numbers, in the contract's keys and order."""
    document: dict[str, Any] = document_of(plan)
    for key in _NOT_IN_PLAN:
        del document[key]
    return document


def document_of(value: Any) -> Any:
    """Any frozen value of ours as plain JSON values.

    Numbers are rounded to four significant digits, whole numbers stay as they are, dates become
    ISO text, and a field whose name ends in "_" because Python reserves the word loses that "_".

    Raises:
        ValueError: a number is not finite.
        TypeError: a value has no JSON form.
    """
    if isinstance(value, VisibleShares):
        return _shares(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name.rstrip("_"): document_of(getattr(value, field.name))
            for field in fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): document_of(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [document_of(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def rounded(number: float) -> float:
    """The number to four significant digits; never minus zero.

    Raises:
        ValueError: the number is not finite.
    """
    if not math.isfinite(number):
        raise ValueError(f"{number} is not a finite number")
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0


def _shares(value: VisibleShares) -> dict[str, float]:
    """Shares to four decimals by largest remainder, so that they still sum to 1."""
    unit = 10**SHARE_DECIMALS
    exact = {name: getattr(value, name) * unit for name in ("gain", "same", "loss")}
    if not all(math.isfinite(part) for part in exact.values()):
        raise ValueError("a share is not a finite number")
    whole = {name: math.floor(part) for name, part in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: unit - sum(whole.values())]:
        whole[name] += 1
    return {name: part / unit for name, part in whole.items()}


def dump(document: Any) -> str:
    """The document as indented UTF-8 text that ends with a newline."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def plan_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every plan document meets."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Plan).json_schema(mode="serialization")
    for definition in (schema, *schema["$defs"].values()):
        _follow_the_document(definition)
    for key in _NOT_IN_PLAN:
        del schema["properties"][key]
        schema["required"].remove(key)
    schema["title"] = "anagen plan"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _follow_the_document(definition: dict[str, Any]) -> None:
    """Rename keys as the document does, and close the object."""
    definition["properties"] = {
        name.rstrip("_"): about for name, about in definition["properties"].items()
    }
    definition["required"] = [name.rstrip("_") for name in definition.get("required", ())]
    definition["additionalProperties"] = False
