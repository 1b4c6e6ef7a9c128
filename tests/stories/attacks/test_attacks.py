"""What an attacker tries on the way to the gateway: files of the outbox, stolen keys, clocks, old papers."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.stories.attacker import Attacker, refused
from tests.walk import policy

from muster.cli.main import run
from muster.records.canonical import digest
from muster.records.codec import encode
from muster.records.entry import Recorded
from muster.records.people import Role
from muster.records.policy import SignOff
from muster.records.release import Deployment, Release
from muster.records.trust import Duty
from muster.rules.gate.decide import record_digest

if TYPE_CHECKING:
    from tests.walk import Walked


@pytest.fixture
def attacker(walked: Walked) -> Attacker:
    return Attacker(walked)


def deployed(attacker: Attacker) -> Deployment:
    return attacker.orders().deployments[0]


def test_without_an_attack_the_version_is_served(walked: Walked) -> None:
    table = walked.gateway().refresh()
    assert table.serving(walked.clock()) == ("credit",)


# --- files of the outbox ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("victim", ["served", "package"])
def test_a_flipped_bit_in_artifact_or_package_is_refused(
    walked: Walked, attacker: Attacker, victim: str, capfd: pytest.CaptureFixture[str]
) -> None:
    attacker.flip(attacker.blob(getattr(deployed(attacker), victim)))
    alert = {"served": "artifact-exchanged", "package": "package-exchanged"}[victim]
    assert "was altered" in refused(walked.gateway().refresh(), walked, alert)
    assert run(["serve", "--explain", "--home", str(walked.home)]) == 1
    assert "credit: REFUSED: blob" in capfd.readouterr().err


@pytest.mark.parametrize("place", [0.01, 0.3, 0.6, 0.95])
def test_a_flipped_bit_in_the_orders_is_refused(walked: Walked, attacker: Attacker, place: float) -> None:
    attacker.flip(attacker.outbox / "named" / "orders" / "default.json", place)
    said = refused(walked.gateway().refresh(), walked)
    assert "REFUSED" in said
    assert "nothing is served" in said
    assert walked.heard.names[-1] in {"orders-unreadable", "orders-forged"}


def test_a_flipped_bit_in_the_store_is_not_deployed(walked: Walked, attacker: Attacker) -> None:
    attacker.flip(attacker.blob(walked.served, "store"))
    with pytest.raises(ValueError, match="was altered"):
        walked.do("omar", "deployment set", name="again", version=walked.version)
    assert [d.name for d in attacker.orders().deployments] == ["credit"]


def test_another_fingerprint_than_the_root_s_is_refused(walked: Walked, capfd: pytest.CaptureFixture[str]) -> None:
    other = digest(b"another root")
    assert run(["serve", "--explain", "--home", str(walked.home), "--root", other]) == 1
    assert "wrong or forged root" in capfd.readouterr().err
    assert "wrong or forged root" in refused(walked.gateway(pinned=other).refresh(), walked, "root-wrong")


def test_a_trust_root_is_not_taken_back(walked: Walked, attacker: Attacker) -> None:
    assert walked.gateway().refresh().serving(walked.clock())
    newest = attacker.outbox / "named" / "trust-root" / "3.json"
    newest.rename(walked.home / "kept.json")
    assert "older than version 3, which was seen" in refused(walked.gateway().refresh(), walked, "root-rolled-back")
    with pytest.raises(PermissionError, match="version 3 was published"):
        walked.do("omar", "orders issue")
    assert "version 3 was published" in walked.refusals()[-1]
    assert walked.alerts() == ["root-rolled-back"]


# --- old papers ------------------------------------------------------------------------------------------------------


def test_older_orders_are_replayed_in_vain(walked: Walked, attacker: Attacker) -> None:
    old = attacker.read_orders()
    walked.do("omar", "deployment remove", name="credit")
    running = walked.gateway()
    assert not running.refresh().places
    attacker.put_orders(old)
    for gateway in (running, walked.gateway()):
        assert "replayed, refused" in refused(gateway.refresh(), walked, "orders-replayed")


def test_orders_expire_and_the_gateway_stops(walked: Walked) -> None:
    running = walked.gateway()
    table = running.refresh()
    walked.clock.offset = timedelta(hours=24, seconds=5)
    assert table.serving(walked.clock()) == ()
    assert "expired at" in refused(running.refresh(), walked, "orders-expired")
    assert "`muster orders issue` writes new ones" in refused(walked.gateway().refresh(), walked)


def test_an_expired_release_is_neither_ordered_nor_served(walked: Walked, attacker: Attacker) -> None:
    deployment = deployed(attacker)
    walked.clock.offset = timedelta(days=91)
    with pytest.raises(PermissionError, match="the release expired"):
        walked.do("omar", "deployment set", name="credit", version=walked.version)
    assert "the release expired" in walked.refusals()[-1]
    assert walked.do("omar", "release list")[0].state == "expired"
    assert walked.do("omar", "orders issue").deployments == ()
    attacker.forge_orders(deployment)
    assert "the release expired at" in refused(walked.gateway().refresh(), walked, "release-refused")


def test_a_revoked_release_is_not_served_again(walked: Walked, attacker: Attacker) -> None:
    deployment, running = deployed(attacker), walked.gateway()
    assert running.refresh().serving(walked.clock())
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    orders = walked.do("omar", "orders issue")
    assert (orders.deployments, orders.revoked) == ((), (walked.package,))
    assert not running.refresh().places
    with pytest.raises(PermissionError, match="the release was revoked"):
        walked.do("omar", "deployment set", name="credit", version=walked.version)
    attacker.forge_orders(deployment)
    assert "was revoked" in refused(walked.gateway().refresh(), walked, "release-refused")
    attacker.forge_orders(deployment, revoked=())
    assert "a revocation is for good" in refused(walked.gateway().refresh(), walked, "revocation-undone")


def test_a_restored_house_is_found_out_by_the_gateway(walked: Walked) -> None:
    walked.close()
    copy = walked.home.with_name("copy")
    for name in ("ledger.sqlite", "seen"):
        source = walked.home / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy.with_name(f"copy-{name}"))
    for _ in range(3):
        walked.do("omar", "orders issue")
    assert walked.gateway().refresh().serving(walked.clock())
    walked.close()
    shutil.rmtree(walked.home / "seen")
    for path in walked.home.glob("ledger.sqlite*"):
        path.unlink()
    shutil.copy(copy.with_name("copy-ledger.sqlite"), walked.home / "ledger.sqlite")
    shutil.copytree(copy.with_name("copy-seen"), walked.home / "seen")
    said = []
    for _ in range(6):  # the house knows no better, and counts on from its old orders
        walked.do("omar", "orders issue")
        said.append(refused(walked.gateway().refresh(), walked))
    assert "replayed, refused" in said[0]
    assert "two different orders carry the number 4" in said[2]
    assert all("rolled back or forked" in later for later in said[3:])
    assert {"orders-replayed", "orders-forked", "ledger-rolled-back"} <= set(walked.heard.names)


# --- stolen keys -----------------------------------------------------------------------------------------------------


def test_the_orders_key_cannot_deploy_what_is_not_released(walked: Walked, attacker: Attacker) -> None:
    true, sibling = deployed(attacker), walked.sibling()
    other = walked.house.outbox.put(b"another model")
    cases = {
        "answers another question": replace(true, version=sibling),
        "the deployment names": replace(true, served=other),
        "the release package cannot be read": replace(true, package=other),
        "staging": replace(true, environment="staging"),
    }
    for words, deployment in cases.items():
        attacker.forge_orders(deployment)
        assert words in refused(walked.gateway().refresh(), walked)


@pytest.mark.parametrize("duty", [Duty.RELEASE, Duty.ROOT])
def test_no_other_key_signs_orders(walked: Walked, attacker: Attacker, duty: Duty) -> None:
    attacker.forge_orders(deployed(attacker), duty=duty)
    assert "0 of the 1 trusted keys signed this" in refused(walked.gateway().refresh(), walked, "orders-forged")


def test_the_release_key_alone_gets_nothing_deployed(walked: Walked, attacker: Attacker) -> None:
    sibling = walked.sibling()
    attacker.forge_release(lambda release: of(release, sibling))
    with pytest.raises(PermissionError, match="has no release to serve in production"):
        walked.do("omar", "deployment set", name="credit", version=sibling)
    assert "has no release" in walked.refusals()[-1]


def of(release: Release, version: str) -> Release:
    return replace(release, question=replace(release.question, version=version))


def kind_is_not(kind: str) -> Any:
    return lambda recorded: recorded.entry.kind != kind


FORGERIES: dict[str, tuple[Any, Any]] = {
    "no proof of parity is about the served artifact": (of, lambda _: True),
    "sign-off of a risk-analyst is missing": (lambda r, _: r, kind_is_not("approval.signed")),
    "no evidence of check": (lambda r, _: r, kind_is_not("evidence.recorded")),
    "run": (lambda r, _: r, kind_is_not("run.finished")),
    "no use case": (lambda r, _: r, kind_is_not("use-case.registered")),
    "names a policy": (lambda r, _: replace(r, policy=record_digest(lax())), lambda _: True),
    "was signed for longer than": (
        lambda r, _: replace(r, expires_at=r.expires_at + timedelta(days=1)),
        lambda _: True,
    ),
    "in the future": (lambda r, _: replace(r, issued_at=r.issued_at + timedelta(hours=1)), lambda _: True),
}


def lax() -> Any:
    return replace(policy(), sign_offs=())


@pytest.mark.parametrize("words", FORGERIES)
def test_release_and_orders_keys_together_do_not_convince_the_gateway(
    walked: Walked, attacker: Attacker, words: str
) -> None:
    change, keep = FORGERIES[words]
    sibling = walked.sibling()
    attacker.forge_orders(attacker.forge_release(lambda release: change(release, sibling), keep))
    assert words in refused(walked.gateway().refresh(), walked, "release-refused")


def test_the_gateway_decides_itself_about_a_version_that_its_gate_refused(walked: Walked, attacker: Attacker) -> None:
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), sign_offs=(SignOff(Role.RISK_ANALYST, 2),))))
    assert walked.do("omar", "gate ask", version=walked.version).verdict == "wait"
    newest = list(walked.house.ledger.read(kind="policy.adopted"))[-1].entry.body
    strict = digest_of(newest)
    attacker.forge_orders(attacker.forge_release(lambda release: replace(release, policy=strict)))
    assert "the gate, asked again here, says wait" in refused(walked.gateway().refresh(), walked, "release-refused")


def digest_of(body: Any) -> str:
    from muster.records.canonical import canonical

    return digest(canonical(body))


def test_entries_that_were_made_up_are_not_in_the_ledger(walked: Walked, attacker: Attacker) -> None:
    true = deployed(attacker)
    release = attacker.release(true)
    entries = attacker.entries(walked.version)
    size = walked.house.ledger.refresh()
    made_up = [replace_body(entry) if entry.entry.kind == "evidence.recorded" else entry for entry in entries]
    named = tuple(sorted(digest(entry.raw) for entry in made_up))
    release = replace(release, evidence=named, checkpoint=walked.house.ledger.checkpoint(size))
    forged = replace(true, package=attacker.package(release, attacker.proven(made_up, size)))
    attacker.forge_orders(forged)
    assert "it was changed or made up" in refused(walked.gateway().refresh(), walked, "release-refused")


def replace_body(recorded: Recorded) -> Recorded:
    raw = recorded.raw.replace(b'"value":0', b'"value":1')
    return replace(recorded, raw=raw)


def test_an_approver_s_key_that_was_replaced_no_longer_counts(walked: Walked, attacker: Attacker) -> None:
    walked.enrol("ana")
    (line,) = walked.do("omar", "deployment list")
    assert line.state == "lapsed"
    assert "sign-off of a risk-analyst is missing" in " ".join(line.reasons)
    attacker.forge_orders(deployed(attacker), root_version=4)
    assert "sign-off of a risk-analyst is missing" in refused(walked.gateway().refresh(), walked)


def test_orders_for_another_group_or_with_a_name_that_is_none_are_refused(walked: Walked, attacker: Attacker) -> None:
    attacker.forge_orders(deployed(attacker), group="other")
    assert "these orders are for gateway group 'other'" in refused(
        walked.gateway().refresh(), walked, "orders-of-another-group"
    )
    attacker.put_orders(base64.b64encode(b"{}").decode())
    assert "cannot be read" in refused(walked.gateway().refresh(), walked, "orders-unreadable")
