"""Stepping: what becomes of a canary now, by its plan and by the figures of the log since its step began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from muster.lifecycle.desk.action import action
from muster.lifecycle.desk.context import Context
from muster.lifecycle.serve.orders import OPERATORS
from muster.lifecycle.serve.traffic.canaries import OPEN, Canary, newest_canary, shared, taken_back
from muster.lifecycle.serve.traffic.figures import figures_of
from muster.lifecycle.serve.traffic.shares import arms_in, changed, promoted
from muster.records.access.alert import Alert, Severity, Suspicious
from muster.records.entry import Basis
from muster.records.evidence import Figure
from muster.records.release import Part
from muster.records.traffic.canary import CanaryMove, CanaryPlan, CanaryState
from muster.rules.traffic.judging import Finding, judged

WAITS = "it waits: "


@action("canary step", roles=OPERATORS)
def step(context: Context) -> tuple[CanaryMove, ...]:
    """Look at every canary under way, and let it on, take it back, or leave it; `muster up` does it every minute.

    Returns what was decided; nothing where all go on as they are.
    """
    context.house.ledger.refresh()
    found, problems = [], []
    for group, name in dict.fromkeys((plan.group, plan.name) for _, plan in context.history(CanaryPlan)):
        try:
            basis = context.basis()
            canary = newest_canary(context, group, name)
            if canary is not None and canary.last.state in OPEN:
                found.append(_stepped(context, canary, basis))
        except (PermissionError, LookupError, ValueError, OSError) as error:  # one must not hold up the others
            problems.append(f"canary of {group}/{name}: {error}")
    if problems:
        raise RuntimeError("; ".join(problems))
    return tuple(move for move in found if move is not None)


def _stepped(context: Context, canary: Canary, basis: Basis) -> CanaryMove | None:
    plan = canary.plan
    parts = {each.version: each.part for each in arms_in(context, plan.group, plan.name)}
    if parts.get(plan.version) is not Part.CHALLENGER or parts.get(plan.champion) is not Part.CHAMPION:
        gone = "orders no longer name it beside the champion that it is held against"
        if parts.get(plan.version) is Part.CHALLENGER:
            return taken_back(context, canary, canary.moved(CanaryState.ABORTED, gone), basis)
        # Whatever people made of it meanwhile is theirs: as the champion it answers everybody.
        share = 1.0 if parts.get(plan.version) is Part.CHAMPION else 0.0
        return _ended(context, canary, gone, basis, share)
    try:
        figures = figures_of(context, plan, canary.last.since)
    except Suspicious as error:
        return _distrusted(context, canary, error, basis)
    result = judged(plan, figures)
    if result.finding is Finding.BEYOND:
        return _rolled_back(context, canary, result.words, figures, basis)
    due = context.house.clock() - canary.last.since >= timedelta(minutes=plan.each_minutes)
    if not due or canary.last.state is CanaryState.PAUSED:
        return None
    if result.finding is Finding.UNSURE:
        return _waits(context, canary, result.words, figures, basis)
    return _let_on(context, canary, result.words, figures, basis)


def _let_on(
    context: Context, canary: Canary, words: str, figures: tuple[Figure, ...], basis: Basis
) -> CanaryMove | None:
    """Let a canary at the people of the next step; after the last it stays there, or is the champion."""
    plan, place = canary.plan, canary.last.step + 1
    arms = arms_in(context, plan.group, plan.name)
    if place >= len(plan.steps):
        end = f"its last step is done: `muster traffic promote` lets it at everybody. {words}"
        move = canary.moved(CanaryState.PAUSED, end, figures)
        context.record(move, expect=basis)
        return move
    if plan.steps[place] >= 1:
        move = replace(canary.moved(CanaryState.PROMOTED, words, figures), step=place, share=1.0)
        try:
            arms = tuple(promoted(context, arms, plan.name, plan.version))
        except PermissionError as error:  # it goes on by itself once there is such a release
            return _waits(context, canary, f"{error}. {words}", figures, basis, "for a release to serve everybody: ")
    else:
        move = canary.moved(CanaryState.RUNNING, words, figures)
        move = replace(move, step=place, share=plan.steps[place], since=context.house.clock())
        try:
            arms = tuple(shared(context, arms, plan, move.share))
        except (PermissionError, ValueError) as error:
            return _waits(context, canary, f"{error}. {words}", figures, basis, "it cannot be let at more people: ")
    changed(context, plan.group, plan.name, arms, basis, (move,))
    return move


def _rolled_back(context: Context, canary: Canary, words: str, figures: tuple[Figure, ...], basis: Basis) -> CanaryMove:
    move = taken_back(context, canary, canary.moved(CanaryState.ROLLED_BACK, words, figures), basis)
    _tell(context, "canary-rolled-back", Severity.WARNING, canary, words)
    return move


def _waits(
    context: Context, canary: Canary, words: str, figures: tuple[Figure, ...], basis: Basis, what: str = ""
) -> CanaryMove | None:
    """Record once a step that it waits for more evidence, or for what else."""
    if canary.last.reason.startswith(f"{WAITS}{what}"):
        return None
    move = canary.moved(CanaryState.RUNNING, f"{WAITS}{what}{words}", figures)
    context.record(move, expect=basis)
    return move


def _distrusted(context: Context, canary: Canary, error: Suspicious, basis: Basis) -> CanaryMove | None:
    """Leave a canary where it is: what may be forged lets nobody on, nor does it take anybody back."""
    if canary.last.state is CanaryState.PAUSED:
        return None
    move = canary.moved(CanaryState.PAUSED, f"the log is not to be trusted: {error}")
    context.record(move, expect=basis)
    _tell(context, error.what, error.severity, canary, str(error))
    return move


def _ended(context: Context, canary: Canary, why: str, basis: Basis, share: float) -> CanaryMove:
    move = replace(canary.moved(CanaryState.ABORTED, why), share=share)
    context.record(move, expect=basis)
    return move


def _tell(context: Context, what: str, severity: Severity, canary: Canary, words: str) -> None:
    plan = canary.plan
    about = f"version {plan.version} of {plan.name}, at {canary.last.share:.2%}: {words}"
    context.house.notify.notify(Alert(what, severity, plan.subject, about, context.house.clock()))
