"""Chosen: versions that a caller names, under a name whose traffic several may share.

Who meets which version is for the split to say, for else whoever dislikes one answer asks another version. A policy may
let callers choose all the same; shadows answer nobody in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from muster.gateway.http.asgi import Failed
from muster.gateway.served import Served
from muster.gateway.traffic.split import Split

ABSENT = "the model does not serve that version"

SHARED = (
    "several versions share this model's traffic, and who is asked about decides which of them answers: ask without "
    "naming a version"
)


def answering(split: Split | None, champion: Served, now: datetime) -> Mapping[str, Served]:
    """Return the versions that answer under the champion's name now, by digest, the champion first."""
    standing = [place.standing(now) for place in split.arms] if split is not None else []
    return {each.version: each for each in (champion, *standing) if isinstance(each, Served)}


def named(split: Split | None, champion: Served, version: str, now: datetime) -> Served:
    """Return a version that answers under the champion's name; raise Failed with 404 where it does not."""
    found = answering(split, champion, now).get(version or champion.version)
    if found is None:
        raise Failed(404, ABSENT)
    return found


def chosen(split: Split | None, champion: Served, version: str, now: datetime) -> Served:
    """Return what answers a caller who names a version; a name alone leaves it to the split.

    Raises
    ------
    Failed
        404 where it does not answer here, 403 where it does, and callers may not choose.
    """
    found = named(split, champion, version, now)
    if not version or split is None:
        return found
    if any(split.lanes) and not champion.callers_choose:
        raise Failed(403, SHARED)
    return found.beside(champion).asked_for()
