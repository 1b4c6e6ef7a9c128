from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.hearing import Heard
from tests.walk import Walked

from muster.adapters.keys import KeyFile
from muster.lifecycle.desk.action import Upload
from muster.lifecycle.desk.context import Context, House
from muster.lifecycle.desk.roots import current_root, remind
from muster.records.access.alert import Severity
from muster.records.codec import encode
from muster.records.trust import Algorithm, Duty, KeyGrant, TrustRoot
from muster.settings import read_settings
from muster.wiring.control import Local, close_house, now, open_house
from muster.wiring.founding import create_house
from muster.wiring.keyring import load_signer, new_key
from muster.wiring.signing import grant_key, offer_of


def root_document(walked: Walked, actor: str = "cleo", *, hands_in: bool = True) -> str:
    walked.add(actor, "validator")
    public = new_key(walked.key(actor), Duty.APPROVER, actor).public
    if hands_in:
        walked.hand_in(actor)
    grant = KeyGrant(Duty.APPROVER, public, actor, ("validator",))
    return grant_key(walked.do("admin", "trust show").current, grant, walked.home / "keys" / "root.pem")


def test_the_chain_leads_from_the_fingerprint_to_the_newest(walked: Walked) -> None:
    chain = walked.do("mia", "trust show")
    assert (chain.fingerprint, len(chain.documents), chain.current.version) == (walked.fingerprint, 3, 3)
    published = walked.publish(root_document(walked))
    assert published.version == 4
    assert published.grants[-1].actor == "cleo"
    assert walked.do("mia", "trust show").current == published
    assert walked.context().history(TrustRoot)[-1][1] == published


@pytest.mark.parametrize("name", ["release", "orders"])
def test_only_the_root_key_makes_the_next_one(walked: Walked, name: str) -> None:
    current = walked.do("admin", "trust show").current
    with pytest.raises(PermissionError, match="is no root key"):
        grant_key(current, current.grants[0], walked.home / "keys" / f"{name}.pem")


def test_a_document_that_does_not_follow_changes_nothing(walked: Walked) -> None:
    fourth = root_document(walked)
    forged = fourth.replace(fourth[-40:-20], "A" * 20)
    before = walked.house.ledger.refresh()
    with pytest.raises(PermissionError, match="0 of the 1 trusted keys signed this"):
        walked.publish(forged)
    with pytest.raises(ValueError, match="trust-root document"):
        walked.publish("{}")
    assert {entry.entry.kind for entry in walked.house.ledger.read(start=before)} == {"action.refused"}
    walked.publish(fourth)
    with pytest.raises(PermissionError, match="version 4 cannot follow version 4"):
        walked.publish(fourth)
    assert walked.do("mia", "trust show").current.version == 4


def test_a_published_root_is_not_replaced_by_another_of_its_number(walked: Walked) -> None:
    first, second = root_document(walked, "cleo"), root_document(walked, "dora")
    walked.publish(first)
    (walked.home / "outbox" / "named" / "trust-root" / "4.json").unlink()
    with pytest.raises(PermissionError, match="another trust root version 4 was published already"):
        walked.publish(second)
    with pytest.raises(PermissionError, match="version 4 was published: keys withdrawn since would count again"):
        walked.do("omar", "gate ask", version=walked.version)
    before = len(walked.context().history(TrustRoot))
    walked.publish(first)  # put back, and not recorded twice
    assert len(walked.context().history(TrustRoot)) == before
    assert walked.do("omar", "gate ask", version=walked.version).verdict == "allow"


def test_no_key_is_given_two_duties(walked: Walked) -> None:
    current = walked.do("admin", "trust show").current
    release = next(grant for grant in current.grants if grant.duty is Duty.RELEASE)
    grant = KeyGrant(Duty.APPROVER, release.key, "ana", ("risk-analyst",))
    with pytest.raises(ValueError, match="holds more than one duty"):
        grant_key(current, grant, walked.home / "keys" / "root.pem")


def test_only_an_admin_publishes(walked: Walked) -> None:
    with pytest.raises(PermissionError, match="needs the role admin"):
        walked.publish("{}", "ana")


@pytest.fixture
def expired(tmp_path: Path) -> Iterator[House]:
    """A house whose root was good for a year, a year and a month ago."""
    home = tmp_path / "old"
    create_house(home, "test.example/old", "admin", clock=lambda: now() - timedelta(days=395))
    house = open_house(read_settings({"home": home}, {}))
    yield house
    close_house(house)


