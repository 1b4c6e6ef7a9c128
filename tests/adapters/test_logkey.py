from __future__ import annotations

from pathlib import Path

import pytest

from muster.adapters.keys import KeyFile
from muster.adapters.logkey import LogKey
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_it_signs_as_the_key_that_the_file_holds(tmp_path: Path, algorithm: Algorithm) -> None:
    made = KeyFile.create(tmp_path / "log.pem", algorithm)
    key = LogKey.load(tmp_path / "log.pem")
    assert key.key == made.key
    assert verify(key.key, b"segment", key.sign(b"segment"))
    assert not verify(key.key, b"another", key.sign(b"segment"))


def test_what_is_no_key_for_a_process_that_starts_alone_is_refused(tmp_path: Path) -> None:
    KeyFile.create(tmp_path / "secret.pem", Algorithm.ECDSA_P256, b"passphrase")
    with pytest.raises(ValueError, match="has no passphrase, for nobody is there"):
        LogKey.load(tmp_path / "secret.pem")
    (tmp_path / "odd.pem").write_text("nonsense")
    (tmp_path / "odd.pem").chmod(0o600)
    with pytest.raises(ValueError, match="no readable private key"):
        LogKey.load(tmp_path / "odd.pem")
    (tmp_path / "odd.pem").chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        LogKey.load(tmp_path / "odd.pem")
    with pytest.raises(FileNotFoundError):
        LogKey.load(tmp_path / "absent.pem")
