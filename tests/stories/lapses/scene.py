"""A house whose policy says what a lapse brings, and a gateway that follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.walk import Walked, policy

from muster.gateway.admission.admissions import Admissions
from muster.gateway.admission.table import Table
from muster.records.codec import encode
from muster.records.evidence import Evidence
from muster.records.governance.terms import LapseAction, OnLapse
from muster.records.policy import Requirement
from muster.records.release import Orders

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
REQUIRED = (Requirement("no-prohibited-inputs-credit"), Requirement("discrimination", limit=0.65))


def adopt(walked: Walked, action: LapseAction = LapseAction.SUSPEND, hours: float = 0.0, **changes: Any) -> None:
    """Adopt a policy that says what a lapse brings."""
    said = {"requirements": REQUIRED, "on_lapse": OnLapse(action, hours), **changes}
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), **said)))


def release(walked: Walked, version: str = "", name: str = "credit") -> str:
    """Sign a version off, release and deploy it; return the package."""
    version = version or walked.version
    walked.sign("ana", version)
    package: str = walked.do("mia", "release sign", version=version).package
    walked.do("omar", "deployment set", name=name, version=version)
    return package


def another(walked: Walked) -> str:
    """Make another version that may be released."""
    version = walked.sibling(0.4)
    about = {"version": version, "sample": walked.parts["held-out"]}
    walked.do("mia", "model assess", **about)
    walked.do("mia", "model compile", **about)
    walked.do("mia", "model profile", version=version, sample=walked.parts["validation"])
    return version


def worse(walked: Walked, version: str) -> None:
    """Let a validator measure a version anew, and find it bad."""
    context = walked.context("mia")
    found = [
        held
        for _, held in context.history(Evidence, f"version:{version}")
        if held.check == "performance.discrimination"
    ]
    figures = tuple(replace(figure, value=0.5, low=0.48, high=0.52) for figure in found[-1].figures)
    context.record(replace(found[-1], figures=figures))


def move_to(walked: Walked, moment: datetime) -> None:
    """Set the clock."""
    walked.clock.offset += moment - walked.clock()


def oldest_evidence(walked: Walked, version: str = "") -> datetime:
    """Return when the first evidence was recorded that the release rests on."""
    subject = f"version:{version or walked.version}"
    checks = {"performance.discrimination", "fairness.prohibited_inputs"}
    found = walked.context("mia").history(Evidence, subject)
    return min(at.entry.at for at, held in found if held.check in checks and held.sample_role == "held-out")


def served(gateway: Admissions, walked: Walked, name: str = "credit") -> str:
    """Return which version answers at a gateway now; empty where none does."""
    table = gateway.refresh()
    place = table.places.get(name)
    standing = place.standing(walked.clock()) if place is not None else None
    return standing.version if standing is not None else ""


def refusal(table: Table, name: str = "credit") -> str:
    """Return why a gateway does not serve a deployment; empty where orders do not name it."""
    place = table.places.get(name)
    return place.refusal if place is not None else ""


def update(walked: Walked) -> Any:
    """Do what the control plane does every minute."""
    return walked.do("omar", "posture update")


def orders(walked: Walked) -> Orders:
    """Return the newest orders."""
    found: Orders = walked.do("omar", "orders show")
    return found


def written(walked: Walked, after: int) -> list[str]:
    """Return the kinds of entries from a size of the ledger on."""
    walked.house.ledger.refresh()
    return [recorded.entry.kind for recorded in walked.house.ledger.read(start=after)]
