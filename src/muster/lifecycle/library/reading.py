"""Reading: the library on a day, policies in force, and all that is known of a version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from muster.lifecycle.desk.asking import ask, find_version
from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.sent import groups_of, newest
from muster.records.data import DatasetVersion
from muster.records.decision import Question, Verdict
from muster.records.entry import Recorded
from muster.records.governance.search import Search
from muster.records.model import ModelVersion
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.records.release import Revocation, SignedRelease
from muster.rules.coverage.house.known import Known
from muster.rules.gate.applicability import applies
from muster.rules.note import size_of


def day_of(context: Context, as_of: str) -> str:
    """Return the day that is asked of, as YYYY-MM-DD; today where none is; raise ValueError where it is none."""
    if not as_of:
        return f"{context.house.clock():%Y-%m-%d}"
    try:
        found = date.fromisoformat(as_of)
    except ValueError:
        msg = f"{as_of!r} is no day: write it like 2027-12-02"
        raise ValueError(msg) from None
    return found.isoformat()


def end_of(day: str) -> datetime:
    """Return the moment at which a day is over, UTC."""
    return datetime.combine(date.fromisoformat(day), time(), UTC) + timedelta(days=1)


def adopted(context: Context, library: str = "") -> Sequence[tuple[Recorded, Library]]:
    """Return every version of a library that was adopted, oldest first; of the one adopted last where none is named.

    Raises
    ------
    LookupError
        If none was adopted, or none of that name.
    """
    context.house.ledger.refresh()
    every = context.history(Library)
    name = library or (every[-1][1].name if every else "")
    found = [(recorded, held) for recorded, held in every if held.name == name]
    if found:
        return found
    known = ", ".join(dict.fromkeys(held.name for _, held in every))
    what = f"no library {library!r} was adopted; there are {known}" if every else "no library was adopted yet"
    msg = f"{what}: muster library adopt FILE (muster example consumer-credit brings controls.yaml)"
    raise LookupError(msg)


def library_on(context: Context, day: str, library: str = "") -> Library:
    """Return the library that was in force at the end of a day; before there was one, the first."""
    versions = adopted(context, library)
    before = [held for recorded, held in versions if recorded.entry.at < end_of(day)]
    return before[-1] if before else versions[0][1]


def policies_in_force(context: Context, use_case: UseCase | None = None) -> tuple[Policy, ...]:
    """Return the newest version of each policy; those that are for a use case, where one is named."""
    newest_of = {policy.id: policy for _, policy in context.history(Policy)}
    return tuple(policy for policy in newest_of.values() if use_case is None or applies(policy, use_case)[0])


def known_version(context: Context, version: str, environment: str) -> Known:
    """Gather what is known of a version, and ask today's gate about it."""
    found = find_version(context, version)
    question = Question(found.digest, found.use_case, environment)
    asked = ask(context, question)
    released = [record for _, record in context.history(SignedRelease, f"version:{found.digest}")]
    house = context.house
    return Known(
        facts=asked.facts,
        decision=asked.decision,
        policy=asked.policy,
        use_case=context.latest(UseCase, f"use-case:{found.use_case}"),
        version=found,
        training=_training(context, found),
        searches=len(context.history(Search, f"use-case:{found.use_case}")),
        deployments=tuple(
            each
            for group in groups_of(context)
            if (orders := newest(context, group)) is not None
            for each in orders.deployments
            if each.version == found.digest
        ),
        shadows=sum(release.scope == "shadow" for release in released),
        packages=_standing(context, released, environment) if asked.decision.verdict is Verdict.ALLOW else (),
        entries=size_of(house.ledger.checkpoint()),
        outside=(*(each.name for each in house.anchors), *(each.name for each in house.witnesses)),
    )


def versions_that_matter(context: Context, use_case: str) -> tuple[str, ...]:
    """Return the versions of a use case that were released and may still serve; where there is none, the newest."""
    mine = [record.digest for _, record in context.history(ModelVersion) if record.use_case == use_case]
    released = {
        release.version
        for _, release in context.history(SignedRelease)
        if release.use_case == use_case and release.expires_at > context.house.clock()
    }
    out = [digest for digest in dict.fromkeys(mine) if digest in released]
    return tuple(out or mine[-1:])


def _standing(context: Context, released: Sequence[SignedRelease], environment: str) -> tuple[str, ...]:
    revoked = {revocation.package for _, revocation in context.history(Revocation)}
    return tuple(
        each.package
        for each in released
        if (each.environment, each.scope) == (environment, "serve")
        and each.expires_at > context.house.clock()
        and each.package not in revoked
    )


def _training(context: Context, version: ModelVersion) -> DatasetVersion | None:
    found = [each for _, each in context.history(DatasetVersion, f"dataset:{version.training}")]
    return found[-1] if found else None
