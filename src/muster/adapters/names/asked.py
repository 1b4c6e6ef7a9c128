"""Asked: what an index said of single names, kept for a day, and laid over a list that does not have them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from muster.adapters.names.manifest import digest_of
from muster.adapters.names.shelf import replace_file
from muster.columns.packages.listed import Answer, Listed
from muster.columns.packages.names import NameList, Status
from muster.records.canonical import canonical
from muster.records.codec import encode, moment
from muster.records.language.packages import Ecosystem

FILE = "asked.json"
FRESH = timedelta(days=1)
"""How long an answer counts: whoever plans an attack may register a name tomorrow."""
MOST = 10_000
"""Answers that are kept, newest first."""


class Answers:
    """What indexes answered, in a file on this machine; what cannot be read in it counts as never asked.

    Parameters
    ----------
    folder
        Of the ecosystem, beside its snapshots.
    index
        Fingerprint of the index that is asked: what another one said does not count.
    """

    def __init__(self, folder: Path, index: str) -> None:
        self._path = folder / FILE
        self._index = index

    def fresh(self, now: datetime) -> dict[str, Answer]:
        """Return the answers of the last day, by name."""
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["index"] != self._index:
                return {}
            found = {name: _decoded(name, value) for name, value in kept["answers"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}
        return {name: answer for name, answer in found.items() if now - FRESH < answer.asked_at <= now}

    def keep(self, answers: Iterable[Answer], now: datetime) -> None:
        """Add answers."""
        merged = self.fresh(now) | {answer.name: answer for answer in answers}
        newest = sorted(merged.values(), key=lambda answer: answer.asked_at, reverse=True)[:MOST]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = {"index": self._index, "answers": {answer.name: _encoded(answer) for answer in newest}}
        replace_file(self._path, json.dumps(content).encode())
        self._path.chmod(0o600)


class AskedList:
    """A list (the protocol :class:`~muster.columns.packages.names.NameList`) with answers laid over it.

    Parameters
    ----------
    ecosystem
        Of the answers.
    under
        The list in use, if there is one.
    answers
        By name.
    every
        Whether every name in question was asked for: a name that the index then does not have is nonexistent, however
        little the list under it holds.
    """

    def __init__(
        self, ecosystem: Ecosystem, under: NameList | None, answers: Mapping[str, Answer], *, every: bool
    ) -> None:
        self.ecosystem = ecosystem
        self._under = under
        self._answers = answers
        listed = under.complete if under else False
        self.complete = every or listed
        oldest = min((answer.asked_at for answer in answers.values()), default=datetime.min.replace(tzinfo=UTC))
        self.taken_at = oldest if every or under is None else under.taken_at
        told = {name: _encoded(answer) for name, answer in answers.items()}
        self.digest = digest_of(canonical({"list": under.digest if under else "", "answers": told}))

    def __contains__(self, name: str) -> bool:
        if name in self._answers:
            return self._answers[name].listed is not None
        return self._under is not None and name in self._under

    def rank(self, name: str) -> int | None:
        """Return the place among the most used, which only a list tells."""
        return self._under.rank(name) if self._under else None

    def first_upload(self, name: str) -> datetime | None:
        """Return when the name first appeared, as the index or else the list says."""
        day = listed.first_upload if (listed := self._listed(name)) else None
        if day:
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        return self._under.first_upload(name) if self._under else None

    def status(self, name: str) -> Status:
        """Return what the index says of the name now, or what the list says that it said."""
        if listed := self._listed(name):
            return listed.status
        return self._under.status(name) if self._under else Status.LISTED

    def licence(self, name: str) -> str:
        """Return the SPDX expression that the list has."""
        return self._under.licence(name) if self._under else ""

    def near(self, name: str, distance: int, popular: int) -> Sequence[str]:
        """Return names near this one among the most used, of the list."""
        return self._under.near(name, distance, popular) if self._under else ()

    def _listed(self, name: str) -> Listed | None:
        answer = self._answers.get(name)
        return answer.listed if answer else None


def _encoded(answer: Answer) -> dict[str, Any]:
    listed = answer.listed
    if listed is None:
        return {"asked_at": encode(answer.asked_at)}
    day = listed.first_upload.isoformat() if listed.first_upload else ""
    return {"asked_at": encode(answer.asked_at), "status": listed.status.value, "first_upload": day}


def _decoded(name: str, value: Mapping[str, str]) -> Answer:
    if "status" not in value:
        return Answer(name, moment(value["asked_at"]), None)
    day = date.fromisoformat(value["first_upload"]) if value["first_upload"] else None
    return Answer(name, moment(value["asked_at"]), Listed(name, None, day, Status(value["status"])))
