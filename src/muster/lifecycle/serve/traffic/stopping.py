"""Stopping: the button that makes every gateway of a group stop to answer under a name, and how that is undone."""

from __future__ import annotations

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import sent
from muster.lifecycle.desk.posture.stops import stopped_in
from muster.lifecycle.serve.offers import offer
from muster.lifecycle.serve.orders import issued
from muster.lifecycle.serve.traffic.arms import release_of
from muster.ports.ledger import Conflict
from muster.records.access.alert import Alert, Severity
from muster.records.entry import ACCOUNT, LOCAL
from muster.records.people import Role
from muster.records.release import Deployment, Orders, Part
from muster.records.traffic.stop import Resumed, Stopped, subject_of

STOPPERS = (Role.OPERATOR, Role.RISK_ANALYST, Role.EXECUTIVE)

ATTEMPTS = 5
"""How often orders are issued again, because somebody else wrote meanwhile."""


@action("stop", roles=STOPPERS)
def stop(context: Context, deployment: str, group: str = "default", reason: str = "") -> Orders:
    """Stop a deployment now: no gateway of the group answers under its name any more.

    Orders without it are issued at once; they reach every gateway within its poll interval. No other action brings it
    back, nor does the renewal of orders: only `muster resume`, by somebody else.

    Parameters
    ----------
    deployment
        Its name.
    reason
        Why, in words that others will read; it must be said.
    """
    context.house.ledger.refresh()
    if not reason.strip():
        msg = "say why (--reason): whoever is to resume it must know what to look at"
        raise ValueError(msg)
    if deployment in stopped_in(context, group):
        msg = f"deployment {deployment!r} of gateway group {group!r} is stopped already"
        raise ValueError(msg)
    _arms(context, group, deployment)
    # First of all, and whatever others write: from here on every order leaves it out.
    context.record(Stopped(group, deployment, reason.strip()))
    who, now = context.identity.actor, context.house.clock()
    words = f"{who} stopped it: {reason.strip()}. Somebody else may resume it with `muster resume {deployment}`"
    orders = _issue(context, group)
    context.house.notify.notify(
        Alert("deployment-stopped", Severity.CRITICAL, subject_of(group, deployment), words, now)
    )
    return orders


@action("resume", roles=STOPPERS)
def resume(context: Context, deployment: str, group: str = "default", reason: str = "") -> Orders:
    """Let the champion of a stopped deployment answer again; somebody other than who stopped it must say so.

    Challengers were on trial: whoever wants them back says so anew.

    Parameters
    ----------
    deployment
        Its name.
    reason
        Why that is right now; it must be said.

    Raises
    ------
    PermissionError
        If it is the same person who stopped it.
    """
    basis = context.basis()
    if not reason.strip():
        msg = "say why (--reason): it was stopped for a reason"
        raise ValueError(msg)
    stops = stopped_in(context, group)
    if deployment not in stops:
        msg = f"deployment {deployment!r} of gateway group {group!r} is not stopped"
        raise LookupError(msg)
    recorded, _ = stops[deployment]
    if _person(recorded.entry.actor) == _person(context.identity.actor):
        msg = f"{_person(context.identity.actor)} stopped it: somebody else must look, and resume it"
        raise PermissionError(msg)
    arms = tuple(each for each in _arms(context, group, deployment) if each.part is not Part.CHALLENGER)
    for arm in arms:
        if (release := release_of(context, arm.package)) is not None:
            offer(context, release)
    resumed = Resumed(group, deployment, reason.strip())
    return issued(context, group, lambda _, had: (*had, *arms), basis, also=(resumed,))


def _issue(context: Context, group: str) -> Orders:
    for _ in range(ATTEMPTS):
        try:
            return issued(context, group, lambda _, had: had, context.basis())
        except Conflict:
            continue
    msg = "it is recorded that it is stopped, but others keep writing: `muster orders issue` tells the gateways"
    raise Conflict(msg)


def _arms(context: Context, group: str, name: str) -> tuple[Deployment, ...]:
    """Return what last answered under a name; raise LookupError where nothing ever did."""
    for orders in sent(context, group):
        if found := tuple(each for each in orders.deployments if each.name == name):
            return found
    msg = f"gateway group {group!r} never had a deployment {name!r}; `muster deployment list` shows them"
    raise LookupError(msg)


def _person(actor: str) -> str:
    """Return who is behind an actor: for a service account, the person who answers for it."""
    return actor.removeprefix(LOCAL).partition(ACCOUNT)[0]
