"""Who had a hand in a version, and must not sign it off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.verifier.gate.facts import Fact


def makers(policy: Any, known: dict[str, list[Fact]]) -> set[str]:
    """Return who trained or registered the version; where the policy says so, also who brought its data or compiled."""
    kinds = ["model-version.registered", "run.finished"]
    kinds += ["dataset.snapshotted", "model-version.compiled"] * policy.get("separation_along_lineage", False)
    return {k.person for kind in kinds for k in known.get(kind, [])}


def nameless(known: Fact) -> bool:
    """Tell whether an entry names no person, so that whoever signs off may have made it."""
    return known.person in ("", "system")


def lineage(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield that it is not known who had a hand in the version, where the policy asks for that."""
    if not (policy["separation_of_duties"] and policy.get("separation_along_lineage", False)):
        return
    data = known.get("dataset.snapshotted", [])
    wanted = {k.body["training"] for k in known.get("model-version.registered", [])} | {k.body["parent"] for k in data}
    hidden = any(map(nameless, data + known.get("model-version.compiled", [])))
    if hidden or wanted - {k.body["digest"] for k in data} - {""}:
        yield "lineage", "unknown"
