"""Controls: which are asked for, and whether each is for this use case, today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from muster.verifier.gate.applicability import meant
from muster.verifier.gate.facts import Fact, age


def demands_of(policy: Any, scope: str = "serve") -> list[Any]:
    """Return every control that a policy asks for: its requirements, and its monitors as what windows must show."""
    watched = [
        {**monitor, "sample_role": "window", "maximum_age_days": monitor["every_days"]}
        for monitor in policy.get("monitors", [])
    ]
    return [*(asked for asked in policy["requirements"] if asked_in(asked, scope)), *watched]


def asked_in(asked: Any, scope: str) -> bool:
    """Tell whether a control is asked of releases of a scope: trials only of those to serve everybody."""
    return bool(scope == "serve" or asked["sample_role"] != "trial")


def control_of(library: Any, name: str) -> Any:
    """Return a control by its id, or None."""
    return next((control for control in library["controls"] if control["id"] == name), None)


def untimely(control: Any, now: datetime) -> bool:
    """Tell whether a control is not in force on a day: not yet, or no longer."""
    today, ends = f"{now:%Y-%m-%d}", control.get("in_force_until", "")
    return bool(today < control.get("in_force_from", "") or (ends and ends <= today))


def outlived(policy: Any, library: Any, now: datetime) -> list[tuple[str, str]]:
    """Return where dates would let a policy demand less than it seems: that refuses."""
    named = {asked["control"] for asked in demands_of(policy)}
    over = [c for c in library["controls"] if c["id"] in named and c.get("in_force_until", "9999") <= f"{now:%Y-%m-%d}"]
    heirs = {old for c in library["controls"] if c["id"] not in named for old in c.get("supersedes", [])}
    asked = [c for c in (control_of(library, each["control"]) for each in policy["requirements"]) if c is not None]
    empty = bool(asked) and all(untimely(control, now) for control in asked)
    return [(c["id"], "unknown") for c in over if c["id"] in heirs] + [("requirements", "unknown")] * empty


def spared(control: Any, known: dict[str, list[Fact]], now: datetime) -> bool:
    """Tell whether a control is not for the use case, or not in force."""
    if untimely(control, now):
        return True
    newest = max(known.get("use-case.registered", []), key=age, default=None)
    selector = control.get("applies_to")
    return selector is not None and newest is not None and not meant(selector, newest.body)
