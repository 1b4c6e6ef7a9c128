"""Contents of orders: the guards before each deployment as its release demands them, and the reasons in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from muster.lifecycle.desk.context import Context
from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.policy import ReasonMap
from muster.records.release import Deployment, GuardSet, NamedDigest, Orders
from muster.records.trust import TrustRoot
from muster.rules.admission import admit, library_in, open_package
from muster.rules.gate.guarding import demanded, set_of


def guarded(
    context: Context, deployments: Sequence[Deployment], before: Orders | None, root: TrustRoot
) -> tuple[tuple[Deployment, ...], tuple[GuardSet, ...]]:
    """Return deployments that name the guards before them, and those guards, each set once.

    What gateways would refuse by now keeps the guards that it had: it must not hold up the others, nor a revocation.

    Raises
    ------
    PermissionError
        If gateways would refuse a deployment that is new, with their words.
    """
    had = {known.name: known for known in before.guards} if before else {}
    old = {(each.name, each.package) for each in before.deployments} if before else set()
    sets: dict[str, GuardSet] = {}
    ordered = []
    for deployment in deployments:
        told: GuardSet | None
        try:
            told = _demanded(context, deployment, root)
        except (PermissionError, ValueError, KeyError) as error:
            if (deployment.name, deployment.package) not in old:
                msg = f"gateways would refuse {deployment.name}: {error}"
                raise PermissionError(msg) from error
            told = had.get(deployment.guards)
        if told is not None:
            sets[told.name] = told
        ordered.append(replace(deployment, guards="" if told is None else told.name))
    return tuple(ordered), tuple(sets[name] for name in sorted(sets))


def reasons_for(context: Context, use_cases: Iterable[str]) -> tuple[NamedDigest, ...]:
    """Return the newest reason map of each use case that has one, by digest; it lies in the outbox then."""
    newest = {adopted.use_case: adopted for _, adopted in context.history(ReasonMap)}
    return tuple(
        NamedDigest(name, context.house.outbox.put(canonical(encode(newest[name]))))
        for name in sorted(set(use_cases) & newest.keys())
    )


def _demanded(context: Context, deployment: Deployment, root: TrustRoot) -> GuardSet:
    house = context.house
    content = house.blobs.get(deployment.package)
    admission = admit(content, deployment, root, house.verify, house.clock())
    release, entries = open_package(content, root, house.verify)
    return set_of(demanded(admission.policy, library_in(release, entries), admission.decision))
