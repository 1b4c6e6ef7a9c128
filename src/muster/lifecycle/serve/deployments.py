"""Deployments: where released versions answer; every change is told to gateways by new orders."""

from __future__ import annotations

import re
from dataclasses import dataclass

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import newest
from muster.lifecycle.desk.posture.stops import require_running
from muster.lifecycle.serve.offers import offer
from muster.lifecycle.serve.orders import OPERATORS, issued, state_of
from muster.lifecycle.serve.traffic.arms import standing_release
from muster.records.release import Deployment, Orders
from muster.rules.gate.measured import TRIAL

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")  # as it stands in the gateway's URLs


@dataclass(frozen=True, slots=True)
class DeploymentLine:
    """A deployment and how its release stands."""

    group: str
    name: str
    version: str
    scope: str
    share: float
    state: str
    reasons: tuple[str, ...]


@action("deployment set", roles=OPERATORS)
def deploy(
    context: Context,
    name: str,
    version: str,
    environment: str = "production",
    scope: str = "serve",
    group: str = "default",
) -> Orders:
    """Let a gateway group serve a released version under a name; orders are issued at once.

    It answers everybody there from then on: versions that shared the name's traffic answer nobody any more.

    Parameters
    ----------
    name
        Of the deployment: clients ask for this model name.
    group
        The gateways that shall serve it.

    Raises
    ------
    PermissionError
        If no release of the version stands today.
    """
    if not _NAME.fullmatch(name):
        msg = f"deployment {name!r}: use 1 to 128 letters, digits, '.', '_' or '-', beginning with a letter or digit"
        raise ValueError(msg)
    if scope == TRIAL:
        msg = (
            f"a release to {TRIAL} lets a version answer some of the people beside a champion, and here it would "
            f"answer all: muster traffic set {name} --challenger VERSION=SHARE, or muster canary start"
        )
        raise ValueError(msg)
    basis = context.basis()
    found = find_version(context, version)
    require_running(context, group, name)
    released = standing_release(context, found.digest, environment, scope)
    release = offer(context, released)
    new = Deployment(name, found.use_case, environment, scope, found.digest, release.served, released.package)
    return issued(context, group, lambda _, had: (*(d for d in had if d.name != name), new), basis)


@action("deployment remove", roles=OPERATORS)
def remove(context: Context, name: str, group: str = "default") -> Orders:
    """Stop serving a deployment; orders are issued at once and reach every gateway within its poll interval."""
    basis = context.basis()
    deployed = deployments_of(context, group)
    if name not in {deployment.name for deployment in deployed}:
        msg = f"gateway group {group!r} has no deployment {name!r}; `muster deployment list` shows them"
        raise LookupError(msg)
    return issued(context, group, lambda _, had: tuple(d for d in had if d.name != name), basis)


@view("deployment list")
def listed(context: Context, group: str = "default") -> tuple[DeploymentLine, ...]:
    """List the deployments of a gateway group, and how their releases stand today."""
    context.house.ledger.refresh()
    return tuple(
        DeploymentLine(group, d.name, d.version, d.scope, d.share, *state_of(context, d))
        for d in deployments_of(context, group)
    )


def deployments_of(context: Context, group: str) -> tuple[Deployment, ...]:
    """Return what the newest orders of a gateway group deploy."""
    found = newest(context, group)
    return found.deployments if found is not None else ()
