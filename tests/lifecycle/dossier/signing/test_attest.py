"""What the house attests: verified by the tools for which it is written, and refused by them when it was changed."""

from __future__ import annotations

import base64
import importlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import VERSION, key

from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.dossier.signing.attest import attest, pem
from muster.lifecycle.dossier.signing.statements import MODEL, PROVENANCE, SUMMARY, TEST_RESULT
from muster.records.canonical import canonical, digest
from muster.records.decision import Question
from muster.records.governance.attestation import HouseAttestation, SignedModel
from muster.records.trust import Duty
from muster.rules.envelope import IN_TOTO, envelope_text, read_bundle, read_envelope, seal, statement
from muster.verifier.verify import verify

NAME, CONTENT = "model.skops", b"model"
"""The file of the scene's version."""


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    attest(made.as_("olga"), VERSION)
    yield made
    made.close()


@pytest.fixture(scope="module")
def members(scene: Scene) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(scene.dossier())) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Scene]:
    made = released(tmp_path)
    yield made
    made.close()


def bundles(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name: raw for name, raw in members.items() if name.startswith("attestations/")}


def payload(bundle: bytes) -> Any:
    return json.loads(base64.b64decode(read_bundle(bundle.decode()).payload))


def folder(where: Path, content: bytes = CONTENT) -> Path:
    made = where / "loans-model"
    made.mkdir()
    (made / NAME).write_bytes(content)
    return made


def signature(members: dict[str, bytes]) -> bytes:
    return next(raw for name, raw in members.items() if name.endswith("-model.signed.sigstore.json"))


def test_everything_decided_and_trained_is_attested_once(scene: Scene, members: dict[str, bytes]) -> None:
    kinds = [payload(raw)["predicateType"] for raw in bundles(members).values()]
    assert kinds.count(TEST_RESULT) == kinds.count(SUMMARY) == 3  # two recorded decisions, one release
    assert kinds.count(PROVENANCE) == kinds.count(MODEL) == 1
    assert attest(scene.as_("olga"), VERSION) == ()


def test_the_dossier_with_them_is_verified(scene: Scene) -> None:
    report = "\n".join(verify(scene.dossier(), scene.house.fingerprint))
    assert "Attestations: 10 Sigstore bundles" in report


def test_a_later_decision_is_attested_when_asked_again(fresh: Scene) -> None:
    first = attest(fresh.as_("olga"), VERSION)
    fresh.decide()
    again = attest(fresh.as_("olga"), VERSION)
    assert len(first) == 8
    assert [(made.about, made.statement) for made in again] == [
        ("decision.made", TEST_RESULT),
        ("decision.made", SUMMARY),
    ]


def test_an_attestation_that_says_more_than_its_entry_is_not_verified(fresh: Scene) -> None:
    attest(fresh.as_("olga"), VERSION)
    made = next(each for _, each in fresh.as_("olga").history(HouseAttestation) if each.predicate_type == TEST_RESULT)
    said = json.loads(base64.b64decode(read_envelope(made.envelope).payload))["predicate"]
    pen = key(Duty.RELEASE.value)
    better = statement({"model-version": VERSION}, TEST_RESULT, said | {"failedTests": [], "passedTests": ["all"]})
    lie = replace(made, envelope=envelope_text(seal(IN_TOTO, better, [(pen.key, pen.sign)])))
    fresh.as_("mallory").record(lie)
    with pytest.raises(ValueError, match="says something else than entry"):
        verify(fresh.dossier(), fresh.house.fingerprint)


def test_an_attestation_by_another_key_is_not_verified(fresh: Scene) -> None:
    attest(fresh.as_("olga"), VERSION)
    made = fresh.as_("olga").history(HouseAttestation)[0][1]
    text = base64.b64decode(read_envelope(made.envelope).payload)
    pen = key(Duty.ORDERS.value)
    fresh.as_("mallory").record(replace(made, envelope=envelope_text(seal(IN_TOTO, text, [(pen.key, pen.sign)]))))
    with pytest.raises(ValueError, match="0 of 1 trusted keys signed it"):
        verify(fresh.dossier(), fresh.house.fingerprint)


