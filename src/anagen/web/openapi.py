"""The description of the API, with the schemas that the command line prints."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

SCHEMAS = "#/components/schemas/"
PROBLEMS = {
    "type": "object",
    "required": ["problems"],
    "additionalProperties": False,
    "properties": {
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "line", "text"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "description": "The key that it is about."},
                    "line": {"type": ["integer", "null"]},
                    "text": {"type": "string", "description": "What is wrong, what is allowed."},
                },
            },
        }
    },
}
REFUSALS = {
    "403": "Sent by another site's page",
    "408": "The body took too long to arrive",
    "413": "The body is too large",
    "421": "Asked for under a name that is not ours",
    "422": "The input is wrong: every problem",
    "429": "Too many requests at once from one place",
    "503": "Busy; Retry-After says when to come back",
}


def described(app: FastAPI) -> dict[str, Any]:
    """OpenAPI 3.1 of all JSON addresses; pages for people are left out."""
    if app.openapi_schema:
        return app.openapi_schema
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=(
            "Plans, forecasts and studies exosome therapy for hair, honestly. The treatment is "
            "experimental. Nothing that is sent is kept."
        ),
        routes=app.routes,
    )
    from anagen.person.schema import Person
    from anagen.render.json import plan_schema

    schemas: dict[str, Any] = {"Problems": PROBLEMS}
    _take(schemas, "Person", Person.model_json_schema())
    _take(schemas, "Plan", plan_schema())
    made["components"] = {"schemas": schemas}
    for path, methods in made["paths"].items():
        for method, about in methods.items():
            _describe(path, method, about)
    app.openapi_schema = made
    return made


def _describe(path: str, method: str, about: dict[str, Any]) -> None:
    responses = {"200": {"description": "Done", "content": {"application/json": {}}}}
    if path == "/api/plan":
        schema = {"$ref": f"{SCHEMAS}Plan"}
        responses["200"]["content"] = {"application/json": {"schema": schema}}
    if method == "post":
        person = {"schema": {"$ref": f"{SCHEMAS}Person"}}
        about["requestBody"] = {"required": True, "content": {"application/json": person}}
    told = REFUSALS if method == "post" else {key: REFUSALS[key] for key in ("421", "429")}
    if path == "/api/why/{record}":
        told = told | {"404": "No record has this id; the nearest is named", "422": REFUSALS["422"]}
    problems = {"application/json": {"schema": {"$ref": f"{SCHEMAS}Problems"}}}
    for status, text in told.items():
        responses[status] = {"description": text, "content": problems}
    about["responses"] = responses


def _take(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    """Put a schema and its parts among the components, each under a name of its own."""
    parts = schema.pop("$defs", {})
    schema.pop("$schema", None)
    schemas[name] = _moved(schema, name)
    for part, about in parts.items():
        schemas[f"{name}{part}"] = _moved(about, name)


def _moved(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {
            key: SCHEMAS + name + str(item).removeprefix("#/$defs/")
            if key == "$ref"
            else _moved(item, name)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_moved(item, name) for item in value]
    return value
