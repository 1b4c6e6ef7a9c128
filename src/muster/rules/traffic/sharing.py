"""Sharing: people fall into buckets by a hash, and buckets are given to versions; nobody moves who need not.

A bucket belongs to one challenger or to the champion. A share that grows takes buckets of the champion, one that
shrinks gives its last ones back: so nobody changes between two challengers, and nobody changes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b

from muster.records.release import Buckets, Deployment, Part
from muster.rules.gate.measured import SERVE, TRIAL

BUCKETS = 10_000
"""Parts into which people fall; the smallest share is one of them."""

ON_TRIAL = 0.5
"""Share of the people whom versions released to trial answer together at most: most people meet one that serves."""

MAY_BE = {SERVE: frozenset(Part), TRIAL: frozenset({Part.CHALLENGER, Part.SHADOW}), "shadow": frozenset({Part.SHADOW})}
"""What a release of a scope lets a version be; of any other scope, nothing."""


def salt_of(deployment: str) -> bytes:
    """Return what buckets of a deployment are salted with: being early in one says nothing about another."""
    return blake2b(deployment.encode(), digest_size=32, person=b"muster-traffic").digest()


def bucket_of(salt: bytes, key: bytes) -> int:
    """Return the bucket of whom a key stands for: the same everywhere and for ever (keyed BLAKE2b, 64 bits)."""
    return int.from_bytes(blake2b(key, digest_size=8, key=salt).digest()) % BUCKETS


def allot(had: Mapping[str, Sequence[Buckets]], shares: Mapping[str, float]) -> dict[str, tuple[Buckets, ...]]:
    """Give each challenger its share of the buckets.

    Parameters
    ----------
    had
        Buckets so far, by version.
    shares
        Shares to come, by version, above 0; together at most 1.

    Raises
    ------
    ValueError
        If shares are no shares, or together more than all.
    """
    wanted = {version: buckets_in(share) for version, share in shares.items()}
    if sum(wanted.values()) > BUCKETS:
        msg = f"the challengers together take {sum(shares.values()):.2%} of the traffic: there is no more than all"
        raise ValueError(msg)
    kept = {version: _opened(had.get(version, ()))[: wanted[version]] for version in wanted}
    taken = {bucket for buckets in kept.values() for bucket in buckets}
    others = {bucket for ranges in had.values() for bucket in _opened(ranges)}
    # Buckets of the champion first: those that another challenger gives back would change twice.
    free = iter(sorted(set(range(BUCKETS)) - taken, key=lambda bucket: (bucket in others, bucket)))
    for version, buckets in kept.items():
        buckets += [next(free) for _ in range(wanted[version] - len(buckets))]
    return {version: joined(buckets) for version, buckets in kept.items()}


def buckets_in(share: float) -> int:
    """Return how many buckets a share has; raise ValueError where it is none, or less than one of them."""
    if not 0 < share <= 1 or round(share * BUCKETS) < 1:
        msg = f"a share of {share!r}: give a number above 0 and up to 1, in steps of {1 / BUCKETS:g}"
        raise ValueError(msg)
    return round(share * BUCKETS)


def joined(buckets: Iterable[int]) -> tuple[Buckets, ...]:
    """Write buckets as ranges."""
    found: list[Buckets] = []
    for bucket in sorted(buckets):
        if found and found[-1].end == bucket:
            found[-1] = Buckets(found[-1].first, bucket + 1)
        else:
            found.append(Buckets(bucket, bucket + 1))
    return tuple(found)


def lanes_of(people: Sequence[Sequence[Buckets]]) -> bytes:
    """Return for each bucket 0, or the number from 1 of whom it was given.

    Raises
    ------
    ValueError
        If a bucket is none, or was given twice.
    """
    if len(people) > 255:
        msg = f"{len(people)} versions share one name: 255 is the most"
        raise ValueError(msg)
    lanes = bytearray(BUCKETS)
    for number, ranges in enumerate(people, 1):
        for each in ranges:
            if not 0 <= each.first < each.end <= BUCKETS:
                msg = f"buckets {each.first} to {each.end}: there are {BUCKETS}"
                raise ValueError(msg)
            if any(lanes[each.first : each.end]):
                msg = f"buckets {each.first} to {each.end} were given to two versions"
                raise ValueError(msg)
            lanes[each.first : each.end] = bytes([number]) * (each.end - each.first)
    return bytes(lanes)


def settled(deployments: Iterable[Deployment]) -> tuple[Deployment, ...]:
    """Return deployments in which each champion has the share that its challengers leave."""
    listed = tuple(deployments)
    taken: dict[str, int] = {}
    for each in listed:
        if each.part is Part.CHALLENGER:
            taken[each.name] = taken.get(each.name, 0) + len(_opened(each.people))
    return tuple(
        replace(each, share=(BUCKETS - taken.get(each.name, 0)) / BUCKETS)
        if each.part is Part.CHAMPION
        else replace(each, share=len(_opened(each.people)) / BUCKETS)
        for each in listed
    )


def tried_on(arms: Iterable[Deployment]) -> float:
    """Return the share of the people whom challengers answer that were released to trial only."""
    people = (each.people for each in arms if each.scope == TRIAL and each.part is Part.CHALLENGER)
    return sum(len(_opened(ranges)) for ranges in people) / BUCKETS


def _opened(ranges: Sequence[Buckets]) -> list[int]:
    return [bucket for each in ranges for bucket in range(each.first, each.end)]
