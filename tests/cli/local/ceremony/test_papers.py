from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rules.scene import key

from muster.cli.local.ceremony.papers import approving, documents, grant_in, key_named, pinned_root
from muster.cli.session import Session
from muster.records.codec import encode
from muster.records.trust import Duty, KeyGrant
from muster.settings import Settings

PEN = key("vic").key


def written(folder: Path, **changes: object) -> Path:
    path = folder / "public.json"
    content = {
        "file": "x",
        "duty": "gateway-log",
        "actor": "",
        "id": PEN.id,
        "public": encode(PEN),
        "name": "credit/g1",
    }
    path.write_text(json.dumps(content | changes))
    return path


def test_a_public_half_says_its_duty_and_its_name(tmp_path: Path) -> None:
    assert grant_in(written(tmp_path), "", "") == KeyGrant(Duty.GATEWAY_LOG, PEN, name="credit/g1")


def test_an_approver_is_granted_roles_and_use_cases_or_inherits_them(tmp_path: Path) -> None:
    path = written(tmp_path, duty="approver", actor="vic")
    grant = grant_in(path, "validator, risk-analyst,", "cards,loans")
    assert (grant.actor, grant.roles, grant.use_cases) == ("vic", ("risk-analyst", "validator"), ("cards", "loans"))
    assert grant_in(path, "", "", inherits=True).roles == ()
    with pytest.raises(ValueError, match="--roles: say for which roles 'vic' may sign"):
        grant_in(path, "", "")
    with pytest.raises(ValueError, match="king"):
        approving(PEN, "vic", "king", "")


def test_a_key_is_named_by_its_id_or_by_the_file_with_its_public_half(tmp_path: Path) -> None:
    assert key_named(str(written(tmp_path))) == PEN.id
    assert key_named("0123abcd") == "0123abcd"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"duty": "king", "public": {}, "actor": ""}'])
def test_another_file_is_told_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="other.json: not a public key as"):
        key_named(str(path))
    with pytest.raises(ValueError, match="other.json: not a chain of trust roots"):
        documents(Session(Settings()), path)


def test_the_fingerprint_comes_from_its_reader() -> None:
    assert pinned_root(Session(Settings(root="sha256:a")), "sha256:b") == "sha256:b"
    assert pinned_root(Session(Settings(root="sha256:a")), "") == "sha256:a"
    with pytest.raises(ValueError, match="--root: say the fingerprint"):
        pinned_root(Session(Settings()), "")
