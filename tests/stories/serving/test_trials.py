"""A policy asks for a trial: a version answers some of the people first, and everybody only once the gate allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.lifecycle.serve.traffic.logs import write
from tests.stories.attacker import Attacker
from tests.tried import _careful_template, careful, new
from tests.walk import Walked

from muster.records.release import Part

__all__ = ["_careful_template", "careful", "new"]


def shares(walked: Walked) -> dict[str, float]:
    """Return who answers how many in a gateway that follows the outbox now, as far as it admits them."""
    walked.gateway().refresh()
    table = walked.gateway().refresh()
    standing = {each.served.version for each in (*table.places.values(), *table.arms) if each.served is not None}
    orders = walked.do("omar", "orders show")
    return {each.version: each.share for each in orders.deployments if each.version in standing}


def decided(walked: Walked, version: str, **how: Any) -> None:
    """Let a quarter of a day pass in which both versions decide."""
    walked.clock.offset += timedelta(hours=6)
    write(walked, walked.version, 1_500)
    write(walked, version, 1_500, **how)


def verdict(walked: Walked, version: str) -> str:
    return str(walked.do("mia", "gate ask", version=version).verdict.value)


def test_a_version_on_trial_answers_everybody_once_it_was_seen_for_long_enough(careful: Walked, new: str) -> None:
    with pytest.raises(PermissionError, match="no release to serve"):
        careful.do("omar", "deployment set", name="credit", version=new)
    with pytest.raises(PermissionError, match="trial"):
        careful.do("mia", "release sign", version=new)
    careful.do("omar", "canary start", name="credit", version=new, steps="10,50,100", each="5h", limits=["latency=4"])
    assert shares(careful) == {careful.version: 0.9, new: 0.1}
    said = []
    for _ in range(3):
        decided(careful, new)
        said += [(move.state.value, move.share, move.reason) for move in careful.do("omar", "canary step")]
    assert [share for _, share, _ in said] == [0.5, 0.5]
    assert "it waits: for a release to serve everybody" in said[-1][2]
    assert shares(careful) == {careful.version: 0.5, new: 0.5}

    found = careful.do("omar", "traffic measure", name="credit", version=new)
    assert found.decision.verdict.value == "refuse", "half a day is no two days"
    for _ in range(7):
        decided(careful, new)
    found = careful.do("omar", "traffic measure", name="credit", version=new)
    assert found.decision.verdict.value == "wait", [r.explanation for r in found.decision.reasons]
    careful.sign("ana", new)
    assert verdict(careful, new) == "allow"
    careful.do("mia", "release sign", version=new)
    (move,) = careful.do("omar", "canary step")
    assert (move.state.value, move.share) == ("promoted", 1.0)
    assert shares(careful) == {new: 1.0}


def test_a_trial_that_shows_it_worse_makes_its_release_lapse(careful: Walked, new: str) -> None:
    careful.do("omar", "traffic set", name="credit", challenger=[f"{new}=0.3"])
    for _ in range(10):
        decided(careful, new)
    careful.do("omar", "traffic measure", name="credit", version=new)
    careful.sign("ana", new)
    careful.do("mia", "release sign", version=new)
    careful.do("omar", "traffic set", name="credit", challenger=[f"{new}=0.3"])
    for _ in range(10):
        decided(careful, new, shift=0.6)
    careful.do("omar", "traffic measure", name="credit", version=new)
    assert verdict(careful, new) == "refuse"
    states = {(each.version, each.scope): each.state for each in careful.do("omar", "release list")}
    assert states[new, "serve"] == "lapsed"
    assert states[new, "trial"] == "in-force"
    with pytest.raises(PermissionError, match="tried-no-worse"):
        careful.do("omar", "traffic promote", name="credit", version=new)


def test_nobody_with_the_orders_key_makes_a_version_on_trial_the_champion(careful: Walked, new: str) -> None:
    attacker = Attacker(careful)
    orders = careful.do("omar", "traffic set", name="credit", challenger=[f"{new}=0.5"])
    champion, trial = orders.deployments
    attacker.forge_orders(replace(trial, part=Part.CHAMPION, people=(), share=1.0), number=orders.number + 1)
    place = careful.gateway().refresh().places["credit"]
    assert place.served is None
    assert "a release for that never answers callers as the champion" in place.refusal
    served = replace(trial, part=Part.CHAMPION, people=(), share=1.0, scope="serve")
    attacker.forge_orders(served, number=orders.number + 2)
    assert "answers another question" in careful.gateway().refresh().places["credit"].refusal
    assert champion.version == careful.version


@pytest.mark.parametrize(
    ("command", "asked", "said"),
    [
        ("traffic set", {"challenger": ["NEW=0.6"]}, "50% is the most"),
        ("canary start", {"version": "NEW", "steps": "10,75,100"}, "the plan lets it at 75%"),
        ("traffic promote", {"version": "NEW"}, "no release to serve"),
    ],
)
def test_a_version_on_trial_stays_with_the_few(
    careful: Walked, new: str, command: str, asked: dict[str, Any], said: str
) -> None:
    careful.do("omar", "traffic set", name="credit", challenger=[f"{new}=0.2"])
    before = careful.do("omar", "orders show").number
    filled = {
        name: [each.replace("NEW", new) for each in value] if isinstance(value, list) else value.replace("NEW", new)
        for name, value in asked.items()
    }
    with pytest.raises(PermissionError, match=said):
        careful.do("omar", command, name="credit", **filled)
    assert careful.do("omar", "orders show").number == before