def test_a_signature_of_other_files_is_not_verified(fresh: Scene) -> None:
    pen = key(Duty.RELEASE.value)
    resources = [{"name": NAME, "algorithm": "sha256", "digest": "0" * 64}]
    text = statement({"loans-model": digest(b"")}, MODEL, {"serialization": {}, "resources": resources})
    envelope = json.loads(envelope_text(seal(IN_TOTO, text, [(pen.key, pen.sign)])))
    fresh.as_("mallory").record(SignedModel(VERSION, canonical({"dsseEnvelope": envelope}).decode()))
    with pytest.raises(ValueError, match="is of other files than the version's"):
        verify(fresh.dossier(), fresh.house.fingerprint)


def test_keys_are_there_as_other_tools_take_them(scene: Scene, members: dict[str, bytes]) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    pen = key(Duty.RELEASE.value).key
    raw = members[f"keys/{pen.id[:12]}.pem"]
    assert raw == pem(pen).encode()
    assert load_pem_public_key(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) == raw
    other = {**members, f"keys/{pen.id[:12]}.pem": pem(key(Duty.ORDERS.value).key).encode()}
    with pytest.raises(ValueError, match="not the attestation that"):
        verify(pack([Question(VERSION, "loans", "production")], other), scene.house.fingerprint)


# By the tools of others


def test_the_parsers_of_sigstore_accept_every_bundle(members: dict[str, bytes]) -> None:
    models = pytest.importorskip("sigstore_models.bundle.v1", reason="the development extra has it")
    for raw in bundles(members).values():
        assert models.Bundle.from_json(raw).dsse_envelope.payload_type == IN_TOTO
        inner = json.loads(raw)["dsseEnvelope"]
        parsed = importlib.import_module("sigstore.dsse").Envelope._from_json(json.dumps(inner).encode())
        assert parsed._inner.payload_type == IN_TOTO


def test_what_is_no_bundle_is_refused_by_the_parser_of_sigstore(members: dict[str, bytes]) -> None:
    models = pytest.importorskip("sigstore_models.bundle.v1", reason="the development extra has it")
    raw = signature(members)
    for broken in (raw[:-1], raw.replace(b'"payloadType"', b'"payloadTypo"')):
        with pytest.raises(ValueError, match="(?i)invalid|missing"):
            models.Bundle.from_json(broken)


def verified(where: Path, members: dict[str, bytes], model: Path, pen: str = Duty.RELEASE.value) -> None:
    verifying = pytest.importorskip("model_signing.verifying", reason="the development extra has it")
    (where / "model.sig").write_bytes(signature(members))
    (where / "key.pem").write_text(pem(key(pen).key))
    verifying.Config().use_elliptic_key_verifier(public_key=where / "key.pem").verify(model, where / "model.sig")


def test_model_signing_accepts_the_signature_of_a_model(members: dict[str, bytes], tmp_path: Path) -> None:
    verified(tmp_path, members, folder(tmp_path))


def test_model_signing_refuses_a_changed_a_missing_and_a_further_file(
    members: dict[str, bytes], tmp_path: Path
) -> None:
    model = folder(tmp_path, CONTENT + b"!")
    with pytest.raises(ValueError, match="(?i)mismatch"):
        verified(tmp_path, members, model)
    (model / NAME).unlink()
    with pytest.raises(ValueError, match="(?i)mismatch"):
        verified(tmp_path, members, model)
    (model / NAME).write_bytes(CONTENT)
    (model / "evil.py").write_text("pass")
    with pytest.raises(ValueError, match="(?i)mismatch"):
        verified(tmp_path, members, model)


def test_model_signing_refuses_a_changed_signature(members: dict[str, bytes], tmp_path: Path) -> None:
    name = next(name for name in members if name.endswith("-model.signed.sigstore.json"))
    said = json.loads(members[name])
    mark = bytearray(base64.b64decode(said["dsseEnvelope"]["signatures"][0]["sig"]))
    mark[-1] ^= 1
    said["dsseEnvelope"]["signatures"][0]["sig"] = base64.b64encode(mark).decode()
    with pytest.raises(InvalidSignature):
        verified(tmp_path, {**members, name: canonical(said)}, folder(tmp_path))


def test_model_signing_refuses_another_key(members: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="(?i)key mismatch"):
        verified(tmp_path, members, folder(tmp_path), pen=Duty.ORDERS.value)
