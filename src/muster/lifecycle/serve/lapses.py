"""Lapses: what stays in orders, what a lapse takes out of them, and what takes its place; here for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.board import standings_of
from muster.lifecycle.desk.posture.sent import sent
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.serve.offers import offer
from muster.records.access.alert import Alert, Severity
from muster.records.governance.terms import LapseAction
from muster.records.release import Deployment, Part
from muster.rules.admission import admit
from muster.rules.standing.state import Standing, State
from muster.rules.traffic.sharing import settled


def kept(context: Context, group: str, deployments: Sequence[Deployment]) -> tuple[Deployment, ...]:
    """Return the deployments that orders keep: as the policy of each says, now that some lapsed.

    What stands stays. What lapsed stays until its grace ends, and gateways are told when that is; then it is left out,
    or the release before it takes its place. What was revoked, or is not proven, has no grace.
    """
    standings = standings_of(context, [deployment.package for deployment in deployments])
    found: list[Deployment] = []
    for deployment in deployments:
        standing = standings.get(deployment.package)
        if standing is not None and standing.served:
            found.append(replace(deployment, until=standing.stops))
        elif standing is not None and standing.action is LapseAction.ROLL_BACK and deployment.part is Part.CHAMPION:
            sharing = {each.version for each in deployments if each.name == deployment.name}
            found += _before(context, group, deployment, sharing)
    return settled(found)


def _before(context: Context, group: str, deployment: Deployment, sharing: Collection[str]) -> list[Deployment]:
    """Return the release that answered before under this name, as a list of one, or none where none of them stands."""
    for earlier in _earlier(context, group, deployment):
        standing = standing_in(context, earlier)
        if standing is not None and earlier.version not in sharing and stands(context, earlier):
            offer(context, standing.release)
            return [earlier]
    return []


def stands(context: Context, deployment: Deployment) -> bool:
    """Tell whether a release is in force, and gateways would take it."""
    standing = standing_in(context, deployment)
    return standing is not None and standing.state is State.IN_FORCE and _admitted(context, deployment)


def _earlier(context: Context, group: str, deployment: Deployment) -> Iterator[Deployment]:
    """Yield what answered under the name of a deployment for the same use case, the newest first, each once."""
    asked = deployment.use_case, deployment.environment, deployment.scope
    seen = {deployment.package}
    for orders in sent(context, group):
        for each in orders.deployments:
            same = each.name == deployment.name and (each.use_case, each.environment, each.scope) == asked
            if same and each.part is Part.CHAMPION and each.package not in seen:
                seen.add(each.package)
                yield replace(each, share=deployment.share, guards="", until=None)


def _admitted(context: Context, deployment: Deployment) -> bool:
    """Tell whether gateways would take a deployment: one that they refuse takes no other's place."""
    house = context.house
    try:
        content = house.blobs.get(deployment.package)
        return not admit(content, deployment, current_root(context), house.verify, house.clock()).in_grace
    except (PermissionError, KeyError, ValueError):
        return False


def left_out(context: Context, group: str, before: Sequence[Deployment], after: Sequence[Deployment]) -> list[Alert]:
    """Return the alerts about deployments that a lapse takes out of the orders of a group, or rolls back."""
    takes = {each.name: each for each in after if each.part is Part.CHAMPION}
    staying = {(each.name, each.package) for each in after}
    found = []
    for deployment in before:
        standing = standing_in(context, deployment)
        if (deployment.name, deployment.package) in staying or standing is None or standing.served:
            continue
        stays = takes.get(deployment.name)
        about = f"deployment:{group}/{deployment.name}"
        why = f"its release is {standing.state.value}: {'; '.join(standing.reasons)}"
        what, severity, done = "deployment-suspended", Severity.CRITICAL, "no longer served"
        if deployment.part is not Part.CHAMPION:
            what, severity, done = "challenger-suspended", Severity.WARNING, f"no {deployment.part.value} any more"
        elif stays is not None:
            what, severity, done = "deployment-rolled-back", Severity.WARNING, f"rolled back to {stays.version}"
        words = f"version {deployment.version} is {done}; {why}"
        found.append(Alert(what, severity, about, words, context.house.clock()))
    return found


def standing_in(context: Context, deployment: Deployment) -> Standing | None:
    """Return how the release of a deployment stands; None where the ledger has no such release."""
    return standings_of(context, [deployment.package]).get(deployment.package)
