"""The attacker wants another version to answer, or one to answer that people stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.serve.traffic.logs import write
from tests.paired import _paired_template, other, paired
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.adapters.arrowlog.writer import ArrowLog
from muster.adapters.keys import KeyFile
from muster.lifecycle.desk.action import Upload
from muster.records.release import Buckets, Part
from muster.records.trust import Duty, KeyGrant
from muster.rules.trust import sign_root
from muster.settings import Settings
from muster.wiring.gateway import bind
from muster.wiring.keyring import new_key

__all__ = ["_paired_template", "other", "paired"]


def arms(walked: Walked) -> dict[str, str]:
    """Return what a gateway that follows the outbox now would serve, by version."""
    table = walked.gateway().refresh()
    places = (*table.places.values(), *table.arms)
    return {place.served.version: place.name for place in places if place.served is not None}


def test_an_older_split_does_not_come_back(paired: Walked, other: str) -> None:
    attacker = Attacker(paired)
    paired.do("omar", "traffic set", name="credit", challenger=[f"{other}=0.5"])
    old = attacker.read_orders()
    assert set(arms(paired)) == {paired.version, other}
    paired.do("omar", "traffic rollback", name="credit")
    assert set(arms(paired)) == {paired.version}
    attacker.put_orders(old)
    table = paired.gateway().refresh()
    assert table.arms == ()
    assert "replayed" in "\n".join(table.steps)
    assert paired.heard.names[-1] == "orders-replayed"


def test_nobody_without_the_key_shifts_traffic(paired: Walked, other: str) -> None:
    attacker = Attacker(paired)
    orders = paired.do("omar", "traffic set", name="credit", challenger=[f"{other}=0.1"])
    champion, challenger = orders.deployments
    larger = replace(challenger, people=(Buckets(0, 9_000),))
    attacker.forge_orders(champion, larger, duty=Duty.RELEASE, number=orders.number + 1)
    assert "not signed by an orders key" in "\n".join(paired.gateway().refresh().steps)


def test_the_orders_key_alone_makes_no_shadow_answer(paired: Walked, other: str) -> None:
    """Whoever has the orders key can move traffic between what was released to serve, and no further."""
    attacker = Attacker(paired)
    version = paired.sibling()
    orders = paired.do("omar", "orders issue")
    (champion,) = orders.deployments
    swapped = replace(champion, version=version, part=Part.CHALLENGER, people=(Buckets(0, 5_000),))
    attacker.forge_orders(replace(champion, share=0.5), swapped, number=orders.number + 1)
    table = paired.gateway().refresh()
    assert [place.served for place in table.arms] == [None]
    assert "the release answers another question" in table.arms[0].refusal
    assert other not in arms(paired)


def test_orders_from_before_a_stop_do_not_undo_it(walked: Walked) -> None:
    attacker = Attacker(walked)
    old = attacker.read_orders()
    gateway = walked.gateway()
    assert gateway.refresh().serving(walked.clock())
    walked.do("ana", "stop", deployment="credit", reason="complaints")
    assert not gateway.refresh().serving(walked.clock())
    attacker.put_orders(old)
    assert not gateway.refresh().serving(walked.clock())
    assert not walked.gateway().refresh().serving(walked.clock()), "nor after a start"


def test_nobody_resumes_what_they_stopped_by_a_puppet(walked: Walked) -> None:
    walked.add("nightly", "operator", responsible="omar")
    walked.do("omar", "stop", deployment="credit", reason="complaints")
    with pytest.raises(PermissionError, match="somebody else must look"):
        walked.do("nightly", "resume", deployment="credit", reason="mended")
    assert walked.do("mia", "orders show").stopped == ("credit",)


def sealing(walked: Walked, folder: Path) -> ArrowLog:
    """Let the trust root name a key for the log; return a log that its gateway seals."""
    public = new_key(folder / "log.pem", Duty.GATEWAY_LOG, name="g1").public
    current = walked.do("admin", "trust show").current
    root = replace(
        current,
        version=current.version + 1,
        grants=(*current.grants, KeyGrant(Duty.GATEWAY_LOG, public, name="g1")),
    )
    first = next(grant for grant in root.grants if grant.duty is Duty.ROOT)
    signer = KeyFile.load(walked.home / "keys" / "root.pem")
    walked.do("admin", "trust publish", document=Upload("root.json", sign_root(root, [(first, signer.sign)]).encode()))
    log = bind(Settings(home=walked.home, log_key=folder / "log.pem", gateway_name="g1")).open_log()
    assert isinstance(log, ArrowLog)
    return log


@pytest.mark.parametrize("shift", [0.0, 0.4], ids=["to let it on", "to take it back"])
def test_figures_forged_in_a_log_that_must_be_sealed_move_no_canary(
    paired: Walked, other: str, tmp_path: Path, shift: float
) -> None:
    (paired.home / "log").mkdir(exist_ok=True)
    sealed = sealing(paired, tmp_path)
    paired.do("omar", "canary start", name="credit", version=other, steps="10,100", each="30m")
    paired.clock.offset += timedelta(minutes=31)
    write(paired, paired.version, 1600)
    write(paired, other, 1500, shift=shift)
    (move,) = paired.do("omar", "canary step")
    assert (move.state.value, move.share, move.figures) == ("running", 0.1, ())
    assert "it waits: error_rate_more is not known" in move.reason
    assert {each.version: each.share for each in paired.do("omar", "orders show").deployments}[other] == 0.1
    sealed.close()


def test_figures_that_were_altered_after_they_were_sealed_hold_a_canary_where_it_is(
    paired: Walked, other: str, tmp_path: Path
) -> None:
    (paired.home / "log").mkdir(exist_ok=True)
    sealed = sealing(paired, tmp_path)
    paired.do("omar", "canary start", name="credit", version=other, steps="10,100", each="30m")
    paired.clock.offset += timedelta(minutes=31)
    write(paired, paired.version, 1600, log=sealed)
    write(paired, other, 1500, shift=0.4, log=sealed)
    sealed.close()
    for segment in (paired.home / "log").rglob("*.arrows"):
        content = bytearray(segment.read_bytes())
        content[len(content) // 2] ^= 1
        segment.write_bytes(content)
    (move,) = paired.do("omar", "canary step")
    assert (move.state.value, move.share) == ("paused", 0.1)
    assert "the log is not to be trusted" in move.reason
    assert paired.alerts()[-1] == "log-changed"
    assert paired.do("omar", "canary step") == ()


def test_figures_that_gateways_sealed_let_a_canary_on(paired: Walked, other: str, tmp_path: Path) -> None:
    (paired.home / "log").mkdir(exist_ok=True)
    sealed = sealing(paired, tmp_path)
    paired.do("omar", "canary start", name="credit", version=other, steps="10,100", each="30m")
    paired.clock.offset += timedelta(minutes=31)
    write(paired, paired.version, 1600, log=sealed)
    write(paired, other, 1500, log=sealed)
    (move,) = paired.do("omar", "canary step")
    assert "it waits" in move.reason, "what is not closed yet is not sealed"
    sealed.close()
    (move,) = paired.do("omar", "canary step")
    assert move.state.value == "promoted"
