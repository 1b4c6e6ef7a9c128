"""Keys in a PKCS#11 module and in a cloud's key service: a real module in software, a real HTTP service on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from tests.softhsm import PIN, made_token, softhsm

from muster.adapters.keyservice import HeldKey
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm, PublicKey


@pytest.fixture
def token() -> str:
    """The URI of a P-256 key (id 2) in a token that also holds a P-384 key (id 3)."""
    return made_token()


def right(name: str) -> str:
    assert name == "pin"
    return PIN


@softhsm
def test_a_key_in_a_module_signs_as_one_in_a_file_does(token: str) -> None:
    key = HeldKey(token, right, verify)
    assert key.key.algorithm is Algorithm.ECDSA_P256
    assert len(key.key.der) == 91
    signature = key.sign(b"orders")
    assert verify(key.key, b"orders", signature)
    assert not verify(key.key, b"other orders", signature)
    assert HeldKey(token, right, verify).key == key.key


@softhsm
def test_a_pin_is_asked_for_once(token: str) -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return PIN

    key = HeldKey(token, ask, verify)
    key.sign(b"one")
    key.sign(b"two")
    assert asked == ["pin"]


@softhsm
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("hsm:2", "hsm:9"), "the key in it"),
        (("muster+test", "nobody+s"), "No PKCS#11 token found"),
        ((".so", ".missing"), "is the device or service there"),
    ],
)
def test_what_is_not_there_is_named(token: str, change: tuple[str, str], words: str) -> None:
    with pytest.raises(OSError, match=words):
        HeldKey(token.replace(*change), right, verify)


@softhsm
def test_a_wrong_pin_signs_nothing(token: str) -> None:
    with pytest.raises(OSError, match="PinIncorrect.*is .*the PIN right"):
        HeldKey(token, lambda _: "9999", verify).sign(b"orders")


@softhsm
def test_a_key_on_another_curve_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="the key is for ecdsa-sha2-nistp384"):
        HeldKey(token.replace("hsm:2", "hsm:3"), right, verify)


@softhsm
def test_a_signature_that_does_not_verify_goes_nowhere(token: str) -> None:
    def never(key: PublicKey, message: bytes, signature: bytes) -> bool:
        return not (key and message and signature)

    key = HeldKey(token, right, never)
    with pytest.raises(OSError, match="its own public key does not verify: nothing was signed"):
        key.sign(b"orders")


def test_a_uri_that_no_scheme_knows_is_told() -> None:
    with pytest.raises(OSError, match="awskms:KEY-ID"):
        HeldKey("file2:/etc/key", right, verify)


@pytest.fixture(scope="module")
def cloud() -> Iterator[dict[str, str]]:
    """AWS KMS as moto serves it over HTTP, with a P-256 key, an RSA key, and the way there in the environment."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL_KMS": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        client = boto3.client("kms")
        made = {
            spec: client.create_key(KeyUsage="SIGN_VERIFY", KeySpec=spec)["KeyMetadata"]["KeyId"]
            for spec in ("ECC_NIST_P256", "RSA_2048")
        }
        yield made
    server.stop()


def _sign_digest(self: Any, message: bytes, signing_algorithm: str) -> bytes:
    """Sign what is already a digest, as AWS documents MessageType=DIGEST; moto says that it does not know it yet."""
    assert signing_algorithm == "ECDSA_SHA_256"
    signature: bytes = self.private_key.sign(message, ec.ECDSA(Prehashed(hashes.SHA256())))
    return signature


@pytest.mark.enable_socket
def test_a_key_in_a_cloud_s_service_signs_as_one_in_a_file_does(
    cloud: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto.kms.utils.ECDSAPrivateKey.sign", _sign_digest)
    key = HeldKey(f"awskms:{cloud['ECC_NIST_P256']}", right, verify)
    signature = key.sign(b"release")
    assert key.key.algorithm is Algorithm.ECDSA_P256
    assert verify(key.key, b"release", signature)


@pytest.mark.enable_socket
def test_a_service_that_signs_something_else_is_found_out(cloud: dict[str, str]) -> None:
    key = HeldKey(f"awskms:{cloud['ECC_NIST_P256']}", right, verify)
    with pytest.raises(OSError, match="its own public key does not verify: nothing was signed"):
        key.sign(b"release")  # moto hashes the digest once more


@pytest.mark.enable_socket
@pytest.mark.parametrize("name", ["RSA_2048", ""])
def test_a_key_that_cannot_sign_here_is_refused(cloud: dict[str, str], name: str) -> None:
    where = cloud[name] if name else "11111111-2222-3333-4444-555555555555"
    with pytest.raises(OSError, match="the key in it"):
        HeldKey(f"awskms:{where}", right, verify)
