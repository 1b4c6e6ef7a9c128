"""JSON Schema of every YAML file that people write, for editors and other tools."""

from __future__ import annotations

from typing import Any

from muster.adapters.yamlfiles.contracts import ContractFile
from muster.adapters.yamlfiles.inheritance import EXTENDS
from muster.records.policy import Library, Policy, ReasonMap

FILES: dict[str, type] = {"policy": Policy, "library": Library, "contract": ContractFile, "reasons": ReasonMap}
"""Kind of file to the record that it is read into."""


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file, such as ``policy``; raise KeyError naming the kinds."""
    from pydantic import TypeAdapter

    if kind not in FILES:
        msg = f"no YAML file is called {kind!r}; known are {', '.join(FILES)}"
        raise KeyError(msg)
    found = TypeAdapter(FILES[kind]).json_schema()
    for part in (found, *found.get("$defs", {}).values()):
        if "properties" in part:
            part["additionalProperties"] = False
    if kind == "policy":
        _extending(found)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _extending(found: dict[str, Any]) -> None:
    """Let a policy file extend others, and then leave out what it inherits; digests of parents are worked out."""
    name = {"type": "string", "minLength": 1}
    said = "Policy files whose fields hold where this one says nothing else: beside it, or shipped."
    listed = {"type": "array", "items": name, "minItems": 1}
    del found["properties"]["parents"]
    found["properties"][EXTENDS] = {"description": said, "anyOf": [name, listed]}
    whole = found.pop("required")
    found["required"] = ["id"]
    found["anyOf"] = [{"required": [EXTENDS]}, {"required": whole}]
