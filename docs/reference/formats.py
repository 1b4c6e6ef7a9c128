"""File formats: JSON Schema of what people write, OpenAPI of the HTTP API, and the page that points at them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from muster.adapters.yamlfiles.schemas import FILES, schema
from muster.api.schema import document

HEAD = """# File formats and HTTP API

Written by `./run docs` from the code.

## Files that people write

Policies, libraries, data contracts and reason maps are YAML (JSON is YAML too), read strictly: an unknown field, a
field twice, an alias or a wrong type is an error with its line. Editors that speak JSON Schema complete and check them;
put `# yaml-language-server: $schema=policy.schema.json` on the first line.

| File | Schema | Read into | Taken by |
|---|---|---|---|
| Policy | [policy](policy.schema.json) | [Policy](glossary.md#policy-1) | `muster policy adopt` |
| Library | [library](library.schema.json) | [Library](glossary.md#library) | `muster library adopt` |
| Contract | [contract](contract.schema.json) | [DataContract](glossary.md#datacontract) | `muster dataset snapshot` |
| Reason map | [reasons](reasons.schema.json) | [ReasonMap](glossary.md#reasonmap) | `muster reason-map adopt` |

Data contracts follow the layout of the Open Data Contract Standard v3.1; of it, muster reads what the schema names.

Use cases, recipes, decision rules and search spaces are YAML files of the records [UseCase](glossary.md#usecase),
[Recipe](glossary.md#recipe), [DecisionRule](glossary.md#decisionrule) and [SearchSpace](glossary.md#searchspace);
`muster example consumer-credit` writes some to begin from.

## Dossiers

A dossier (`muster-dossier-v3`) is a zip file of stored members in one form only: `manifest.json`, which lists all
others by digest in the order of their names, then those. `src/muster/verifier` in muster's repository is its
definition.

| Member | What it is |
|---|---|
| `entries/NNNNNNNN.json`, `proofs.json` | ledger entries as they were hashed, and their audit paths (RFC 9162) |
| `checkpoint.txt`, `witnessed.txt`, `consistency.json` | signed notes (C2SP), and proofs that the ledger only grew |
| `roots/N.json` | trust roots in DSSE envelopes, from the first on |
| `releases/N.json` | release packages: a Sigstore bundle and the entries that it rests on |
| `attestations/*.sigstore.json`, `keys/*.pem` | Sigstore bundles v0.3 around in-toto statements, and release keys |
| `sealed/HEX` | what people said, sealed |
| `dossier.html`, `versions/N.html`, `papers/` | for reading |

The predicates are `urn:muster:attestation:...` for releases and sign-offs, and in-toto test-result v0.1, SLSA
verification summary v1, SLSA provenance v1 and OpenSSF Model Signing v1.0 for what the house attests.

## HTTP API

[openapi.json](openapi.json) describes it in OpenAPI 3.1; a running control plane (`muster up`) serves the same document
at `/openapi.json`. Every action and view of the command line is a route, with the same arguments and the same refusals.
Callers send `Authorization: Bearer TOKEN`; `muster actor add` makes the tokens.

| Command | Route | Roles |
|---|---|---|
"""


def formats() -> str:
    """Return the page."""
    rows = []
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] != "health":
                command = path.strip("/").replace("/", " ").removeprefix("api ")
                rows.append((command, f"{method.upper()} {path}", ", ".join(operation.get("x-roles", ["any actor"]))))
    return HEAD + "".join(f"| `muster {command}` | `{route}` | {roles} |\n" for command, route, roles in sorted(rows))


def openapi() -> str:
    """Return the OpenAPI document as indented JSON."""
    return _json(document())


def schemas() -> dict[str, Callable[[], str]]:
    """Return what writes the schema of each kind of file, by the name of the page."""
    return {f"{kind}.schema.json": partial(_schema, kind) for kind in FILES}


def _schema(kind: str) -> str:
    return _json(schema(kind))


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
