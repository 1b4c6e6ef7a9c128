from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.api.schema import document
from muster.lifecycle.catalogue import CATALOGUE
from muster.wiring.remote.wire import method_of, path_of, uploads_of


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_every_action_is_an_operation_with_its_own_words() -> None:
    paths = document()["paths"]
    for asked in CATALOGUE.values():
        operation = paths[path_of(asked.name)][method_of(asked).lower()]
        assert operation["summary"] == asked.summary
        assert operation.get("x-roles", []) == sorted(asked.roles)
    assert len(paths) == len(CATALOGUE) + 1


def test_operation_ids_are_unique_and_references_lead_somewhere() -> None:
    made = document()
    ids = [operation["operationId"] for path in made["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))
    references = set(_references(made))
    known = {f"#/components/schemas/{name}" for name in made["components"]["schemas"]}
    assert references
    assert references <= known


def test_it_is_openapi_3_1_in_shape() -> None:
    made = document()
    assert made["openapi"].startswith("3.1.")
    assert {"title", "version"} <= made["info"].keys()
    for path, methods in made["paths"].items():
        assert path.startswith("/")
        for method, operation in methods.items():
            assert method in {"get", "post"}
            assert "200" in operation["responses"]
            assert all("description" in response for response in operation["responses"].values())
            assert method == "post" or "requestBody" not in operation
            for parameter in operation.get("parameters", []):
                assert (parameter["in"], type(parameter["required"])) == ("query", bool)
                assert "schema" in parameter


def test_files_are_parts_of_a_multipart_body() -> None:
    for asked in CATALOGUE.values():
        operation = document()["paths"][path_of(asked.name)][method_of(asked).lower()] if uploads_of(asked) else None
        if operation:
            content = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
            assert set(uploads_of(asked)) < set(content)
            assert "arguments" in content


def test_defaults_are_told() -> None:
    parameters = document()["paths"]["/api/ledger/show"]["get"]["parameters"]
    assert {p["name"]: p["schema"].get("default") for p in parameters} == {"subject": "", "kind": "", "last": 20}
