"""What an attacker tries on the control plane: its database, other people's names, signatures that do not count."""

from __future__ import annotations

import base64
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.stories.attacker import Attacker, refused
from tests.walk import policy

from muster.adapters.keys import KeyFile
from muster.cli.main import run
from muster.lifecycle.desk.context import Identity
from muster.lifecycle.desk.perform import perform
from muster.records.codec import decode, encode
from muster.records.decision import SignedApproval
from muster.records.entry import Entry
from muster.records.people import Role
from muster.records.policy import Library
from muster.records.trust import Algorithm
from muster.rules.gate.decide import record_digest
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.wiring import shipped
from muster.wiring.signing import sign_statement

if TYPE_CHECKING:
    from tests.walk import Walked


@pytest.fixture
def attacker(walked: Walked) -> Attacker:
    return Attacker(walked)


def approval_of(walked: Walked) -> tuple[int, Entry]:
    (found,) = walked.house.ledger.read(kind="approval.signed")
    return found.seq, found.entry


def verified(walked: Walked, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    walked.close()
    code = run(["ledger", "verify", "--home", str(walked.home), "--as", "admin"])
    return code, capsys.readouterr().err


# --- the database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rehash", [False, True], ids=["bytes", "bytes-and-hash"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"actor":"local:ana"', b'"actor":"local:bob"'),
        (b'"at":"2', b'"at":"3'),
        (b'"version":"sha256:', b'"version":"sha512:'),
    ],
    ids=["actor", "time", "body"],
)
def test_an_edited_row_is_found_out(
    walked: Walked, attacker: Attacker, capsys: pytest.CaptureFixture[str], old: bytes, new: bytes, rehash: bool
) -> None:
    seq, _ = approval_of(walked)
    attacker.edit(seq, old, new, rehash=rehash)
    with pytest.raises(ValueError, match=f"entry {seq} of the ledger was edited"):  # the house that is already open
        walked.do("omar", "release list")
    assert walked.alerts() == ["ledger-changed"]
    code, said = verified(walked, capsys)
    assert code == 1
    assert f"entry {seq} of the ledger" in said
    assert "edited" in said
    assert "Restore the database from a copy" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("rehash", [False, True], ids=["any-hash", "right-hash"])
def test_an_inserted_approval_is_found_out(
    walked: Walked, attacker: Attacker, capsys: pytest.CaptureFixture[str], rehash: bool
) -> None:
    _, entry = approval_of(walked)
    size = walked.house.ledger.refresh()
    raw = replace(entry, actor="bob").to_bytes()
    attacker.put_row(size, raw)
    if not rehash:
        attacker.sql("UPDATE ledger SET leaf = ? WHERE seq = ?", bytes(32), size)
    with pytest.raises(ValueError, match="a row was inserted"):
        walked.do("omar", "gate decide", version=walked.version)
    code, said = verified(walked, capsys)
    assert code == 1
    assert f"entry {size} of the ledger has no signed checkpoint: a row was inserted" in said
    assert set(walked.alerts()) == {"ledger-changed"}


def test_a_checkpoint_of_the_attacker_s_own_is_none_of_the_ledger(
    walked: Walked, attacker: Attacker, capsys: pytest.CaptureFixture[str]
) -> None:
    _, entry = approval_of(walked)
    size = walked.house.ledger.refresh()
    attacker.put_row(size, replace(entry, actor="bob").to_bytes())
    key = KeyFile.create(walked.home / "own.pem", Algorithm.ED25519)
    note = sign_checkpoint(Checkpoint("test.example/house", size + 1, bytes(32)), key.key, key.sign)
    attacker.sql("INSERT INTO checkpoint(size, note) VALUES (?, ?)", size + 1, note)
    with pytest.raises(ValueError, match="is not one of this ledger"):
        walked.do("omar", "gate decide", version=walked.version)
    code, said = verified(walked, capsys)
    assert (code, "no trusted key has signed the note" in said) == (1, True)
    assert set(walked.alerts()) == {"ledger-changed"}


