"""Every key is replaced on a house in which a version serves; its gateway follows, and never goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.stories.attacker import Attacker
from tests.walk import Walked

from muster.gateway.admission.table import Table, report
from muster.records.release import SignedRelease
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.ceremony.changes import Changes
from muster.rules.ceremony.paper import document_in, paper_text
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.orders import sign_orders
from muster.verifier.verify import verify
from muster.wiring.keyring import load_signer, new_key
from muster.wiring.signing import draft_root, read_draft, sign_draft


def ceremony(walked: Walked, changes: Changes, *root_keys: Path) -> str:
    """Draft and sign the next version of the trust root; return the document."""
    chain = walked.do("admin", "trust show")
    paper = draft_root(walked.fingerprint, chain.documents, changes)
    for path in root_keys or (walked.home / "keys" / "root.pem",):
        paper = sign_draft(paper, walked.fingerprint, load_signer(path))
    assert read_draft(paper, walked.fingerprint).lacking == ()
    return document_in(paper_text(paper))


def fresh(duty: Duty, tmp_path: Path) -> tuple[KeyGrant, Path]:
    path = tmp_path / f"{duty.value}-new.pem"
    return KeyGrant(duty, new_key(path, duty).public), path


def put_in_place(walked: Walked, duty: Duty, path: Path) -> None:
    """Put a new key where the control plane looks for it, and start that again."""
    walked.close()
    path.rename(walked.home / "keys" / f"{duty.value}.pem")


def serves(walked: Walked, table: Table) -> bool:
    return table.serving(walked.clock()) == ("credit",)


def redeploy(walked: Walked) -> None:
    walked.do("mia", "release sign", version=walked.version)
    walked.do("omar", "deployment set", name="credit", version=walked.version)


def state(walked: Walked) -> tuple[str, str]:
    found = walked.do("omar", "release list")[-1]
    return found.state, "; ".join(found.reasons)


def test_a_new_release_key(walked: Walked, tmp_path: Path) -> None:
    gateway = walked.gateway()
    assert serves(walked, gateway.refresh())
    grant, path = fresh(Duty.RELEASE, tmp_path)
    walked.publish(ceremony(walked, Changes(replaced=(grant,))))
    put_in_place(walked, Duty.RELEASE, path)
    assert state(walked)[0] == "lapsed"
    assert "gateways refuse it: 0 of the 1 trusted keys signed this" in state(walked)[1]
    stale = gateway.refresh()
    assert not serves(walked, stale)
    assert "0 of the 1 trusted keys signed this" in "\n".join(report(stale))
    redeploy(walked)
    assert state(walked) == ("in-force", "")
    assert serves(walked, gateway.refresh())


def test_a_new_orders_key_and_orders_by_the_stolen_one(walked: Walked, tmp_path: Path) -> None:
    gateway, attacker = walked.gateway(), Attacker(walked)
    assert serves(walked, gateway.refresh())
    stolen, number = attacker.key(Duty.ORDERS), attacker.orders().number
    grant, path = fresh(Duty.ORDERS, tmp_path)
    walked.publish(ceremony(walked, Changes(replaced=(grant,))))
    put_in_place(walked, Duty.ORDERS, path)
    walked.do("omar", "orders issue")
    good = attacker.read_orders()
    assert serves(walked, gateway.refresh())
    forged = replace(attacker.orders(), number=number + 9, deployments=())
    attacker.put_orders(sign_orders(forged, [(stolen.key, stolen.sign)]))
    refused = gateway.refresh()
    assert "0 of the 1 trusted keys signed this" in "\n".join(report(refused))
    assert serves(walked, refused), "what was admitted before stands until its deadline"
    attacker.put_orders(good)
    assert serves(walked, gateway.refresh())


def test_a_new_ledger_key_in_one_step(walked: Walked, tmp_path: Path) -> None:
    gateway, attacker = walked.gateway(), Attacker(walked)
    assert serves(walked, gateway.refresh())
    stolen, old = attacker.key(Duty.LEDGER), walked.house.ledger.checkpoint()
    grant, path = fresh(Duty.LEDGER, tmp_path)
    document = ceremony(walked, Changes(replaced=(grant,)))
    with pytest.raises(PermissionError, match="put the key that is named in its place and start again"):
        walked.publish(document)
    put_in_place(walked, Duty.LEDGER, path)
    with pytest.raises(PermissionError, match="publish the trust root that names it first"):
        walked.do("omar", "orders issue")
    walked.publish(document)
    walked.house.ledger.verify()
    refused = gateway.refresh()
    assert "no trusted key has signed the note" in "\n".join(report(refused)), "orders rest on a withdrawn key"
    redeploy(walked)
    assert serves(walked, gateway.refresh())
    with pytest.raises(LookupError, match="no checkpoint was signed at exactly"):
        walked.house.ledger.checkpoint(walked.house.ledger.size + 1)
    size = int(old.split("\n")[1])
    forged = sign_checkpoint(Checkpoint("test.example/house", size, bytes(32)), stolen.key, stolen.sign)
    attacker.forge_orders(number=attacker.orders().number + 1, checkpoint=forged)
    assert "no trusted key has signed the note" in "\n".join(report(gateway.refresh()))


def test_a_new_ledger_key_beside_the_old_one_stops_nothing(walked: Walked, tmp_path: Path) -> None:
    gateway = walked.gateway()
    old = load_signer(walked.home / "keys" / "ledger.pem").key.id
    grant, path = fresh(Duty.LEDGER, tmp_path)
    walked.publish(ceremony(walked, Changes(granted=(grant,))))
    assert serves(walked, gateway.refresh())
    put_in_place(walked, Duty.LEDGER, path)
    redeploy(walked)
    assert serves(walked, gateway.refresh())
    walked.publish(ceremony(walked, Changes(withdrawn=(old,))))
    assert serves(walked, gateway.refresh())
    assert state(walked)[0] == "in-force"


def test_dossiers_of_before_and_after_verify_with_the_same_fingerprint(walked: Walked, tmp_path: Path) -> None:
    def dossier() -> bytes:
        asked = {"version": walked.version, "use_case": "consumer-credit", "environment": "production"}
        content: bytes = walked.do("ana", "dossier write", **asked).content
        return content

    before = dossier()
    for duty in (Duty.RELEASE, Duty.LEDGER):
        grant, path = fresh(duty, tmp_path)
        document = ceremony(walked, Changes(replaced=(grant,)))
        put_in_place(walked, duty, path)
        walked.publish(document)
    redeploy(walked)
    for content in (before, dossier()):
        report_lines = verify(content, walked.fingerprint)
        assert any("signed, with a key of their own" in line for line in report_lines)


def test_a_stolen_approver_key_is_withdrawn_and_what_it_signed_lapses(walked: Walked) -> None:
    gateway = walked.gateway()
    assert serves(walked, gateway.refresh())
    ana = load_signer(walked.key("ana")).key.id
    walked.publish(ceremony(walked, Changes(withdrawn=(ana[:16],))))
    assert state(walked)[0] == "lapsed"
    assert "sign-off of a risk-analyst is missing" in state(walked)[1]
    walked.do("omar", "orders issue")
    assert not serves(walked, gateway.refresh())
    walked.sign("bob")
    redeploy(walked)
    assert serves(walked, gateway.refresh())


def test_two_of_three_root_keys_and_one_of_them_lost(walked: Walked, tmp_path: Path) -> None:
    gateway, root = walked.gateway(), walked.home / "keys" / "root.pem"
    rita, otto = (tmp_path / f"{name}.pem" for name in ("rita", "otto"))
    keys = tuple(KeyGrant(Duty.ROOT, new_key(path, Duty.ROOT).public) for path in (rita, otto))
    walked.publish(ceremony(walked, Changes(granted=keys, threshold=2), root, otto))
    alone = draft_root(walked.fingerprint, walked.do("admin", "trust show").documents, Changes())
    alone = sign_draft(alone, walked.fingerprint, load_signer(root))
    with pytest.raises(PermissionError, match="1 of the 3 trusted keys signed this, 2 must"):
        walked.publish(document_in(paper_text(alone)))
    new = KeyGrant(Duty.ROOT, new_key(tmp_path / "new.pem", Duty.ROOT).public)
    lost = load_signer(otto).key.id
    walked.publish(ceremony(walked, Changes(granted=(new,), withdrawn=(lost,)), root, rita))
    walked.publish(ceremony(walked, Changes(), rita, tmp_path / "new.pem"))
    assert serves(walked, gateway.refresh())
    assert "trust root version 6" in "\n".join(report(gateway.refresh()))


def test_a_gateway_never_goes_back_to_an_older_root(walked: Walked, tmp_path: Path) -> None:
    gateway = walked.gateway()
    grant, path = fresh(Duty.ORDERS, tmp_path)
    walked.publish(ceremony(walked, Changes(granted=(grant,))))
    put_in_place(walked, Duty.ORDERS, path)
    walked.do("omar", "orders issue")
    assert serves(walked, gateway.refresh())
    (walked.home / "outbox" / "named" / "trust-root" / "4.json").unlink()
    assert "trust root version 3 is older than version 4" in "\n".join(report(gateway.refresh()))
    restarted = walked.gateway().refresh()
    assert "trust root version 3 is older than version 4" in "\n".join(report(restarted))


def test_a_root_renewed_in_time_keeps_the_gateway_serving(walked: Walked) -> None:
    walked.publish(ceremony(walked, Changes()))
    roots = [root for _, root in walked.context().history(TrustRoot)]
    assert roots[-1].grants == roots[-2].grants
    assert roots[-1].expires_at - roots[-2].expires_at < timedelta(days=1)
    assert serves(walked, walked.gateway().refresh())
    assert len(walked.context().history(SignedRelease)) == 1
