"""Serve: released versions are deployed, and gateways are told by signed, numbered orders."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.lifecycle.desk.action import action, view
from muster.lifecycle.desk.asking import find_version, policy_for, standing_of
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.roots import current_root
from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.entry import Basis
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.records.release import Deployment, IssuedOrders, Orders, Revocation, SignedRelease
from muster.records.trust import Duty, TrustRoot
from muster.rules.admission import open_package
from muster.rules.envelope import open_envelope, read_envelope
from muster.rules.orders import GROWTH, ORDERS_TYPE, Growth, sign_orders
from muster.rules.standing import State

DOCUMENT = "orders/{}.json"
"""Name of a gateway group's newest orders in the outbox."""

REACH = 200
"""Orders that a gateway may have missed and still be shown that the ledger is the one it knew."""

OPERATORS = (Role.OPERATOR,)

_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")  # as the outbox names documents
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
    basis = context.basis()
    found = find_version(context, version)
    released = _standing_release(context, found.digest, environment, scope)
    content = context.house.blobs.get(released.package)
    release, _ = open_package(content, current_root(context), context.house.verify)
    context.house.outbox.put(content)
    context.house.outbox.put(context.house.blobs.get(release.served))
    new = Deployment(name, found.use_case, environment, scope, found.digest, release.served, released.package)
    kept = tuple(d for d in _deployments(context, group) if d.name != name)
    return _issue(context, group, (*kept, new), basis)


@action("deployment remove", roles=OPERATORS)
def remove(context: Context, name: str, group: str = "default") -> Orders:
    """Stop serving a deployment; orders are issued at once and reach every gateway within its poll interval."""
    basis = context.basis()
    deployed = _deployments(context, group)
    if name not in {deployment.name for deployment in deployed}:
        msg = f"gateway group {group!r} has no deployment {name!r}; `muster deployment list` shows them"
        raise LookupError(msg)
    return _issue(context, group, tuple(d for d in deployed if d.name != name), basis)


@action("orders issue", roles=OPERATORS)
def issue(context: Context, group: str = "default") -> Orders:
    """Issue new orders: deployments whose release still stands, the revoked releases, and a new expiry."""
    basis = context.basis()
    standing = tuple(d for d in _deployments(context, group) if _state(context, d)[0] == State.IN_FORCE.value)
    return _issue(context, group, standing, basis)


@view("orders show")
def show(context: Context, group: str = "default") -> Orders:
    """Show the newest orders of a gateway group."""
    context.house.ledger.refresh()
    found = _newest(context, group)
    if found is None:
        msg = f"no orders were issued to gateway group {group!r}; `muster deployment set` issues the first"
        raise LookupError(msg)
    return found


@view("deployment list")
def listed(context: Context, group: str = "default") -> tuple[DeploymentLine, ...]:
    """List the deployments of a gateway group, and how their releases stand today."""
    context.house.ledger.refresh()
    return tuple(
        DeploymentLine(group, d.name, d.version, d.scope, d.share, *_state(context, d))
        for d in _deployments(context, group)
    )


def republish(context: Context) -> int:
    """Publish the newest orders of every group again, in case the process died between recording and publishing."""
    groups = {issued.group for _, issued in context.history(IssuedOrders)}
    for group in groups:
        _publish(context, group)
    return len(groups)


def _standing_release(context: Context, version: str, environment: str, scope: str) -> SignedRelease:
    found = [
        release
        for _, release in context.history(SignedRelease, f"version:{version}")
        if (release.environment, release.scope) == (environment, scope)
    ]
    if not found:
        msg = f"version {version} has no release to {scope} in {environment}: sign one first (muster release sign)"
        raise PermissionError(msg)
    state = standing_of(context, found[-1])
    if state.state is not State.IN_FORCE:
        msg = f"the release of {version} is {state.state.value}: {'; '.join(state.reasons)}"
        raise PermissionError(msg)
    return found[-1]


def _state(context: Context, deployment: Deployment) -> tuple[str, tuple[str, ...]]:
    for _, release in context.history(SignedRelease, f"version:{deployment.version}"):
        if release.package == deployment.package:
            try:
                found = standing_of(context, release)
            except LookupError as error:  # no one policy: one release that cannot be judged must not hold up the others
                return "unknown", (str(error),)
            return found.state.value, found.reasons
    return "unknown", ("no release with this package is in the ledger",)


def _newest(context: Context, group: str) -> Orders | None:
    issued = context.history(IssuedOrders, f"gateway-group:{group}")
    if not issued:
        return None
    envelope = read_envelope(issued[-1][1].envelope)
    # Also keys that were withdrawn since: what they signed for this ledger tells still how far the numbers went.
    keys = tuple(key for _, root in context.history(TrustRoot, "trust-root") for key in root.keys(Duty.ORDERS))
    return decode(Orders, parse(open_envelope(envelope, ORDERS_TYPE, keys, context.house.verify)), "orders")


def _deployments(context: Context, group: str) -> tuple[Deployment, ...]:
    newest = _newest(context, group)
    return newest.deployments if newest is not None else ()


def _issue(context: Context, group: str, deployments: Sequence[Deployment], basis: Basis) -> Orders:
    if not _GROUP.fullmatch(group):
        msg = f"gateway group {group!r}: use 1 to 64 letters, digits, '.' and '-', beginning with a letter or digit"
        raise ValueError(msg)
    house = context.house
    newest = _newest(context, group)
    now = house.clock()
    orders = Orders(
        group=group,
        number=newest.number + 1 if newest is not None else 1,
        issued_at=now,
        expires_at=_expiry(context, deployments, now),
        deployments=tuple(deployments),
        revoked=tuple(sorted({revocation.package for _, revocation in context.history(Revocation)})),
        checkpoint=house.ledger.checkpoint(),
        root_version=current_root(context).version,
    )
    signer = house.signers[Duty.ORDERS]
    envelope = sign_orders(orders, [(signer.key, signer.sign)])
    context.record(IssuedOrders(group, orders.number, envelope), expect=basis)
    _publish(context, group)
    return orders


def _publish(context: Context, group: str) -> None:
    """Publish a group's newest orders; look again afterwards, for another process may have issued newer ones."""
    published, outbox = "", context.house.outbox
    while (newest := (issued := context.history(IssuedOrders, f"gateway-group:{group}"))[-1][1].envelope) != published:
        growth = _growth(context, [record for _, record in issued[-REACH:]])
        outbox.publish(GROWTH.format(group), canonical(encode(growth)))
        outbox.publish(DOCUMENT.format(group), newest.encode())
        published = newest
        context.house.ledger.refresh()


def _growth(context: Context, issued: Sequence[IssuedOrders]) -> Growth:
    """Prove that the ledger of the newest orders continues the ledgers of those before."""
    payloads = [parse(base64.b64decode(read_envelope(record.envelope).payload)) for record in issued]
    sizes = [int(payload["checkpoint"].split("\n")[1]) for payload in payloads]
    newest, consistency = sizes[-1], context.house.ledger.consistency
    return Growth(
        newest,
        {str(size): tuple(step.hex() for step in consistency(size, newest)) for size in set(sizes) if size < newest},
    )


def _expiry(context: Context, deployments: Sequence[Deployment], now: datetime) -> datetime:
    """Return until when a gateway may go on alone: the shortest time that any policy concerned allows."""
    hours = [
        policy_for(context, context.latest(UseCase, f"use-case:{d.use_case}"), d.environment)[0].orders_life_hours
        for d in deployments
    ]
    return now + timedelta(hours=min(hours, default=24))
