from __future__ import annotations

import base64
import importlib
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from tests.lifecycle.dossier.scene import ANALYST, VERSION, Scene, released
from tests.rules.scene import key

from muster.adapters.signatures import verify
from muster.lifecycle.dossier.archive import pack
from muster.records.canonical import canonical, digest
from muster.records.decision import Question
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, open_envelope, read_bundle
from muster.verifier.verify import verify as verify_dossier


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def members(scene: Scene) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(scene.dossier())) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


def _bundles(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in members.items() if name.startswith("attestations/")}


def _problem(scene: Scene, members: dict[str, bytes]) -> str:
    """Return what the verifier says of these members behind a new manifest."""
    try:
        verify_dossier(pack([Question(VERSION, "loans", "production")], members), scene.house.fingerprint)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it
        return str(error)
    return ""


def test_release_and_sign_off_are_bundles_that_their_keys_signed(members: dict[str, bytes]) -> None:
    approval, release = sorted(_bundles(members))
    for name, pen in ((release, key(Duty.RELEASE.value)), (approval, key(ANALYST))):
        payload = open_envelope(read_bundle(members[name].decode()), IN_TOTO, [pen.key], verify)
        assert json.loads(payload)["_type"] == "https://in-toto.io/Statement/v1"
    assert release == "attestations/release-1.sigstore.json"


def test_as_they_are_the_members_verify(scene: Scene, members: dict[str, bytes]) -> None:
    assert _problem(scene, members) == ""


def test_no_attestation_can_be_dropped_added_or_exchanged(scene: Scene, members: dict[str, bytes]) -> None:
    names = sorted(_bundles(members))
    for name in names:
        rest = {other: raw for other, raw in members.items() if other != name}
        assert "not the attestation" in _problem(scene, rest)
    extra = {**members, "attestations/release-2.sigstore.json": members[names[-1]]}
    assert "not the attestation" in _problem(scene, extra)
    swapped = {**members, names[0]: members[names[-1]], names[-1]: members[names[0]]}
    assert "not the attestation" in _problem(scene, swapped)


def test_a_ledger_that_does_not_continue_what_a_release_saw_is_told(scene: Scene, members: dict[str, bytes]) -> None:
    proofs = json.loads(members["consistency.json"])
    assert sorted(proofs)[1:] == ["releases/1.json"]
    for name, path in proofs.items():
        assert path
        forged = [*path[:-1], digest(b"another history").removeprefix("sha256:")]
        for told, said in (
            ({**proofs, name: forged}, "does not continue"),
            ({**proofs, name: path[:-1]}, "does not continue"),
            ({**proofs, "releases/2.json": path}, "proves what is not here"),
            ({other: proofs[other] for other in proofs if other != name}, "does not continue"),
        ):
            assert said in _problem(scene, {**members, "consistency.json": canonical(told)})


def test_the_parser_of_sigstore_accepts_our_bundles(members: dict[str, bytes]) -> None:
    name = "sigstore_models.bundle.v1"
    pytest.importorskip(name, reason="needs sigstore-models, which is not among our dependencies")
    parser = importlib.import_module(name)
    for raw in _bundles(members).values():
        read = parser.Bundle.from_json(raw)
        envelope = read_bundle(raw.decode())
        assert read.verification_material.public_key.hint == envelope.signatures[0].keyid
        assert base64.b64encode(read.dsse_envelope.payload).decode() == envelope.payload
        assert read.dsse_envelope.payload_type == IN_TOTO
