"""Current: the releases that matter today, each with where it answers, whose it is, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from muster.lifecycle.desk.context import Context
from muster.lifecycle.desk.posture.board import Board, Listed, board_of
from muster.lifecycle.desk.posture.sent import groups_of, newest
from muster.rules.gate.facts import age_key
from muster.rules.standing.judge import Judged


@dataclass(frozen=True, slots=True)
class Current:
    """A release that is the newest of its question, or answers somewhere."""

    listed: Listed
    judged: Judged
    deployments: tuple[str, ...]
    """Where the newest orders let it answer, as ``GROUP/NAME``."""
    model: str
    owner: str
    """Id of the actor who answers for the use case."""
    told: str
    """State that was last recorded; ``in-force`` where none was."""


def current(context: Context) -> tuple[Current, ...]:
    """Return the releases that matter, in the order of signing; those that newer ones replaced do not."""
    board = board_of(context)
    releases = board.releases(context)
    newest_of = {listed.question: listed.release.package for listed in releases}
    answering = answering_in(context)
    matter = {*newest_of.values(), *answering}
    return tuple(
        _current(context, board, listed, tuple(answering.get(listed.release.package, ())))
        for listed in releases
        if listed.release.package in matter
    )


def answering_in(context: Context) -> dict[str, list[str]]:
    """Return where releases answer by the newest orders, by package."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for group in groups_of(context):
        orders = newest(context, group)
        for deployment in orders.deployments if orders is not None else ():
            found[deployment.package].append(f"{group}/{deployment.name}")
    return dict(found)


def _current(context: Context, board: Board, listed: Listed, deployments: tuple[str, ...]) -> Current:
    judged = board.judged(context, listed)
    known = board.known(context, listed)
    use_case = max(known.facts.use_cases, key=age_key, default=None)
    owner = use_case.record.owner if use_case is not None else ""
    return Current(listed, judged, deployments, known.model, owner, board.told(listed.release.package))
