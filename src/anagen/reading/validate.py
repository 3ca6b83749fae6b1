"""From a parsed document to a checked value: pydantic does the checking, we do the words."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from anagen.reading.document import Document, Key
from anagen.reading.problems import InputError, Problem, nearest, one_line
from anagen.wording import Phrase, marked

Model = TypeVar("Model", bound=BaseModel)

_TEXT, _LIST, _BLOCK = marked("text"), marked("a list"), marked("a block of keys")
_WHOLE, _NUMBER, _TRUTH = marked("a whole number"), marked("a number"), marked("true or false")
_DATE = marked("a date that exists, written YYYY-MM-DD")
_KIND = {
    "string_type": _TEXT,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": marked("a finite number"),
    "bool_type": _TRUTH,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _BLOCK,
    "mapping_type": _BLOCK,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
}
_BOUND = {
    "greater_than": ("gt", marked("is {given}; it must be more than {bound}")),
    "greater_than_equal": ("ge", marked("is {given}; it must be at least {bound}")),
    "less_than": ("lt", marked("is {given}; it must be less than {bound}")),
    "less_than_equal": ("le", marked("is {given}; it must be at most {bound}")),
    "string_too_short": ("min_length", marked("is too short; it needs {bound} or more letters")),
    "string_too_long": ("max_length", marked("is too long; at most {bound} letters are allowed")),
    "too_short": ("min_length", marked("holds too little; it needs {bound} or more entries")),
    "too_long": ("max_length", marked("holds too much; at most {bound} entries are allowed")),
}


def validate(
    document: Document, model: type[Model], context: dict[str, Any] | None = None
) -> Model:
    """Check a document against a model.

    Args:
        document: what was read.
        model: the closed schema.
        context: what the model's validators need to know beside the document, such as today.

    Raises:
        InputError: with every problem at once, each on its own line of the file.
    """
    # JSON mode is the strict one that still reads a date from text and a tuple from a list.
    try:
        return model.model_validate_json(json.dumps(document.value), strict=True, context=context)
    except ValidationError as error:
        problems = {
            problem: None
            for item in error.errors(include_url=False)
            for problem in [_problem(document, model, item)]
        }
        raise InputError(problems) from None


def _problem(document: Document, model: type[BaseModel], item: Any) -> Problem:
    key: Key = tuple(item["loc"])
    kind: str = item["type"]
    line = document.line(key)
    if kind == "missing":
        return Problem(document.name, document.line(key[:-1]), place(key), _missing(model, key))
    if kind == "extra_forbidden":
        allowed = sorted(_fields(model, key[:-1]))
        text = Phrase(
            "unknown key; {choice}", choice=choice(nearest(str(key[-1]), allowed), allowed)
        )
        return Problem(document.name, line, place(key), text)
    if kind == "string_pattern_mismatch":
        return Problem(document.name, line, place(key), _wrong_form(model, key, item))
    return Problem(document.name, line, place(key), _sentence(kind, item))


def choice(close: str | None, allowed: Iterable[str]) -> Phrase:
    """What is allowed, and what may have been meant."""
    words = ", ".join(allowed)
    if close is None:
        return Phrase("allowed: {allowed}", allowed=words)
    return Phrase("did you mean `{close}`? allowed: {allowed}", close=close, allowed=words)


def place(key: Key) -> str:
    """A key path as people write it: ``measurements[0].date``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        elif "[" in part:
            continue  # pydantic's own name for one branch of a union
        else:
            text += f".{part}" if text else part
    return one_line(text)


def _sentence(kind: str, item: Any) -> str:
    given = _shown(item["input"])
    context = item.get("ctx", {})
    if kind in _BOUND:
        name, template = _BOUND[kind]
        return Phrase(template, given=given, bound=context[name])
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        close = nearest(str(item["input"]), allowed)
        return Phrase("is {given}; {choice}", given=given, choice=choice(close, allowed))
    if kind.startswith("date_"):
        return _must_be(given, _DATE)
    if kind in _KIND:
        return _must_be(given, _KIND[kind])
    if kind == "value_error":
        told: str = context["error"].args[0]
        return told  # and not str(told), which forgets its parts
    return f"is {given}; {item['msg'][:1].lower()}{item['msg'][1:]}"


def _must_be(given: str, what: str) -> Phrase:
    return Phrase("is {given}; it must be {what}", given=given, what=Phrase(what))


def _shown(value: Any) -> str:
    if value is None:
        return Phrase("empty")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return Phrase(_BLOCK if isinstance(value, dict) else _LIST)
    text = one_line(str(value))
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def _wrong_form(model: type[BaseModel], key: Key, item: Any) -> str:
    found = _fields(model, key[:-1]).get(str(key[-1])) if key else None
    means = found.description if found is not None else None
    given = _shown(item["input"])
    if means:
        return _must_be(given, means)
    form = item["ctx"]["pattern"]
    return Phrase("is {given}; it must be text of the form {form}", given=given, form=form)


def _missing(model: type[BaseModel], key: Key) -> str:
    found = _fields(model, key[:-1]).get(str(key[-1]))
    if found is None or not found.description:
        return Phrase("is missing and required")
    return Phrase("is missing and required: {what}", what=Phrase(found.description))


def _fields(model: type[BaseModel], key: Key) -> dict[str, FieldInfo]:
    """Fields of the model that stands at `key`, found by walking the annotations."""
    current: Any = model
    for part in key:
        models = _models(current)
        if isinstance(part, int):
            continue
        fields = [m.model_fields[part] for m in models if part in m.model_fields]
        if not fields:
            break  # a step of pydantic's own (a union's branch), or a mapping's free key
        current = fields[0].annotation
    merged: dict[str, FieldInfo] = {}
    for found in _models(current):
        merged |= {field.alias or name: field for name, field in found.model_fields.items()}
    return merged


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
