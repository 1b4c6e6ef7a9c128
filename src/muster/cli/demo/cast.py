"""Cast: a fresh house with its actors, each with a token of their own, and an approver with a key of her own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.cli.demo.narrator import Narrator
from muster.cli.demo.processes import Processes, free_port
from muster.lifecycle.desk.action import Upload
from muster.records.trust import Duty, KeyGrant
from muster.wiring.remote.client import Client, Desk

SECOND = "ines"
"""The second admin: a role that signs off is proposed by one person and confirmed by another."""

ROLES = {"mia": "ml-engineer", "ana": "risk-analyst", "omar": "operator"}
"""Who acts: mia builds models, ana answers for risk, omar runs them."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays."""

    narrator: Narrator
    processes: Processes
    home: Path
    url: str
    fingerprint: str
    desks: Mapping[str, Desk]
    tokens: Mapping[str, str]

    @property
    def approver_key(self) -> Path:
        """Ana's private key; in a bank it would be on her own machine."""
        return self.home / "keys" / "ana.pem"


def found(narrator: Narrator, home: Path, environment: Mapping[str, str] | None = None) -> Stage:
    """Found a house, start its control plane, let the actors in, and enrol the approver's key.

    ``environment`` is what the control plane is given beside our own.
    """
    from muster.wiring.founding import create_house

    narrator.scene("A new house: keys by duty, a trust root, an empty ledger")
    narrator.shell("admin", f"init --home {home}")
    house = create_house(home, "muster.demo/house", "admin")
    narrator.say(f"trust root {house.root[:23]}..., to be given to gateways and auditors by another way")
    processes = Processes(home / "log")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    narrator.shell("admin", f"up --home {home} --port {port}")
    processes.start("control-plane", ["up", "--home", str(home), "--port", str(port)], f"{url}/health", environment)
    try:
        return _let_in(narrator, processes, home, url, house.root, house.token)
    except BaseException:
        processes.stop_all()
        raise


def _let_in(narrator: Narrator, processes: Processes, home: Path, url: str, root: str, admin_token: str) -> Stage:
    admin = Client(url, admin_token)
    desks: dict[str, Desk] = {"admin": admin}
    tokens = {"admin": admin_token}
    for actor, role in {SECOND: "admin", **ROLES}.items():
        added = narrator.call(
            "admin", admin, f"actor add {actor} --roles {role}", "actor add", {"id": actor, "roles": [role]}
        )
        tokens[actor] = added.token
        desks[actor] = Client(url, added.token)
        for proposal in added.proposals:
            _confirm(narrator, desks[SECOND], actor, role, proposal)
    stage = Stage(narrator, processes, home, url, root, desks, tokens)
    _enrol(stage)
    return stage


def _confirm(narrator: Narrator, second: Desk, actor: str, role: str, proposal: str) -> None:
    narrator.say(f"{actor} is not {role} yet: who signs off is for two people to say, the admin proposed it")
    narrator.call(SECOND, second, f"role confirm {proposal}", "role confirm", {"proposal": proposal})


def _enrol(stage: Stage) -> None:
    """Make ana's key, which she hands in, and which the admin then grants with the root key: two people, as ever."""
    from muster.wiring.keyring import load_signer, new_key
    from muster.wiring.signing import followed_root, grant_key, offer_of, offered

    narrator, admin, ana = stage.narrator, stage.desks["admin"], stage.desks["ana"]
    current = followed_root(stage.fingerprint, admin.call("trust show", {}, narrator.progress).documents)
    narrator.shell("ana", f"key new {stage.approver_key.name} --actor ana")
    new_key(stage.approver_key, Duty.APPROVER, "ana")
    narrator.shell("ana", f"key offer {stage.approver_key.name} --actor ana   # the private half stays where it is")
    made = offer_of("ana", current.origin, load_signer(stage.approver_key))
    ana.call("key submit", {"public": made.key, "proof": made.proof}, narrator.progress)
    narrator.shell("admin", "trust enrol --offer ana --roles risk-analyst   # signed where the root key is kept")
    key = offered(admin.call("key offers", {}, narrator.progress), "ana", current.origin).key
    grant = KeyGrant(Duty.APPROVER, key, "ana", ("risk-analyst",))
    document = grant_key(current, grant, stage.home / "keys" / "root.pem")
    admin.call("trust publish", {"document": Upload("trust-root-2.json", document.encode())}, narrator.progress)
