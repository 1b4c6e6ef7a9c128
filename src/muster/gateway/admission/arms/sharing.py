"""Sharing: the places of a table, and how versions share a name, from what the orders say and what was admitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muster.gateway.admission.table import Place
from muster.gateway.served import Served
from muster.gateway.traffic.split import Shadow, Split
from muster.records.release import Deployment, Part
from muster.rules.gate.measured import TRIAL
from muster.rules.traffic.sharing import ON_TRIAL, lanes_of, salt_of, settled, tried_on

STOPPED = "people stopped it: nothing answers here until it is resumed (muster resume)"

Admitted = tuple[Deployment, Place]
"""What orders say of a version, and how far its proof came."""


def shared(
    found: Sequence[Admitted], stopped: Sequence[str]
) -> tuple[dict[str, Place], tuple[Place, ...], dict[str, Split]]:
    """Return the places by name of deployment, those of challengers and shadows, and how traffic is shared.

    A challenger or shadow that cannot be what orders make it is refused, and the champion answers its people; a
    deployment whose champion was not admitted answers nobody.
    """
    places = {name: Place(name, (), STOPPED) for name in stopped}
    arms: list[Place] = []
    traffic: dict[str, Split] = {}
    for name in dict.fromkeys(deployment.name for deployment, _ in found):
        mine = [each for each in found if each[0].name == name]
        champions = [each for each in mine if each[0].part is Part.CHAMPION]
        if len(champions) != 1:
            places[name] = Place(name, (), f"the orders name {len(champions)} champions for it: there must be one")
            continue
        champion, place = champions[0]
        if champion not in settled(deployment for deployment, _ in mine):
            place = replace(place, refusal="the orders split its traffic into shares that do not make all", served=None)
        places[name] = place
        crowd = tried_on(deployment for deployment, _ in mine) > ON_TRIAL
        others = [each for each in mine if each[0].part is not Part.CHAMPION]
        checked = [(each, _fitting(_spread(each, held) if crowd else held, place)) for each, held in others]
        if checked:
            arms += (held for _, held in checked)
            traffic[name] = _split(champion, checked, arms)
    return places, tuple(arms), traffic


def _spread(deployment: Deployment, place: Place) -> Place:
    """Return a place, refused where it is one of versions on trial that answer too many together."""
    if (deployment.scope, deployment.part) != (TRIAL, Part.CHALLENGER):
        return place
    return replace(place, refusal=f"versions on trial answer more than {ON_TRIAL:.0%} of the people here", served=None)


def _fitting(place: Place, champion: Place) -> Place:
    """Return a place, refused where callers would have to ask it otherwise than the champion."""
    asked, served = champion.served, place.served
    problem = ""
    if served is None or asked is None:
        return place
    if not isinstance(served, Served) or not isinstance(asked, Served):
        problem = "a language model's traffic is not shared: deploy it under a name of its own"
    elif served.use_case != asked.use_case:
        problem = f"it is released for {served.use_case}, the champion for {asked.use_case}"
    elif _inputs(served) != _inputs(asked):
        problem = "it reads other inputs than the champion, so callers cannot ask both alike"
    return replace(place, refusal=problem, served=None) if problem else place


def _inputs(served: Served) -> dict[str, str]:
    return {column.name: column.type.value for column in served.model.plan.columns}


def _split(champion: Deployment, checked: Sequence[Admitted], arms: list[Place]) -> Split:
    challengers = [each for each in checked if each[0].part is Part.CHALLENGER]
    try:
        lanes = lanes_of([deployment.people for deployment, _ in challengers])
    except ValueError as error:
        lanes = lanes_of([])
        wrong = {place.name for _, place in challengers}
        arms[:] = [replace(place, refusal=str(error), served=None) if place.name in wrong else place for place in arms]
    return Split(
        salt_of(champion.name),
        lanes,
        tuple(place for _, place in challengers),
        tuple(Shadow(place, _seen(each)) for each, place in checked if each.part is Part.SHADOW),
        champion.routing,
    )


def _seen(deployment: Deployment) -> bytes:
    """Return whose requests a shadow sees; nobody's, where the orders say it wrongly."""
    try:
        return lanes_of([deployment.people])
    except ValueError:
        return lanes_of([])
