"""Listed: one name as an index or a file lists it, on its way into a snapshot."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

from muster.columns.packages.names import Status, normal
from muster.records.language.packages import Ecosystem

LONGEST = 214
"""Characters of a name, which is npm's limit; Python's indexes have none, and no name there is as long."""
_PYPI = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_OTHER = re.compile(r"(?:@[^\s/@]+/)?[^\s/@]+")


class Listed(NamedTuple):
    """A name in normal form, and what the list says of it."""

    name: str
    rank: int | None = None
    """Place among the most used, 1 first."""
    first_upload: date | None = None
    status: Status = Status.LISTED
    licence: str = ""
    """SPDX expression."""

    @property
    def plain(self) -> bool:
        """Whether nothing but the name is known."""
        return self[1:] == _NOTHING


_NOTHING = Listed("")[1:]


class Answer(NamedTuple):
    """What an index said when it was asked for one name."""

    name: str
    asked_at: datetime
    listed: Listed | None
    """What it knows of the name; None where it has no such name."""


def valid(ecosystem: Ecosystem, written: str) -> str:
    """Return the normal form of a name; raise ValueError where no index could hold it."""
    name = normal(ecosystem, written)
    form = _PYPI if ecosystem is Ecosystem.PYPI else _OTHER
    if len(name) > LONGEST or not form.fullmatch(name) or not name.isprintable():
        msg = f"{written[:80]!r} is no name of a package"
        raise ValueError(msg)
    return name
