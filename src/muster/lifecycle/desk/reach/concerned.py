"""Concerned: which use cases the arguments of an action are about, by the names of its parameters."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from muster.lifecycle.desk.action import Action
from muster.lifecycle.desk.asking import find_dataset, find_version, one_of
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.seen.findings import finding_named
from muster.lifecycle.desk.seen.holds import hold_named
from muster.records.canonical import digest, parse
from muster.records.codec import decode
from muster.records.data import DatasetVersion
from muster.records.decision import Waiver
from muster.records.entry import person_of
from muster.records.governance.emergency import Emergency
from muster.records.governance.signoffs import SignedDelegation
from muster.records.governance.waivers import WaiverRequest
from muster.records.model import ModelVersion
from muster.records.policy import ReasonMap
from muster.records.purpose import UseCase
from muster.records.release import IssuedOrders, SignedRelease
from muster.rules.envelope import read_envelope, read_statement
from muster.rules.gate.urgent import EMERGENCY
from muster.rules.signing.statements import claimed

Found = Iterator[UseCase]

UNBOUND = frozenset({"dataset snapshot", "key submit", "role confirm"})
"""Actions that touch no use case: new data, a key of one's own; and one whose own rule asks how far a role goes."""

DATA = frozenset({"dataset", "training", "validation"})
"""Arguments that may touch no use case: data of one's own that nobody has used yet."""

HOUSE_WIDE = frozenset(
    {
        "canary step",
        "ledger anchor",
        "library adopt",
        "log compact",
        "log list",
        "person list",
        "person show",
        "policy adopt",
        "policy propose",
        "policy request",
        "policy submit",
        "questionnaire adopt",
        "posture update",
        "retention run",
        "retention set",
    }
)
"""Actions that touch, or tell of, what no list of use cases bounds: a role must count everywhere for them."""


def resolvable(asked: Action) -> bool:
    """Whether the use cases that an action touches can be told from its arguments."""
    return asked.name in BY_ACTION or any(parameter.name in BY_PARAMETER for parameter in asked.parameters)


def use_cases(asked: Action, context: Context, values: Mapping[str, Any]) -> tuple[UseCase, ...] | None:
    """Return the use cases that an action touches with these arguments; None if it may be any of the house.

    Raises
    ------
    LookupError
        If an argument names what is not known.
    PermissionError
        If what it names belongs to no use case yet, and somebody else brought it.
    """
    if asked.name in UNBOUND:
        return ()
    if not resolvable(asked):
        return None
    context.house.ledger.refresh()
    found = [
        case for name, value in values.items() if name in BY_PARAMETER for case in BY_PARAMETER[name](context, value)
    ]
    if asked.name in BY_ACTION:
        defaults = {parameter.name: parameter.default for parameter in asked.parameters}
        more = list(BY_ACTION[asked.name](context, {**defaults, **values}))
        return (*found, *more) if found or more else None
    named = {name for name in values if name in BY_PARAMETER}
    return tuple(found) if found or (named and named <= DATA) else None


def _case(context: Context, use_case: str) -> UseCase:
    return context.latest(UseCase, f"use-case:{use_case}")


def _named(context: Context, use_case: UseCase | str) -> Found:
    """Yield a use case; where its facts are handed in, also as it is registered: both must be covered."""
    if isinstance(use_case, str):
        yield _case(context, use_case)
        return
    yield use_case
    yield from (known for _, known in context.history(UseCase, use_case.subject)[-1:])


def _of_version(context: Context, version: str) -> Found:
    yield _case(context, find_version(context, version).use_case)


def _of_finding(context: Context, finding: str) -> Found:
    yield _case(context, finding_named(context, finding)[1].use_case)


def _of_hold(context: Context, hold: str) -> Found:
    about, _, name = hold_named(context, hold)[1].about.partition(":")
    of = {"version": _of_version, "use-case": _case_named, "dataset": _of_dataset}
    yield from of[about](context, name)


def _case_named(context: Context, use_case: str) -> Found:
    yield _case(context, use_case)


def _of_package(context: Context, package: str) -> Found:
    """Yield the use case of a release, found as the action itself finds it: by the beginning of its digest, too."""
    known = {release.package: release for _, release in context.history(SignedRelease)}
    yield _case(context, one_of(known, package, "release package", "muster release list").use_case)


def _of_reasons(context: Context, reasons: ReasonMap) -> Found:
    """Yield the use case of a reason map, and that of the map which it would take the place of."""
    known = [each.use_case for _, each in context.history(ReasonMap, reasons.subject)[-1:]]
    for use_case in {reasons.use_case, *known}:
        yield _case(context, use_case)


def _of_envelope(context: Context, envelope: str) -> Found:
    _, said = claimed(envelope)
    question = said.question
    yield from _of_version(context, question.version)
    yield _case(context, question.use_case)


def _of_emergency(context: Context, emergency: Any) -> Found:
    """Yield the use case of a statement that lets a version out; the flag of the same name says nothing."""
    if isinstance(emergency, str):
        payload = base64.b64decode(read_envelope(emergency).payload)
        question = decode(Emergency, read_statement(payload, EMERGENCY)[1], "emergency").question
        yield from _of_version(context, question.version)
        yield _case(context, question.use_case)


