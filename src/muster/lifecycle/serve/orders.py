"""Orders: what one gateway group is told, signed and numbered; each set of orders says everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from muster.lifecycle.desk.action import Upload, action, view
from muster.lifecycle.desk.asking import policy_for
from muster.lifecycle.desk.checkpoints import witnessed
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import groups_of, newest
from muster.lifecycle.desk.posture.stops import stopped_in
from muster.lifecycle.desk.roots import current_root
from muster.lifecycle.serve.contents import guarded, reasons_for
from muster.lifecycle.serve.explaining import explanations_for
from muster.lifecycle.serve.lapses import kept, left_out, standing_in
from muster.lifecycle.serve.publish import publish
from muster.records.entry import Basis
from muster.records.people import Role
from muster.records.purpose import UseCase
from muster.records.release import Deployment, IssuedOrders, NamedDigest, Orders, Revocation
from muster.records.traffic.stop import Resumed
from muster.records.trust import Duty
from muster.rules.orders import sign_orders

OPERATORS = (Role.OPERATOR,)

RENEWED = 0.5
"""Share of the life of orders after which a control plane that is up issues the next."""

_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}")  # as the outbox names documents
_LIST = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@action("orders issue", roles=OPERATORS)
def issue(context: Context, group: str = "default") -> Orders:
    """Issue new orders: deployments whose release still stands, the revoked releases, and a new expiry."""
    return issued(context, group, _same, context.basis())


@action("orders attach", roles=OPERATORS)
def attach(context: Context, name: str, file: Upload, group: str = "default") -> Orders:
    """Give a gateway group a list of names, such as those of packages, by its digest; orders are issued at once.

    Parameters
    ----------
    name
        What it is called there, such as ``pypi``; a list of that name is replaced.
    file
        The list, as guards read it.
    """
    if not _LIST.fullmatch(name):
        msg = f"list {name!r}: use 1 to 64 small letters, digits, '.' and '-', beginning with a letter or digit"
        raise ValueError(msg)
    basis = context.basis()
    named = NamedDigest(name, context.house.blobs.put(file.content))
    context.house.outbox.put(file.content)
    return issued(context, group, _same, basis, lambda lists: (*(n for n in lists if n.name != name), named))


@action("orders detach", roles=OPERATORS)
def detach(context: Context, name: str, group: str = "default") -> Orders:
    """Take a list of names from a gateway group; orders are issued at once."""
    basis = context.basis()
    found = newest(context, group)
    if found is None or name not in {named.name for named in found.lists}:
        msg = f"gateway group {group!r} has no list {name!r}; `muster orders show` shows what it has"
        raise LookupError(msg)
    return issued(context, group, _same, basis, lambda lists: tuple(n for n in lists if n.name != name))


@view("orders show")
def show(context: Context, group: str = "default") -> Orders:
    """Show the newest orders of a gateway group."""
    context.house.ledger.refresh()
    found = newest(context, group)
    if found is None:
        msg = f"no orders were issued to gateway group {group!r}; `muster deployment set` issues the first"
        raise LookupError(msg)
    return found


def renew(context: Context) -> tuple[Orders, ...]:
    """Issue the next orders of every group whose newest are in the second half of their life."""
    context.house.ledger.refresh()
    renewed = []
    for group in groups_of(context):
        found, now = newest(context, group), context.house.clock()
        if found is not None and now - found.issued_at >= RENEWED * (found.expires_at - found.issued_at):
            renewed.append(issue(context, group))
    return tuple(renewed)


def state_of(context: Context, deployment: Deployment) -> tuple[str, tuple[str, ...]]:
    """Return how the release of a deployment stands today, and why."""
    found = standing_in(context, deployment)
    if found is None:
        return "unknown", ("no release with this package is in the ledger",)
    return found.state.value, found.reasons


def issued(
    context: Context,
    group: str,
    deployed: Callable[[Context, tuple[Deployment, ...]], Sequence[Deployment]],
    basis: Basis,
    listed: Callable[[tuple[NamedDigest, ...]], tuple[NamedDigest, ...]] = lambda lists: lists,
    also: Sequence[Any] = (),
) -> Orders:
    """Issue the next orders of a group: sign, record, publish. What lapsed is dealt with as its policy says.

    Parameters
    ----------
    deployed
        Given the deployments so far, returns those to come.
    basis
        What was read; raises Conflict if it has changed.
    listed
        Given the lists of names so far, returns those to come.
    also
        What is recorded with the orders, all or nothing: what they are issued for.
    """
    _require_named(group)
    house, before = context.house, newest(context, group)
    now, root = house.clock(), current_root(context)
    had = before.deployments if before else ()
    stopped = stopped_in(context, group).keys() - {each.name for each in also if isinstance(each, Resumed)}
    wanted = tuple(each for each in deployed(context, had) if each.name not in stopped)
    asked = kept(context, group, wanted)
    deployments, guards = guarded(context, asked, before, root)
    reasons = reasons_for(context, {deployment.use_case for deployment in deployments})
    orders = Orders(
        group=group,
        number=before.number + 1 if before else 1,
        issued_at=now,
        expires_at=_expiry(context, deployments, now),
        deployments=deployments,
        revoked=tuple(sorted({revocation.package for _, revocation in context.history(Revocation)})),
        checkpoint=witnessed(context),
        root_version=root.version,
        guards=guards,
        reasons=reasons,
        lists=listed(before.lists if before else ()),
        explanations=explanations_for(context, deployments, reasons, guards, before),
        stopped=tuple(sorted(stopped)),
    )
    signer = house.signers[Duty.ORDERS]
    envelope = sign_orders(orders, [(signer.key, signer.sign)])
    lapsed = left_out(context, group, [each for each in had if each in wanted], deployments)
    context.record(*also, IssuedOrders(group, orders.number, envelope), expect=basis)
    for alert in lapsed:
        house.notify.notify(alert)
    publish(context, group)
    return orders


def _require_named(group: str) -> None:
    if not _GROUP.fullmatch(group):
        msg = f"gateway group {group!r}: use 1 to 64 letters, digits, '.' and '-', beginning with a letter or digit"
        raise ValueError(msg)


def _same(_: Context, deployments: tuple[Deployment, ...]) -> Sequence[Deployment]:
    return deployments


def _expiry(context: Context, deployments: Sequence[Deployment], now: datetime) -> datetime:
    """Return until when a gateway may go on alone: the shortest time that any policy concerned allows."""
    hours = [
        policy_for(context, context.latest(UseCase, f"use-case:{d.use_case}"), d.environment)[0].orders_life_hours
        for d in deployments
    ]
    return now + timedelta(hours=min(hours, default=24))
