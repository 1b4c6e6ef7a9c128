"""The OpenAPI 3.1 document: paths from the catalogue, schemas from the records themselves."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from muster.lifecycle.catalogue import CATALOGUE
from muster.lifecycle.desk.action import Action, Download, Effect, Parameter
from muster.records.codec import encode
from muster.wiring.remote.client import returned
from muster.wiring.remote.wire import ARGUMENTS, LINES, method_of, path_of, uploads_of

VERSION = version("muster-ml")

TEMPLATE = "#/components/schemas/{model}"

_ERROR = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-muster-session"},
    "form": {
        "type": "apiKey",
        "in": "header",
        "name": "x-csrf-token",
        "description": "The token in the forms of the session's pages; needed with a cookie where something changes.",
    },
}

_FAILURES = {
    "400": "Both a token and a session cookie: one of them says who asks.",
    "401": "No token, or one that is not known here.",
    "403": "The actor may not, or a gate refused; the reason is in the words.",
    "404": "Something that the arguments name is not known.",
    "409": "Others kept changing what the action read: ask again.",
    "422": "An argument is missing, unknown or wrong; nothing was done.",
    "429": "Asked too often; Retry-After says for how many seconds.",
}

Schemas = Mapping[tuple[str, str], Mapping[str, Any]]
"""JSON Schema by action and place: a parameter's name, or ``return``."""


def document() -> dict[str, Any]:
    """Return the OpenAPI document of all actions and views."""
    schemas, definitions = _schemas()
    paths: dict[str, Any] = {
        "/health": {
            "get": {
                "operationId": "health",
                "summary": "Whether the control plane is up.",
                "security": [],
                "responses": {"200": {"description": "It is."}},
            }
        }
    }
    for asked in CATALOGUE.values():
        paths[path_of(asked.name)] = {method_of(asked).lower(): _operation(asked, schemas)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "muster",
            "version": VERSION,
            "summary": "Every model must pass muster before it serves.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "security": [{"bearer": []}, {"session": [], "form": []}],
        "paths": paths,
        "components": {
            "schemas": {**definitions, "Error": _ERROR},
            "securitySchemes": _SCHEMES,
        },
    }


def _schemas() -> tuple[Schemas, dict[str, Any]]:
    """Return the schema of every parameter and result, and the definitions that they share, named once for all."""
    wanted: list[tuple[tuple[str, str], Any, TypeAdapter[Any]]] = []
    for asked in CATALOGUE.values():
        taken = {p.name: p.type for p in asked.parameters if p.name not in uploads_of(asked)}
        wanted += [((asked.name, place), "validation", TypeAdapter(hint)) for place, hint in taken.items()]
        if returned(asked) is not Download:
            wanted.append(((asked.name, "return"), "serialization", TypeAdapter(returned(asked))))
    found, shared = TypeAdapter.json_schemas(wanted, ref_template=TEMPLATE)
    return {key: schema for (key, _), schema in found.items()}, dict(shared.get("$defs", {}))


def _operation(asked: Action, schemas: Schemas) -> dict[str, Any]:
    noun, _, _ = asked.name.partition(" ")
    responses = {"200": _success(asked, schemas), **{status: _failure(words) for status, words in _FAILURES.items()}}
    operation: dict[str, Any] = {
        "operationId": asked.name.replace(" ", "_").replace("-", "_"),
        "tags": [noun],
        "summary": asked.summary,
        "description": asked.description,
        "responses": responses,
    }
    if asked.roles:
        operation["x-roles"] = sorted(asked.roles)
    if method_of(asked) == "GET":
        operation["parameters"] = [_in_query(p, schemas[asked.name, p.name]) for p in asked.parameters]
    else:
        operation["requestBody"] = _body(asked, schemas)
    return operation


def _in_query(parameter: Parameter, schema: Mapping[str, Any]) -> dict[str, Any]:
    shown = _with_default(parameter, schema)
    return {"name": parameter.name, "in": "query", "required": parameter.required, "schema": shown}


def _body(asked: Action, schemas: Schemas) -> dict[str, Any]:
    files = uploads_of(asked)
    plain = [parameter for parameter in asked.parameters if parameter.name not in files]
    arguments = {
        "type": "object",
        "additionalProperties": False,
        "properties": {p.name: _with_default(p, schemas[asked.name, p.name]) for p in plain},
        "required": [p.name for p in plain if p.required],
    }
    if not files:
        return {"required": bool(arguments["required"]), "content": {"application/json": {"schema": arguments}}}
    required = [p.name for p in asked.parameters if p.required and p.name in files]
    parts = {
        "type": "object",
        "properties": {ARGUMENTS: arguments, **{name: {"type": "string", "format": "binary"} for name in files}},
        "required": [*([ARGUMENTS] if arguments["required"] else []), *required],
    }
    encoding = {ARGUMENTS: {"contentType": "application/json"}}
    return {"required": True, "content": {"multipart/form-data": {"schema": parts, "encoding": encoding}}}


def _with_default(parameter: Parameter, schema: Mapping[str, Any]) -> dict[str, Any]:
    return dict(schema) if parameter.required else {**schema, "default": encode(parameter.default)}


def _success(asked: Action, schemas: Schemas) -> dict[str, Any]:
    if returned(asked) is Download:
        content: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    else:
        content = {"application/json": {"schema": dict(schemas[asked.name, "return"])}}
    if asked.effect is Effect.ACTS:
        told = "Sent where the request accepts it: a line for each step, then one with the result or the error."
        content[LINES] = {"schema": {"type": "string", "description": told}}
    return {"description": asked.summary or "Done.", "content": content}


def _failure(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": {"$ref": TEMPLATE.format(model="Error")}}}}