def test_a_root_that_has_expired_is_shown_trusted_for_nothing_and_renewed(expired: House, tmp_path: Path) -> None:
    desk = Local(expired, "admin")
    with pytest.raises(PermissionError, match="the trust root has expired"):
        current_root(Context(expired, desk.identity(), print))
    chain = desk.call("trust show", {}, print)
    assert chain.current.expires_at < now()
    document = grant_key(chain.current, _another_root_key(tmp_path), tmp_path / "old" / "keys" / "root.pem")
    upload = Upload("next.json", document.encode())
    renewed = desk.call("trust publish", {"document": upload}, print)
    assert renewed.expires_at > now()
    assert current_root(Context(expired, desk.identity(), print)) == renewed


def _another_root_key(folder: Path) -> KeyGrant:
    return KeyGrant(Duty.ROOT, new_key(folder / "root-2.pem", Duty.ROOT).public)


def test_nobody_is_enrolled_who_did_not_hand_their_key_in(walked: Walked) -> None:
    document = root_document(walked, hands_in=False)
    with pytest.raises(PermissionError, match="cleo has not handed in key .*muster key offer"):
        walked.publish(document)
    walked.hand_in("cleo")
    assert walked.publish(document).grants[-1].actor == "cleo"


def test_a_key_that_somebody_else_handed_in_in_their_name_does_not_count(walked: Walked) -> None:
    document = root_document(walked, hands_in=False)
    made = offer_of("cleo", "test.example/house", load_signer(walked.key("cleo")))
    walked.context("bob").record(made)  # as if it were hers
    with pytest.raises(PermissionError, match="cleo has not handed in key"):
        walked.publish(document)


def test_nobody_lets_their_own_key_count(walked: Walked) -> None:
    walked.add("cleo", "admin", "validator")
    new_key(walked.key("cleo"), Duty.APPROVER, "cleo")
    walked.hand_in("cleo")
    (offered,) = [line for line in walked.do("cleo", "key offers") if line.actor == "cleo"]
    grant = KeyGrant(Duty.APPROVER, offered.offer.key, "cleo", ("validator",))
    document = grant_key(walked.do("admin", "trust show").current, grant, walked.home / "keys" / "root.pem")
    with pytest.raises(PermissionError, match="cleo cannot let their own key count: a second person publishes"):
        walked.publish(document, "cleo")
    assert walked.publish(document).version == 4


def test_a_key_is_handed_in_with_a_proof_for_this_house_and_this_actor(walked: Walked) -> None:
    walked.add("cleo", "validator")
    pen = KeyFile.create(walked.key("cleo"), Algorithm.ECDSA_P256)
    for actor, origin in (("cleo", "other.example/house"), ("bob", "test.example/house")):
        made = offer_of(actor, origin, pen)
        with pytest.raises(PermissionError, match="the proof is not a signature of key"):
            walked.do("cleo", "key submit", public=encode(made.key), proof=made.proof)
    with pytest.raises(PermissionError, match="needs the role"):
        walked.do("mia", "key submit", public=encode(pen.key), proof="")
    with pytest.raises(ValueError, match="has a duty already"):
        walked.hand_in("ana")


def test_what_was_handed_in_is_listed_with_what_became_of_it(walked: Walked) -> None:
    walked.publish(root_document(walked))
    walked.enrol("ana")
    said = [(line.actor, line.state) for line in walked.do("mia", "key offers")]
    assert said == [("ana", "withdrawn"), ("bob", "granted"), ("cleo", "granted"), ("ana", "granted")]


def test_people_are_told_before_the_root_expires(walked: Walked) -> None:
    told: list[str] = []
    context = walked.context("admin")
    assert list(remind(context)) == []
    for days, words, severity in ((336, "expires on", Severity.WARNING), (366, "has expired on", Severity.CRITICAL)):
        walked.clock.offset = timedelta(days=days)
        heard = Heard()
        told += remind(replace(context, house=replace(context.house, notify=heard)))
        assert words in told[-1]
        assert [(alert.what, alert.severity) for alert in heard.alerts] == [("trust-root-expires", severity)]
    assert "muster trust draft --renew" in told[-1]
