from dataclasses import replace
from datetime import timedelta

import pytest
from tests.rules.access.scene import EVERYWHERE, NOW, confirmed, house, proposal, token, write

from muster.lifecycle.access.lines import held_by, proposed_for, state_of, token_line, where
from muster.records.access.credentials import TokenRevocation
from muster.records.access.roles import ActorRemoval, Scope


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (EVERYWHERE, "everywhere"),
        (Scope(("loans", "cards")), "loans, cards"),
        (Scope(("loans",), ("retail",)), "loans, unit retail"),
    ],
)
def test_a_place_is_said_in_words(scope: Scope, said: str) -> None:
    assert where(scope) == said


def test_a_proposal_is_a_line_until_it_is_confirmed_or_lapses() -> None:
    roll, asked = house(), proposal()
    write(roll, "local:ada", asked)
    (line,) = proposed_for(roll, NOW, "cleo")
    assert (line.state, line.by, line.proposal, line.reason) == ("proposed", ("local:ada",), "p1", "as agreed")
    assert proposed_for(roll, NOW, "ben") == ()
    assert proposed_for(roll, asked.expires_at) == ()
    write(roll, "ben", confirmed(asked))
    assert proposed_for(roll, NOW) == ()
    assert [(line.role, line.by) for line in held_by(roll.members["cleo"], NOW)][-1] == ("owner", ("local:ada", "ben"))


def test_the_state_of_a_token_is_that_of_its_owner_too() -> None:
    roll = house()
    for each in (token("robot", "r"), token("cleo", "c"), token("cleo", "x", days=1)):
        write(roll, "ada" if each.actor == "robot" else "cleo", each)
    assert {id_: token_line(roll, each, NOW).state for id_, each in roll.tokens.items()} == dict.fromkeys("rcx", "good")
    late = NOW + timedelta(days=1)
    assert token_line(roll, roll.tokens["x"], late).state == "expired"
    write(roll, "cleo", TokenRevocation("x", "cleo", "lost"))
    assert token_line(roll, roll.tokens["x"], late).state == "revoked"
    write(roll, "ada", ActorRemoval("cleo", "left"))
    assert {token_line(roll, roll.tokens[id_], NOW).state for id_ in "rc"} == {"ended"}
    assert state_of(roll, roll.members["robot"]) == "locked"
    assert state_of(roll, roll.members["cleo"]) == "removed on 2026-11-23"
    assert state_of(roll, replace(roll.members["ada"])) == "active"
