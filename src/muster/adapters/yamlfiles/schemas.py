"""JSON Schema of every YAML file that people write, for editors and other tools."""

from __future__ import annotations

from typing import Any

from muster.adapters.yamlfiles.contracts import ContractFile
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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