def test_rows_that_were_taken_out_are_missed(
    walked: Walked, attacker: Attacker, capsys: pytest.CaptureFixture[str]
) -> None:
    seq, _ = approval_of(walked)
    attacker.sql("DELETE FROM ledger WHERE seq = ?", seq)
    code, said = verified(walked, capsys)
    assert (code, f"entry {seq} is missing from the ledger: a row was deleted" in said) == (1, True)
    assert walked.alerts() == ["ledger-changed"]


def test_the_last_rows_taken_out_with_their_checkpoints_are_missed(
    walked: Walked, attacker: Attacker, capsys: pytest.CaptureFixture[str]
) -> None:
    seq, _ = approval_of(walked)
    attacker.sql("DELETE FROM ledger WHERE seq >= ?", seq)
    attacker.sql("DELETE FROM checkpoint WHERE size > ?", seq)
    code, said = verified(walked, capsys)
    assert (code, "an old copy of the database was restored" in said) == (1, True)
    assert walked.alerts() == ["ledger-changed"]


def test_an_old_copy_of_the_database_is_known_as_one(walked: Walked, capsys: pytest.CaptureFixture[str]) -> None:
    walked.close()
    shutil.copy(walked.home / "ledger.sqlite", walked.home / "old")
    walked.do("ana", "release revoke", package=walked.package, reason="a complaint")
    walked.close()
    for path in walked.home.glob("ledger.sqlite-*"):
        path.unlink()
    shutil.copy(walked.home / "old", walked.home / "ledger.sqlite")
    code, said = verified(walked, capsys)
    assert (code, "an old copy of the database was restored" in said) == (1, True)
    assert run(["release", "list", "--home", str(walked.home), "--as", "admin"]) == 2
    assert set(walked.alerts()) == {"ledger-changed"}


# --- people ----------------------------------------------------------------------------------------------------------


def test_an_author_who_is_also_an_analyst_with_a_key_cannot_sign_off(walked: Walked) -> None:
    proposed = walked.do("admin", "role propose", actor="mia", role="risk-analyst", reason="knows the model best")
    walked.do("ines", "role confirm", proposal=proposed.proposal)
    walked.enrol("mia")
    before = len(list(walked.house.ledger.read(kind="approval.signed")))
    with pytest.raises(PermissionError, match="mia is an author of this version and may not sign it off"):
        walked.sign("mia")
    assert walked.refusals()[-1].startswith("mia is an author")
    assert walked.alerts() == ["author-signs-off"]
    assert len(list(walked.house.ledger.read(kind="approval.signed"))) == before


def test_a_key_that_nobody_enrolled_signs_nothing_off(walked: Walked) -> None:
    walked.key("bob").unlink()
    KeyFile.create(walked.key("bob"), Algorithm.ECDSA_P256)
    with pytest.raises(PermissionError, match="0 of the 2 trusted keys signed this"):
        walked.sign("bob")
    assert "trusted keys signed this" in walked.refusals()[-1]
    assert walked.alerts() == ["approval-forged"]


def test_nobody_hands_in_or_signs_for_another(walked: Walked) -> None:
    envelope = walked.signed("bob")
    with pytest.raises(PermissionError, match="ana hands in an approval of bob"):
        walked.do("ana", "approval submit", envelope=envelope)
    assert walked.alerts() == ["approval-forged"]
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("mia", "approval submit", envelope=envelope)
    asked = {"version": walked.version, "role": "executive"}
    with pytest.raises(PermissionError, match="bob does not hold the role executive"):
        walked.do("bob", "approval request", **asked)
    proposed = walked.do("admin", "role propose", actor="bob", role="executive", reason="promoted")
    walked.do("ines", "role confirm", proposal=proposed.proposal)
    for_role = walked.do("bob", "approval request", **asked)
    signed = sign_statement(base64.b64decode(for_role.statement), walked.key("bob"))
    with pytest.raises(PermissionError, match="gives 'bob' no key for the role executive"):
        walked.do("bob", "approval submit", envelope=signed)


def test_an_approval_does_not_pass_to_another_version(walked: Walked) -> None:
    _, entry = approval_of(walked)
    sibling = walked.sibling()
    stolen = decode(SignedApproval, entry.body)
    walked.context("ana").record(replace(stolen, version=sibling))  # as if the control plane itself were theirs
    reasons = {reason.demand: reason for reason in walked.do("omar", "gate ask", version=sibling).reasons}
    assert reasons["sign-off:risk-analyst"].finding == "missing"


