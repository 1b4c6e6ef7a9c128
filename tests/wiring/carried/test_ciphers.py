"""Keys of the log come from a file, from the environment or from a program, and are never repeated."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest

from muster.settings import Settings, read_settings
from muster.wiring.carried.ciphers import cipher_of
from muster.wiring.gateway import command
from muster.wiring.scoring import Asked
from muster.wiring.scoring import command as scoring

KEY = base64.b64encode(bytes(range(32))).decode()
OLDER = base64.b64encode(bytes(32)).decode()


def sealed(settings: Settings) -> bytes:
    cipher = cipher_of(settings)
    assert cipher is not None
    frames = cipher.begin()
    return frames.head + frames.sealed(b"rows")


@pytest.fixture
def sources(tmp_path: Path) -> list[Settings]:
    (tmp_path / "keys").write_text(f"{KEY}\n{OLDER}\n")
    (tmp_path / "keys").chmod(0o600)
    printing = f"{sys.executable} -c \"print('{KEY} {OLDER}')\""
    return [
        Settings(log_encryption_key=tmp_path / "keys"),
        Settings(log_encryption_command=printing),
        read_settings({}, {"MUSTER_LOG_ENCRYPTION_KEYS": f"{KEY},{OLDER}"}),
    ]


def test_every_source_gives_the_same_keys_and_no_source_none(sources: list[Settings]) -> None:
    assert cipher_of(Settings()) is None
    for one in sources:
        for other in sources:
            cipher = cipher_of(other)
            assert cipher is not None
            assert cipher.open(sealed(one)) == b"rows"


@pytest.mark.parametrize(
    ("settings", "kind", "said"),
    [
        (Settings(log_encryption_key=Path("nowhere")), FileNotFoundError, "nowhere"),
        (Settings(log_encryption_keys="c2VjcmV0"), ValueError, "^log_encryption_keys: key 1 is not 32 bytes in base64"),
        (Settings(log_encryption_keys=f"{KEY} x"), ValueError, "key 2 is not"),
        (Settings(log_encryption_command="/no/such/program"), OSError, "printed no keys: .*/no/such/program"),
        (Settings(log_encryption_command=" "), OSError, "printed no keys"),
        (Settings(log_encryption_command="false"), OSError, "ended with exit code 1: run it by hand"),
        (Settings(log_encryption_command="echo c2VjcmV0"), ValueError, "^log_encryption_command: key 1 is not"),
        (Settings(log_encryption_command="true"), ValueError, "there is no key in it"),
        (Settings(log_encryption_command="true", log_encryption_keys=KEY), ValueError, "and by log_encryption_keys"),
    ],
)
def test_what_is_wrong_is_said_without_what_was_read(settings: Settings, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said) as error:
        cipher_of(settings)
    assert not any(secret in str(error.value) for secret in (KEY, "c2VjcmV0"))


def test_keys_stand_in_no_command_line_and_in_no_print(tmp_path: Path) -> None:
    given = Settings(log_encryption_keys=KEY, home=tmp_path)
    assert KEY not in repr(given)
    assert not any(KEY in word for word in (*command(given), *scoring(given, Asked("a", "b", "c"))))
    program = Settings(log_encryption_command="vault read keys")
    assert "--log-encryption-command=vault read keys" in command(program)
    assert "--log-encryption-command=vault read keys" in scoring(program, Asked("a", "b", "c"))


def test_a_folder_that_one_works_in_brings_neither_keys_nor_programs(tmp_path: Path) -> None:
    for line in ("log_encryption_command = 'thief'", f"log_encryption_keys = '{KEY}'"):
        (tmp_path / "muster.toml").write_text(line)
        with pytest.raises(ValueError, match="is no setting of this file; set MUSTER_LOG_ENCRYPTION"):
            read_settings({"home": tmp_path}, {})
