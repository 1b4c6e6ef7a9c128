"""Perform: the one way in. Every door calls it; roles are checked here and nowhere else."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import Any

from muster.lifecycle.desk.action import CATALOGUE, Action, Effect, Upload
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.reach.cover import require_reach
from muster.ports.ledger import Conflict
from muster.records.access.alert import Alert, Suspicious
from muster.records.codec import encode, kind_of, read_value
from muster.records.entry import Entry
from muster.records.people import RefusedAttempt
from muster.rules.access.roll import SECOND_PERSON

ATTEMPTS = 5
"""How often an action decides again when what it read was changed under it."""


def perform(name: str, context: Context, arguments: Mapping[str, Any]) -> Any:
    """Check the actor's roles and the arguments, then act.

    Parameters
    ----------
    name
        An action or view of the catalogue, such as ``use-case register``.
    arguments
        JSON values by parameter name; uploads as :class:`Upload`.

    Raises
    ------
    LookupError
        If no such action is known, or something that the arguments name.
    PermissionError
        If the actor has none of the roles, or only where they do not count, or a gate refuses; the attempt is recorded,
        and an alert raised if it smells of attack.
    ValueError
        If an argument is missing, unknown or of a wrong type; nothing has been done.
    Conflict
        If others kept changing what the action read.
    """
    asked = CATALOGUE.get(name)
    if asked is None:
        msg = f"no action is called {name!r}; known are {', '.join(sorted(CATALOGUE))}"
        raise LookupError(msg)
    try:
        _require_role(asked, context)
        values = read_arguments(asked, arguments)
        require_reach(asked, context, values)
        return _decided(asked, context, values)
    except PermissionError as refusal:
        if refusal.errno is None:  # the file system's own refusals say nothing about the actor
            _record_refusal(asked, context, refusal)
        raise


def _decided(asked: Action, context: Context, values: Mapping[str, Any]) -> Any:
    for _ in range(ATTEMPTS - 1):
        try:
            return asked.function(context, **values)
        except Conflict:
            continue
    return asked.function(context, **values)


def _require_role(asked: Action, context: Context) -> None:
    identity = context.identity
    if asked.roles and not asked.roles & identity.roles:
        needed = " or ".join(sorted(asked.roles))
        held = ", ".join(sorted(identity.roles)) or "no role"
        how = "role grant" if asked.roles - SECOND_PERSON else "role propose"
        msg = f"{asked.name!r} needs the role {needed}; {identity.id} holds {held}. Admins see to it: muster {how}"
        raise PermissionError(msg)
    if identity.read_only and asked.effect is Effect.ACTS:
        msg = f"{asked.name!r} changes something, and {identity.id} came with a token that may read only"
        raise PermissionError(msg)


def _record_refusal(asked: Action, context: Context, refusal: PermissionError) -> None:
    """Write down that somebody was refused, and why; without the arguments, which may hold personal data."""
    subject, at = f"actor:{context.identity.id}", context.house.clock()
    refused = encode(RefusedAttempt(asked.name, str(refusal)))
    context.house.ledger.append([Entry(kind_of(RefusedAttempt), subject, context.identity.actor, at, refused)])
    if isinstance(refusal, Suspicious):
        context.house.notify.notify(Alert(refusal.what, refusal.severity, subject, str(refusal), at))


def read_arguments(asked: Action, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Turn JSON values into what the function takes; raise ValueError naming the argument that is wrong."""
    known = {parameter.name: parameter for parameter in asked.parameters}
    if unknown := sorted(arguments.keys() - known.keys()):
        msg = f"{asked.name}: unknown argument {', '.join(unknown)}; it takes {', '.join(known) or 'none'}"
        raise ValueError(msg)
    if missing := [p.name for p in asked.parameters if p.required and p.name not in arguments]:
        msg = f"{asked.name}: missing argument {', '.join(missing)}"
        raise ValueError(msg)
    return {name: _read(known[name].type, value, f"{asked.name}: {name}") for name, value in arguments.items()}


def _read(hint: Any, value: Any, where: str) -> Any:
    wanted = {hint, *typing.get_args(hint)}
    if Upload in wanted:
        if isinstance(value, Upload) or (value is None and type(None) in wanted):
            return value
        msg = f"{where}: expected a file"
        raise ValueError(msg)
    return read_value(hint, value, where)
