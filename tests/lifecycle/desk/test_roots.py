from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.walk import Walked

from muster.lifecycle.desk.context import Context, House
from muster.lifecycle.desk.roots import current_root
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.settings import read_settings
from muster.wiring.control import Local, close_house, now, open_house
from muster.wiring.founding import create_house
from muster.wiring.keyring import new_key
from muster.wiring.signing import grant_key


def root_document(walked: Walked, actor: str = "cleo") -> str:
    public = new_key(walked.home / "keys" / f"{actor}.pem", Duty.APPROVER, actor).public
    grant = KeyGrant(Duty.APPROVER, public, actor, ("validator",))
    return grant_key(walked.do("admin", "trust show").current, grant, walked.home / "keys" / "root.pem")


def test_the_chain_leads_from_the_fingerprint_to_the_newest(walked: Walked) -> None:
    chain = walked.do("mia", "trust show")
    assert (chain.fingerprint, len(chain.documents), chain.current.version) == (walked.fingerprint, 3, 3)
    published = walked.do("admin", "trust publish", document=root_document(walked))
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
    for wrong, said in ((forged, "0 of the 1 trusted keys signed this"), ("{}", "document 4 of 4 cannot be read")):
        with pytest.raises(PermissionError, match=said):
            walked.do("admin", "trust publish", document=wrong)
    assert {entry.entry.kind for entry in walked.house.ledger.read(start=before)} == {"action.refused"}
    walked.do("admin", "trust publish", document=fourth)
    with pytest.raises(PermissionError, match="version 4 cannot follow version 4"):
        walked.do("admin", "trust publish", document=fourth)
    assert walked.do("mia", "trust show").current.version == 4


def test_a_published_root_is_not_replaced_by_another_of_its_number(walked: Walked) -> None:
    first, second = root_document(walked, "cleo"), root_document(walked, "dora")
    walked.do("admin", "trust publish", document=first)
    (walked.home / "outbox" / "named" / "trust-root" / "4.json").unlink()
    with pytest.raises(PermissionError, match="another trust root version 4 was published already"):
        walked.do("admin", "trust publish", document=second)
    with pytest.raises(PermissionError, match="version 4 was published: keys withdrawn since would count again"):
        walked.do("omar", "gate ask", version=walked.version)
    before = len(walked.context().history(TrustRoot))
    walked.do("admin", "trust publish", document=first)  # put back, and not recorded twice
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
        walked.do("ana", "trust publish", document="{}")


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
    grant = KeyGrant(Duty.APPROVER, new_key(tmp_path / "ana.pem", Duty.APPROVER, "ana").public, "ana", ("owner",))
    document = grant_key(chain.current, grant, tmp_path / "old" / "keys" / "root.pem")
    renewed = desk.call("trust publish", {"document": document}, print)
    assert renewed.expires_at > now()
    assert current_root(Context(expired, desk.identity(), print)) == renewed
