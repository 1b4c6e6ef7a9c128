"""Gathering: what a model's members read and compute, put side by side as its parts are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from muster.adapters.sklearn.reading.track import Track, require_numbers
from muster.columns.encoding.head import Link
from muster.columns.encoding.sets import Extra
from muster.columns.forms import Form, Linear, Member, Members, Network, Trees

PLAIN = (Link("margin", (), (0.0,)), Link("logistic", (0,)))
"""The head of a model of which nothing needs to be said."""


@dataclass(slots=True)
class Gathering:
    """Columns of the matrix, members and head so far.

    Parameters
    ----------
    boosters
        By the full name of a class of another library that speaks scikit-learn's language, what reads its trees, and
        what they ask beside their columns.
    """

    boosters: Mapping[str, Callable[[Any], tuple[Trees, Sequence[Extra]]]]
    tracks: list[Track] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    head: list[Link] = field(default_factory=list)

    def member(self, form: Linear | Trees | Network, tracks: Sequence[Track]) -> int:
        """Add a form that reads these columns, and return the line of its margin."""
        require_numbers(tracks, "a classifier")
        self.members.append(Member(len(self.tracks), len(tracks), form))
        self.tracks += tracks
        return self.line("margin", (), (float(len(self.members) - 1),))

    def line(self, op: str, of: Sequence[int] = (), numbers: Sequence[float] = ()) -> int:
        """Add a line to the head and return its number."""
        self.head.append(Link(op, tuple(of), tuple(map(float, numbers))))
        return len(self.head) - 1

    @property
    def form(self) -> Form:
        """What was gathered, in the plainest form that says it."""
        (first, *others) = self.members
        mixed = any(track.made is not None for track in self.tracks)  # then others may stand beside what it reads
        if not others and tuple(self.head) == PLAIN and not mixed and not isinstance(first.form, Network):
            return first.form
        return Members(tuple(self.members), tuple(self.head))
