"""Evidence held against limits."""

from __future__ import annotations

import operator
from datetime import datetime, timedelta
from typing import Any

from muster.verifier.gate.controls import control_of, spared
from muster.verifier.gate.facts import SKEW, Fact, age, moment
from muster.verifier.gate.sense import HUNDRED_YEARS
from muster.verifier.gate.waived import waived
from muster.verifier.proof.canonical import canonical

RANK = ("unknown", "not-met", "not-measured", "not-enough-evidence", "missing", "stale", "met")


def demanded(asked: Any, policy: Any, library: Any, known: dict[str, list[Fact]], now: datetime) -> tuple[str, str]:
    """Return how one control came out."""
    control = control_of(library, asked["control"])
    if control is None:
        return asked["control"], "unknown"
    name = control["id"] + f" ({asked['sample_role']})" * (asked["sample_role"] in ("window", "trial"))
    if spared(control, known, now):
        return name, "not-applicable"
    finding = measured(control, asked, policy, known, now)
    excused = finding != "met" and waived(finding, control, policy, known, now)
    return name, "waived" if excused else finding


def measured(control: Any, asked: Any, policy: Any, known: dict[str, list[Fact]], now: datetime) -> str:
    """Hold the newest evidence of every sample against the limit; the worst speaks."""
    own, most = asked.get("maximum_age_days"), policy["maximum_evidence_age_days"]
    most = HUNDRED_YEARS if asked["sample_role"] == "trial" else most  # a champion has nobody to be tried beside
    life = timedelta(days=most if own is None else min(own, most))
    wanted = canonical({**control["parameters"], **asked["parameters"]})
    about = [
        k
        for k in sorted(known.get("evidence.recorded", []), key=age)
        if (k.body["check"], k.body["sample_role"]) == (control["check"], asked["sample_role"])
        and canonical(k.body["parameters"]) == wanted
        and (asked["sample_role"] != "trial" or k.body["sample_name"].startswith(policy["environment"] + "/"))
    ]
    if not about:
        due = any(now - release.at >= life for release in known.get("release.signed", []))
        return "met" if asked["sample_role"] == "window" and not due else "missing"
    newest = {k.body["sample_name"]: k.at for k in about}
    limit = dict(control["limit"])
    if asked.get("limit") is not None:
        limit["value"] = asked["limit"]
    authors = {k.person for kind in ("model-version.registered", "run.finished") for k in known.get(kind, [])}
    found = [
        judged(k, limit, _until(k, asked, life), now, k.body.get("independent", False) and k.person in authors)
        for k in about
        if k.at == newest[k.body["sample_name"]]
    ]
    return min(found, key=RANK.index)


def _until(known: Fact, asked: Any, life: timedelta) -> datetime:
    """Return until when evidence counts; what people attest says itself how long it holds."""
    own = asked.get("maximum_age_days")
    if not known.body.get("valid_until") or asked["sample_role"] != "attested":
        return known.at + life
    ends = moment(known.body["valid_until"])
    return ends if own is None else min(ends, known.at + timedelta(days=own))


def judged(known: Fact, limit: Any, until: datetime, now: datetime, by_author: bool) -> str:  # noqa: FBT001 - a fact
    """Hold one piece of evidence against a limit; what must not be an author's word counts for nothing if it is."""
    if known.at - now > SKEW:
        return "unknown"
    if now >= until:
        return "stale"
    if known.body["outcome"] != "measured" or by_author:
        return "not-measured"
    found = [_held(limit, figure) for figure in known.body["figures"] if figure["name"] == limit["figure"]]
    return min(found, key=("unknown", "not-met", "not-enough-evidence", "met").index, default="missing")


def _held(limit: Any, figure: Any) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    holds = {"at-least": operator.ge, "at-most": operator.le, "equals": operator.eq}[limit["comparison"]]
    if figure["n"] < limit["minimum_n"]:
        return "not-enough-evidence"
    if limit["meets"] == "point":
        return "met" if holds(value, limit["value"]) else "not-met"
    if low is None or high is None or not low <= value <= high:
        return "not-enough-evidence"
    ends = holds(low, limit["value"]), holds(high, limit["value"])
    if all(ends):
        return "met"
    return "not-enough-evidence" if any(ends) or low < limit["value"] < high else "not-met"