def _of_waiver(context: Context, waiver: str) -> Found:
    """Yield the use case of a waiver that was granted, or asked for."""
    known = {digest(at.raw): each.version for at, each in context.history(WaiverRequest)}
    known |= {digest(at.raw): each.version for at, each in context.history(Waiver)}
    yield from _of_version(context, one_of(known, waiver, "waiver", "muster waiver list"))


def _of_delegation(context: Context, delegation: str) -> Found:
    known = {digest(at.raw): each.use_case for at, each in context.history(SignedDelegation)}
    yield _case(context, one_of(known, delegation, "delegation", "muster delegation list"))


def _of_dataset(context: Context, dataset: str) -> Found:
    """Yield the use cases of the models that were trained on a data set, or on another part of the same one."""
    found = find_dataset(context, dataset)
    recorded = context.history(DatasetVersion)
    parents = {version.digest: version.parent for _, version in recorded}
    source = _source(found.digest, parents)
    cases = {model.use_case for _, model in context.history(ModelVersion) if _source(model.training, parents) == source}
    mine = any(entry.entry.person == person_of(context.identity.actor) for entry, each in recorded if each == found)
    if not cases and not mine:
        msg = (
            f"dataset {found.name!r} belongs to no use case yet, and your role counts in some use cases only: ask "
            "whoever brought it, or somebody whose role counts everywhere"
        )
        raise PermissionError(msg)
    for use_case in sorted(cases):
        yield _case(context, use_case)


def _of_training(context: Context, values: Mapping[str, Any]) -> Found:
    """Yield the use cases of data to train on.

    Else whoever trains on the data of others would make it that of their own use case, and could read it by that.
    """
    for name in ("training", "validation"):
        if values.get(name):
            yield from _of_dataset(context, values[name])


def _source(digest: str, parents: Mapping[str, str]) -> str:
    while parents.get(digest):
        digest = parents[digest]
    return digest


def _deployed(context: Context, group: str) -> Mapping[str, str]:
    """Return the use case of each deployment of a gateway group, by its name."""
    issued = context.history(IssuedOrders, f"gateway-group:{group}")
    if not issued:
        return {}
    orders = parse(base64.b64decode(read_envelope(issued[-1][1].envelope).payload))
    return {deployment["name"]: deployment["use_case"] for deployment in orders["deployments"]}


def _of_deployment(context: Context, values: Mapping[str, Any]) -> Found:
    """Yield the use case of what is deployed under a name now: it would be replaced, or removed."""
    there = _deployed(context, values["group"])
    if values["name"] in there:
        yield _case(context, there[values["name"]])


def _of_traffic(context: Context, values: Mapping[str, Any]) -> Found:
    """Yield the use cases of a deployment whose traffic is moved, and of every version that it is moved to."""
    yield from _of_deployment(context, {"name": values.get("name", values.get("deployment", "")), **values})
    named = (values.get("champion", ""), *values.get("challenger", ()), *values.get("shadow", ()))
    for version in filter(None, named):
        yield from _of_version(context, version.partition("=")[0])


def _of_answering(context: Context, values: Mapping[str, Any]) -> Found:
    """Yield the use cases that answer under a name, whichever gateways serve it."""
    for group in sorted({known.group for _, known in context.history(IssuedOrders)}):
        for name, use_case in _deployed(context, group).items():
            if name == values["deployment"]:
                yield _case(context, use_case)


def _of_group(context: Context, values: Mapping[str, Any]) -> Found:
    for use_case in sorted(set(_deployed(context, values["group"]).values())):
        yield _case(context, use_case)


BY_PARAMETER: Mapping[str, Callable[[Context, Any], Found]] = {
    "use_case": _named,
    "version": _of_version,
    "package": _of_package,
    "reasons": _of_reasons,
    "envelope": _of_envelope,
    "emergency": _of_emergency,
    "dataset": _of_dataset,
    "waiver": _of_waiver,
    "delegation": _of_delegation,
    "finding": _of_finding,
    "hold": _of_hold,
}
"""What an argument is about. Samples beside a version are not here: the version says which use case they serve."""

BY_ACTION: Mapping[str, Callable[[Context, Mapping[str, Any]], Found]] = {
    "model register": _of_training,
    "model search": _of_training,
    "model train": _of_training,
    "deployment set": _of_deployment,
    "deployment remove": _of_deployment,
    "orders issue": _of_group,
    "orders attach": _of_group,
    "orders detach": _of_group,
    **dict.fromkeys(("traffic set", "traffic promote", "traffic rollback", "stop", "resume"), _of_traffic),
    **dict.fromkeys((f"canary {verb}" for verb in ("start", "pause", "continue", "abort")), _of_traffic),
    "override record": _of_answering,
    "override list": _of_answering,
    "override rate": _of_answering,
}
"""What several arguments of an action are about together."""
