"""Arms: a released version, made ready to share the traffic of a name."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.board import standing_of
from muster.lifecycle.serve.offers import offer
from muster.records.release import Buckets, Deployment, Part, SignedRelease
from muster.rules.gate.measured import SERVE, TRIAL
from muster.rules.standing.state import State


def standing_release(context: Context, version: str, environment: str, scope: str) -> SignedRelease:
    """Return the newest release of a version; raise PermissionError where none stands today."""
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


def release_of(context: Context, package: str) -> SignedRelease | None:
    """Return the release with a package; None where the ledger has none."""
    return next((known for _, known in context.history(SignedRelease) if known.package == package), None)


def arm_of(
    context: Context, name: str, version: str, environment: str, part: Part, people: Sequence[Buckets] = ()
) -> Deployment:
    """Return a version as a part of the traffic of a name; everything that gateways read of it is in the outbox then.

    Raises
    ------
    PermissionError
        If no release stands that lets it do that: to shadow, one for the shadow, to trial or to serve; to answer some
        of the people, one to serve or to trial; to answer whoever is left, one to serve.
    """
    found = find_version(context, version)
    released = _released(context, found.digest, environment, part)
    release = offer(context, released)
    return Deployment(
        name,
        found.use_case,
        environment,
        released.scope,
        found.digest,
        release.served,
        released.package,
        part=part,
        people=tuple(people),
    )


def require_alike(context: Context, champion: str, other: str) -> None:
    """Raise ValueError where versions are of two use cases, or callers cannot ask both alike."""
    one, two = find_version(context, champion), find_version(context, other)
    if one.use_case != two.use_case:
        msg = f"version {two.digest} is of use case {two.use_case}, the champion of {one.use_case}"
        raise ValueError(msg)
    if one.manifest.format is not two.manifest.format or _inputs(one) != _inputs(two):
        msg = (
            f"version {two.digest} reads other inputs than the champion: callers cannot ask both alike. "
            "Deploy it under a name of its own"
        )
        raise ValueError(msg)


def _inputs(version: object) -> dict[str, str]:
    return {column.name: column.type.value for column in version.manifest.inputs}  # type: ignore[attr-defined]


def _released(context: Context, version: str, environment: str, part: Part) -> SignedRelease:
    for scope in {Part.SHADOW: ("shadow", TRIAL), Part.CHALLENGER: (SERVE, TRIAL), Part.CHAMPION: ()}[part]:
        with suppress(PermissionError):  # another may stand
            return standing_release(context, version, environment, scope)
    return standing_release(context, version, environment, SERVE)
