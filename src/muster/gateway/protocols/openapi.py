"""OpenAPI: the page that describes ``/predict`` for every model that serves now, made of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version as version_of
from typing import Any, Final

from muster.gateway.http.limits import LONGEST_ID, Limits
from muster.records.data import Column, ColumnType

_ERRORS: Final = {
    "400": "Not a request that this model takes; says where, never what was sent.",
    "401": "No key, or one that is not known here.",
    "404": "No model of that name for this client.",
    "405": "Another method than POST.",
    "408": "The body did not come in time.",
    "413": "Too large, or too many rows.",
    "415": "Compressed in a way that is not taken.",
    "422": "A guard refused the rows; says why, never what was sent.",
    "429": "Too many requests: wait.",
    "500": "The model gave no usable answer.",
    "503": "Nothing that is proven serves under this name now, or a decision could not be logged.",
}

_TYPES: Final = {ColumnType.NUMBER: "number", ColumnType.INTEGER: "integer", ColumnType.CATEGORY: "string"}

_DECISION: Final = {
    "decision_id": {"type": "string", "description": "Names the line in the inference log."},
    "score": {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "description": "Probability of the target's positive value.",
    },
    "decision": {"type": "string", "description": "What the released rule makes of the score."},
    "favourable": {
        "type": ["boolean", "null"],
        "description": "Whether it favours the person; null: a person decides.",
    },
    "flags": {"type": "array", "items": {"type": "string"}, "description": "Marks that guards gave the row."},
}

_ADVERSE: Final = {
    "reasons": {
        "type": "array",
        "description": "Principal reasons of a decision that is not favourable, the worst first.",
        "items": {"type": "object", "properties": {"code": {"type": "string"}, "words": {"type": "string"}}},
    },
    "review": {"type": "string", "description": "Where a person can be asked to look again."},
}

_ABOUT: Final = {
    "deployment": {"type": "string"},
    "model_version": {"type": "string", "description": "Digest of the version that decided."},
    "request_id": {"type": "string"},
    "guards": {"type": "string", "description": "What each guard said of the request."},
}

_UNLOGGED: Final = {
    "logged": {"const": False, "description": "There where the policy answered without the log; else it is logged."},
}


def document(models: Mapping[str, Sequence[Column]], limits: Limits, *, keys: bool) -> dict[str, Any]:
    """Return the page.

    Parameters
    ----------
    models
        Inputs of each model, by the name of its deployment.
    keys
        Whether clients need one.
    """
    schemas: dict[str, Any] = {
        "Error": _object({"error": {"type": "string"}}, ["error"], closed=False),
        "Answer": _object({**_ABOUT, **_DECISION, **_ADVERSE, **_UNLOGGED}, [*_ABOUT, *_DECISION], closed=False),
        "Answers": _object(
            {
                **_ABOUT,
                **_UNLOGGED,
                "rows": {"type": "array", "items": _object({**_DECISION, **_ADVERSE}, list(_DECISION), closed=False)},
            },
            [*_ABOUT, "rows"],
            closed=False,
        ),
    }
    paths = {}
    for name, columns in models.items():
        row = f"{name}.Row"
        schemas[row] = _object({column.name: _schema(column) for column in columns}, [c.name for c in columns])
        schemas[f"{name}.Rows"] = _object(
            {"rows": {"type": "array", "minItems": 1, "maxItems": limits.rows, "items": _reference(row)}}, ["rows"]
        )
        paths[f"/predict/{name}"] = {"post": _operation(name)}
    page: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "muster gateway", "version": version_of("muster-ml")},
        "paths": paths,
        "components": {"schemas": schemas},
    }
    if keys:
        page["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        page["security"] = [{"key": []}]
    return page


def _operation(name: str) -> dict[str, Any]:
    header = {
        "name": "X-Request-Id",
        "in": "header",
        "description": "Names the request in the log.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID, "pattern": "^[ -~]+$"},
    }
    asked = {"oneOf": [_reference(f"{name}.Row"), _reference(f"{name}.Rows")]}
    answered = {"anyOf": [_reference("Answer"), _reference("Answers")]}
    failures = {
        status: {"description": words, "content": _json(_reference("Error"))} for status, words in _ERRORS.items()
    }
    return {
        "operationId": f"predict_{name}",
        "summary": f"Decide one row, or several, with {name}.",
        "parameters": [header],
        "requestBody": {"required": True, "content": _json(asked)},
        "responses": {
            "200": {"description": "Decided; and logged, unless it says otherwise.", "content": _json(answered)},
            **failures,
        },
    }


def _schema(column: Column) -> dict[str, Any]:
    kind: Any = _TYPES[column.type]
    told: dict[str, Any] = {"type": [kind, "null"] if column.nullable else kind}
    if column.categories:
        told["enum"] = [*column.categories, None] if column.nullable else list(column.categories)
    if column.minimum is not None and column.maximum is not None and column.type is not ColumnType.CATEGORY:
        told["description"] = f"In training, {column.minimum:g} to {column.maximum:g}."
    return told


def _object(properties: Mapping[str, Any], required: Sequence[str], *, closed: bool = True) -> dict[str, Any]:
    told = {"type": "object", "properties": dict(properties), "required": list(required)}
    return {**told, "additionalProperties": False} if closed else told


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
