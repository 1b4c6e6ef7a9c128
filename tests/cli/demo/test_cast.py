from pathlib import Path

import pytest

from muster.cli.demo.cast import ROLES, SECOND, found
from muster.cli.demo.narrator import Narrator


@pytest.mark.enable_socket
def test_the_house_has_its_actors_and_an_approver_with_a_key_of_her_own(tmp_path: Path) -> None:
    stage = found(Narrator(), tmp_path / "house")
    try:
        actors = {actor.id: actor.roles for actor in stage.desks["admin"].call("actor list", {}, lambda _: None)}
        roles = {line.role: line.by for line in stage.desks["mia"].call("role list", {"actor": "ana"}, lambda _: None)}
        assert roles == {"risk-analyst": ("admin", SECOND)}
        assert {name: (role,) for name, role in ROLES.items()}.items() <= actors.items()
        chain = stage.desks["ana"].call("trust show", {}, lambda _: None)
        assert chain.fingerprint == stage.fingerprint
        assert [grant.roles for grant in chain.current.grants if grant.actor == "ana"] == [("risk-analyst",)]
        assert stage.approver_key.stat().st_mode & 0o077 == 0
    finally:
        stage.processes.stop_all()
