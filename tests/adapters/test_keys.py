import os
import resource
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm

ALGORITHMS = list(Algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_loaded_key_is_the_created_key(tmp_path: Path, algorithm: Algorithm) -> None:
    created = KeyFile.create(tmp_path / "key.pem", algorithm)
    loaded = KeyFile.load(tmp_path / "key.pem")
    assert loaded.key == created.key
    assert loaded.key.algorithm is algorithm
    assert verify(created.key, b"m", loaded.sign(b"m"))


def test_only_the_owner_may_read_the_file_even_under_an_open_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        KeyFile.create(tmp_path / "key.pem", Algorithm.ED25519)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten_not_even_through_a_dangling_link(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    KeyFile.create(path, Algorithm.ED25519)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="never overwritten"):
        KeyFile.create(path, Algorithm.ED25519)
    assert path.read_bytes() == before
    (tmp_path / "link.pem").symlink_to(tmp_path / "elsewhere.pem")
    with pytest.raises(FileExistsError):
        KeyFile.create(tmp_path / "link.pem", Algorithm.ED25519)
    assert not (tmp_path / "elsewhere.pem").exists()


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    KeyFile.create(tmp_path / "key.pem", Algorithm.ED25519)
    (tmp_path / "key.pem").chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        KeyFile.load(tmp_path / "key.pem")


def test_a_passphrase_is_needed_where_one_was_given_and_only_there(tmp_path: Path) -> None:
    secret = KeyFile.create(tmp_path / "secret.pem", Algorithm.ECDSA_P256, b"correct horse")
    assert b"ENCRYPTED" in (tmp_path / "secret.pem").read_bytes()
    assert KeyFile.load(tmp_path / "secret.pem", b"correct horse").key == secret.key
    with pytest.raises(ValueError, match="give its passphrase"):
        KeyFile.load(tmp_path / "secret.pem")
    with pytest.raises(ValueError, match="wrong passphrase"):
        KeyFile.load(tmp_path / "secret.pem", b"battery staple")
    KeyFile.create(tmp_path / "plain.pem", Algorithm.ECDSA_P256)
    with pytest.raises(ValueError, match="leave the passphrase out"):
        KeyFile.load(tmp_path / "plain.pem", b"correct horse")


def pem(private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no readable private key"),
        (b"not a key", "no readable private key"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "neither ECDSA P-256 nor Ed25519"),
        (pem(rsa.generate_private_key(65537, 2048)), "neither ECDSA P-256 nor Ed25519"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "key.pem"
    path.touch(0o600)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"key.pem.*{words}"):
        KeyFile.load(path)


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KeyFile.create(tmp_path / "none" / "key.pem", Algorithm.ED25519)
    with pytest.raises(FileNotFoundError):
        KeyFile.load(tmp_path / "none.pem")


def test_a_disk_without_room_is_named_and_keeps_no_half_of_a_key(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            KeyFile.create(tmp_path / "key.pem", Algorithm.ED25519)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.filename == str(tmp_path / "key.pem")
    assert list(tmp_path.iterdir()) == []
