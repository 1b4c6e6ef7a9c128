"""What validators found wrong, and who may call it closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from muster.verifier.gate.facts import Fact, person_of


def wrong(policy: Any, known: dict[str, list[Fact]]) -> Iterator[tuple[str, str]]:
    """Yield whether something is open that validators found wrong, where the policy says that it stands in the way."""
    if policy.get("blocking_findings"):
        opened = [k for k in known.get("finding.opened", []) if k.body["severity"] in policy["blocking_findings"]]
        yield "findings", "not-met" if any(still_open(k, known) for k in opened) else "met"


def still_open(found: Fact, known: dict[str, list[Fact]]) -> bool:
    """Tell whether nobody closed what was found who may: no author, and nobody whose work it is."""
    kinds = ("model-version.registered", "run.finished")
    may_not = {k.person for kind in kinds for k in known.get(kind, [])} | {person_of(found.body["owner"])}
    may_not |= {person_of(k.body["owner"]) for k in known.get("use-case.registered", [])}
    named = {"finding": found.body["id"], "about": found.body["about"]}
    again = [k.at for k in known.get("finding.reopened", []) if named.items() <= k.body.items()]
    closed = [k for k in known.get("finding.closed", []) if named.items() <= k.body.items() and k.person not in may_not]
    return not any(k.at >= found.at and all(k.at > at for at in again) for k in closed)
