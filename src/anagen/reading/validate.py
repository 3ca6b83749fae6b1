"""From a parsed document to a checked value: pydantic does the checking, we do the words."""

import json
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from anagen.reading.document import Document, Key
from anagen.reading.problems import InputError, Problem, nearest, one_line

Model = TypeVar("Model", bound=BaseModel)

_KIND = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "decimal_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a block of keys",
    "mapping_type": "a block of keys",
    "model_type": "a block of keys",
    "model_attributes_type": "a block of keys",
}
_BOUND = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
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
        close = nearest(str(key[-1]), allowed)
        hint = f"did you mean `{close}`? " if close else ""
        return Problem(
            document.name, line, place(key), f"unknown key; {hint}allowed: {', '.join(allowed)}"
        )
    if kind == "string_pattern_mismatch":
        return Problem(document.name, line, place(key), _wrong_form(model, key, item))
    return Problem(document.name, line, place(key), _sentence(kind, item))


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
        name, words = _BOUND[kind]
        return f"is {given}; it {words.format(context[name])}"
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        close = nearest(str(item["input"]), allowed.split(", "))
        hint = f"did you mean `{close}`? " if close else ""
        return f"is {given}; {hint}allowed: {allowed}"
    if kind.startswith("date_"):
        return f"is {given}; it must be a date that exists, written YYYY-MM-DD"
    if kind == "finite_number":
        return f"is {given}; it must be a finite number"
    if kind in _KIND:
        return f"is {given}; it must be {_KIND[kind]}"
    if kind == "value_error":
        return str(context["error"])
    return f"is {given}; {item['msg'][:1].lower()}{item['msg'][1:]}"


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "a block of keys" if isinstance(value, dict) else "a list"
    text = one_line(str(value))
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def _wrong_form(model: type[BaseModel], key: Key, item: Any) -> str:
    found = _fields(model, key[:-1]).get(str(key[-1])) if key else None
    means = found.description if found is not None else None
    form = means or f"text of the form {item['ctx']['pattern']}"
    return f"is {_shown(item['input'])}; it must be {form}"


def _missing(model: type[BaseModel], key: Key) -> str:
    found = _fields(model, key[:-1]).get(str(key[-1]))
    means = f": {found.description}" if found is not None and found.description else ""
    return f"is missing and required{means}"


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