def test_an_approval_does_not_pass_to_another_environment(walked: Walked) -> None:
    staging = replace(policy(), id="staging-credit", environment="staging")
    walked.do("ana", "policy adopt", policy=encode(staging))
    decision = walked.do("omar", "gate ask", version=walked.version, environment="staging")
    assert decision.verdict == "wait"
    with pytest.raises(PermissionError, match="sign-off of a risk-analyst is missing"):
        walked.do("omar", "release sign", version=walked.version, environment="staging")
    with pytest.raises(PermissionError, match="no release to serve in staging"):
        walked.do("omar", "deployment set", name="credit", version=walked.version, environment="staging")
    assert [reason.partition(":")[0] for reason in walked.refusals()[-2:]] == [
        "the gate says wait; not met",
        f"version {walked.version} has no release to serve in staging".partition(":")[0],
    ]


def test_a_made_up_approval_in_the_true_ledger_does_not_count(walked: Walked) -> None:
    """Whoever has taken the whole control plane over has no approver's key."""
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), statement="Stricter.")))
    request = walked.do("bob", "approval request", version=walked.version, role="risk-analyst")
    envelope = sign_statement(base64.b64decode(request.statement), walked.home / "keys" / "release.pem")
    walked.context("bob").record(SignedApproval(walked.version, envelope))
    decision = walked.do("omar", "gate ask", version=walked.version)
    assert decision.verdict == "wait"
    assert "does not count: 0 of the 2 trusted keys signed this" in decision.reasons[-1].explanation


def test_local_mode_does_not_count_where_the_policy_says_so(walked: Walked, attacker: Attacker) -> None:
    strict = replace(policy(), local_mode=False)
    walked.do("ana", "policy adopt", policy=encode(strict))
    decision = walked.do("omar", "gate ask", version=walked.version)
    assert decision.verdict == "refuse"
    assert not any(reason.evidence for reason in decision.reasons)
    with pytest.raises(PermissionError, match="the gate says refuse"):
        walked.do("omar", "release sign", version=walked.version)
    attacker.forge_orders(attacker.forge_release(lambda release: replace(release, policy=record_digest(strict))))
    assert "asked again here, says refuse" in refused(walked.gateway().refresh(), walked)


def test_local_mode_does_not_undo_the_policy_that_forbids_it(walked: Walked) -> None:
    walked.do("ana", "policy adopt", policy=encode(replace(policy(), local_mode=False)))
    lax = {"policy": encode(policy())}
    library = shipped.value(Library, "controls/controls.yaml")
    with pytest.raises(PermissionError, match="'consumer-credit' does not count what is done in local mode"):
        walked.do("ana", "policy adopt", **lax)
    with pytest.raises(PermissionError, match="does not count what is done in local mode"):
        walked.do("ana", "library adopt", library=library)
    assert len(walked.refusals()) == 2
    known = Identity("ana", frozenset({Role.RISK_ANALYST}))
    perform("policy adopt", replace(walked.context("ana"), identity=known), lax)
    assert walked.do("omar", "gate ask", version=walked.version).policy == record_digest(policy())


def test_what_a_laxer_environment_allowed_is_not_served_in_production(
    walked: Walked, capfd: pytest.CaptureFixture[str]
) -> None:
    lax = replace(policy(), id="staging-credit", environment="staging", sign_offs=())
    walked.do("ana", "policy adopt", policy=encode(lax))
    walked.do("mia", "release sign", version=walked.version, environment="staging")
    asked = {"name": "credit", "version": walked.version, "environment": "staging"}
    walked.do("omar", "deployment set", **asked)
    said = refused(walked.gateway().refresh(), walked)
    assert "released for staging, but this gateway serves production" in said
    words = ["serve", "--explain", "--home", str(walked.home)]
    assert run(words) == 1
    assert "this gateway serves production" in capfd.readouterr().err
    assert run([*words, "--environment", "staging"]) == 0
    assert "credit: admitted" in capfd.readouterr().err
