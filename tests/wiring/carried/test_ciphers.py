import base64
from pathlib import Path

import pytest

from muster.wiring.carried.ciphers import cipher_of


def test_a_log_is_sealed_where_a_file_of_keys_is_named(tmp_path: Path) -> None:
    assert cipher_of(None) is None
    (tmp_path / "keys").write_bytes(base64.b64encode(bytes(32)))
    (tmp_path / "keys").chmod(0o600)
    cipher = cipher_of(tmp_path / "keys")
    assert cipher is not None
    frames = cipher.begin()
    assert cipher.open(frames.head + frames.sealed(b"rows")) == b"rows"
    with pytest.raises(FileNotFoundError):
        cipher_of(tmp_path / "nowhere")
