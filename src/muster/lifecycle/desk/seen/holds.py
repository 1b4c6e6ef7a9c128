"""Holds: which are in force, and what they keep: versions, data, sealed words and what gateways logged."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from muster.lifecycle.desk.context import Context
from muster.records.access.erasure import LOGGED, PERSONAL, SEGMENTS
from muster.records.access.hold import Hold, LiftedHold
from muster.records.canonical import parse
from muster.records.data import DatasetVersion
from muster.records.entry import Recorded
from muster.records.evidence import Evidence
from muster.records.model import ModelVersion
from muster.records.release import IssuedOrders
from muster.rules.envelope import read_envelope

SEALED = ("comment", "words")
"""Fields of entries that name what is sealed in the vault."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What holds keep, each by the id of the hold that keeps it."""

    datasets: Mapping[str, str]
    """By digest."""
    sealed: Mapping[str, str]
    """By digest of the sealed bytes."""
    deployments: Mapping[str, str]
    """By name of the deployment whose log is kept."""

    def of(self, data: str, name: str) -> str:
        """Return the id of the hold that keeps something of a kind of data, empty if none does."""
        if data in (LOGGED, SEGMENTS, PERSONAL):
            folder = name.partition("/")[0]
            return next((hold for each, hold in self.deployments.items() if folder == f"d-{quote(each, safe='')}"), "")
        return (self.datasets if data == "datasets" else self.sealed).get(name, "")


def in_force(context: Context) -> tuple[tuple[Recorded, Hold], ...]:
    """Return the holds that were not lifted, oldest first, each with the entry that set it."""
    lifted = {lift.hold for _, lift in context.history(LiftedHold)}
    return tuple((recorded, hold) for recorded, hold in context.history(Hold) if hold.id not in lifted)


def hold_named(context: Context, identifier: str) -> tuple[Recorded, Hold]:
    """Return a hold and the entry that set it; raise LookupError if there is none of that id."""
    for recorded, hold in context.history(Hold):
        if hold.id.casefold() == identifier.strip().casefold():
            return recorded, hold
    msg = f"no hold {identifier!r} is known here; `muster hold list` shows all"
    raise LookupError(msg)


def kept_by(context: Context) -> Keeping:
    """Return what the holds in force keep."""
    holds = [hold for _, hold in in_force(context)]
    if not holds:
        return Keeping({}, {}, {})
    models = list({model.digest: model for _, model in context.history(ModelVersion)}.values())
    by_version = {model.digest: hold.id for hold in holds for model in models if hold.about in _subjects_of(model)}
    datasets = {hold.about.removeprefix("dataset:"): hold.id for hold in holds if hold.about.startswith("dataset:")}
    for model in models:
        if model.digest in by_version:
            datasets |= dict.fromkeys(_data_of(context, model), by_version[model.digest])
    subjects = {f"version:{version}": hold for version, hold in by_version.items()}
    subjects |= {hold.about: hold.id for hold in holds}
    sealed = {name: hold for subject, hold in subjects.items() for name in _sealed_about(context, subject)}
    deployments = {name: by_version[version] for name, version in _deployed(context) if version in by_version}
    return Keeping(_with_relatives(context, datasets), sealed, deployments)


def _subjects_of(model: ModelVersion) -> tuple[str, str]:
    return model.subject, f"use-case:{model.use_case}"


def _data_of(context: Context, model: ModelVersion) -> Iterator[str]:
    """Yield the data that a version was trained on, or measured on."""
    yield model.training
    yield from (evidence.sample for _, evidence in context.history(Evidence, model.subject))


def _with_relatives(context: Context, datasets: Mapping[str, str]) -> dict[str, str]:
    """Add what the data is a part of, up to the whole, and the parts of what is held itself."""
    parents = {version.digest: version.parent for _, version in context.history(DatasetVersion)}
    found = dict(datasets)
    for name, hold in datasets.items():
        parent = parents.get(name, "")
        while parent and parent not in found:
            found[parent] = hold
            parent = parents.get(parent, "")
    for name, parent in parents.items():
        if parent in datasets:
            found.setdefault(name, datasets[parent])
    return found


def _sealed_about(context: Context, subject: str) -> Iterator[str]:
    for recorded in context.house.ledger.read(subject=subject):
        for field in SEALED:
            held = recorded.entry.body.get(field)
            yield from held.values() if isinstance(held, Mapping) else (held,) if held else ()


def _deployed(context: Context) -> Iterator[tuple[str, str]]:
    """Yield name and version of every deployment that any orders ever named."""
    for _, issued in context.history(IssuedOrders):
        orders = parse(base64.b64decode(read_envelope(issued.envelope).payload))
        yield from ((deployment["name"], deployment["version"]) for deployment in orders["deployments"])
