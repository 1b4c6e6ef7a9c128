from __future__ import annotations

import base64
import secrets
from pathlib import Path

import pytest

from muster.adapters.vault.frames import FrameCipher, name_of
from muster.ports.log import FRAMED, Locked

PIECES = (b"one", b"", b"three" * 1000)


def key_file(path: Path, *keys: bytes) -> Path:
    path.write_text("\n".join(base64.b64encode(key).decode() for key in keys) + "\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def cipher(tmp_path: Path) -> FrameCipher:
    return FrameCipher.load(key_file(tmp_path / "keys", secrets.token_bytes(32)))


def written(cipher: FrameCipher) -> bytes:
    frames = cipher.begin()
    return frames.head + b"".join(map(frames.sealed, PIECES))


def test_what_was_sealed_is_opened_as_far_as_it_came(cipher: FrameCipher) -> None:
    content = written(cipher)
    assert b"three" not in content
    assert cipher.open(content) == b"".join(PIECES)
    for cut in range(content.index(b"\n") + 1, len(content)):
        assert b"".join(PIECES).startswith(cipher.open(content[:cut])), cut


def test_anything_changed_before_the_end_is_noticed(cipher: FrameCipher) -> None:
    content = written(cipher)
    start = content.index(b"\n") + 1
    first = start + 4 + len(PIECES[0]) + 16
    for place in range(start + 4, first):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(ValueError, match="frame 0 was changed"):
            cipher.open(bytes(changed))
    swapped = content[:start] + content[first : first + 20] + content[start:first] + content[first + 20 :]
    with pytest.raises(ValueError, match="frame 0 was changed"):
        cipher.open(swapped)
    other = written(cipher)
    with pytest.raises(ValueError, match="was changed"):
        cipher.open(other[:start] + content[start:])


def test_a_key_is_renewed_by_a_line_before_it_and_destroyed_by_its_own_removal(tmp_path: Path) -> None:
    old, new = secrets.token_bytes(32), secrets.token_bytes(32)
    content = written(FrameCipher.load(key_file(tmp_path / "a", old)))
    both = FrameCipher.load(key_file(tmp_path / "b", new, old))
    assert both.open(content) == b"".join(PIECES)
    assert both.begin().head.startswith(FRAMED + name_of(new).encode())
    with pytest.raises(Locked, match=f"sealed with key {name_of(old)}, which is not among those"):
        FrameCipher.load(key_file(tmp_path / "c", new)).open(content)


def test_a_wrapped_key_that_was_changed_is_named(cipher: FrameCipher) -> None:
    content = written(cipher)
    place = content.index(b"\n") - 3
    wrong = content[:place] + (b"A" if content[place : place + 1] != b"A" else b"B") + content[place + 1 :]
    with pytest.raises(ValueError, match=r"its own key, wrapped by key \w{16}, was changed"):
        cipher.open(wrong)
    with pytest.raises(ValueError, match="do not begin with the name of a key"):
        cipher.open(b"\xff\xff\xff\xff")


@pytest.mark.parametrize("lines", ["", "short", base64.b64encode(bytes(31)).decode(), "no base64!"])
def test_a_file_without_proper_keys_says_how_to_make_one(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "keys"
    path.write_text(lines)
    path.chmod(0o600)
    with pytest.raises(ValueError, match="head -c 32 /dev/urandom"):
        FrameCipher.load(path)


def test_keys_that_others_may_read_are_not_taken(tmp_path: Path) -> None:
    path = key_file(tmp_path / "keys", secrets.token_bytes(32))
    path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        FrameCipher.load(path)
