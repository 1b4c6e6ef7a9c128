"""Vectors: the note and the key pair of Go's golang.org/x/mod/sumdb/note."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Algorithm
from muster.rules.note import Checkpoint, key_hash, open_checkpoint, open_note, sign_checkpoint, sign_note

SECRET = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
PUBLIC = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
NOTE = f"{TEXT}\n{LINE}"
PETER = KeyFile(Ed25519PrivateKey.from_private_bytes(SECRET[1:]))
OTHER = KeyFile(Ed25519PrivateKey.from_private_bytes(bytes(32)))
ORIGIN = "muster.example/ledger"
STATE = Checkpoint(ORIGIN, 7, bytes(range(32)))


def signed(text: str) -> str:
    return sign_note(text, ORIGIN, OTHER.key, OTHER.sign)


def test_the_note_of_go_opens_and_is_made_again_byte_for_byte() -> None:
    assert PETER.key.der[-32:] == PUBLIC[1:]
    assert key_hash("PeterNeumann", PETER.key).hex() == "c74f20a3"
    assert open_note(NOTE, "PeterNeumann", [PETER.key], verify) == TEXT
    assert sign_note(TEXT, "PeterNeumann", PETER.key, PETER.sign) == NOTE


def test_unknown_signatures_are_ignored_and_known_ones_must_be_right() -> None:
    mixed = f"{TEXT}\n{sign_note(TEXT, 'Other', OTHER.key, OTHER.sign).rpartition(chr(10) * 2)[2]}{LINE}"
    assert open_note(mixed, "PeterNeumann", [PETER.key], verify) == TEXT
    assert open_note(mixed, "Other", [OTHER.key, PETER.key], verify) == TEXT
    changed = mixed.replace("answer", "Answer")
    with pytest.raises(PermissionError, match="the note was changed"):
        open_note(changed, "PeterNeumann", [PETER.key], verify)


def test_a_note_is_not_taken_from_another_key_or_name() -> None:
    for name, keys in (("PeterNeumann", [OTHER.key]), ("Peter", [PETER.key]), ("PeterNeumann", [])):
        with pytest.raises(PermissionError, match="no trusted key"):
            open_note(NOTE, name, keys, verify)


@pytest.mark.parametrize(
    "note",
    [
        "",
        TEXT,
        NOTE[:-1],
        TEXT + LINE,
        f"{TEXT}\n",
        NOTE + "\n",
        NOTE.replace("— ", "- "),
        NOTE.replace("PeterNeumann", "Peter+Neumann"),
        NOTE.replace("nAM=", "nAM"),
        NOTE.replace("nAM=", "nAN="),
        NOTE.replace("nAM=", "nA\u00e9="),
        NOTE.replace("know", "k\tnow"),
        f"{TEXT}\n— PeterNeumann AAAA\n",
        f"{TEXT}\n{LINE * 101}",
    ],
)
def test_what_is_not_a_note_is_refused(note: str) -> None:
    with pytest.raises(ValueError, match="not a signed note"):
        open_note(note, "PeterNeumann", [PETER.key], verify)


def test_what_cannot_stand_in_a_note_is_not_signed() -> None:
    for text in ("no newline", "tab\there\n"):
        with pytest.raises(ValueError, match="note"):
            signed(text)
    with pytest.raises(ValueError, match="cannot name a key"):
        sign_note("x\n", "two words", OTHER.key, OTHER.sign)


def test_only_ed25519_signs_notes(tmp_path: Path) -> None:
    key = KeyFile.create(tmp_path / "key.pem", Algorithm.ECDSA_P256)
    with pytest.raises(ValueError, match="signed with Ed25519"):
        sign_note("x\n", ORIGIN, key.key, key.sign)


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    note = sign_checkpoint(STATE, OTHER.key, OTHER.sign)
    assert note.startswith(f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— {ORIGIN} ")
    assert open_checkpoint(note, ORIGIN, [OTHER.key], verify) == STATE


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_comes_back(size: int, root: bytes) -> None:
    state = Checkpoint(ORIGIN, size, root)
    assert open_checkpoint(sign_checkpoint(state, OTHER.key, OTHER.sign), ORIGIN, [OTHER.key], verify) == state


def test_extension_lines_are_allowed_and_ignored() -> None:
    assert open_checkpoint(signed(STATE.text + "more\n"), ORIGIN, [OTHER.key], verify) == STATE


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n7\n", "\n07\n"),
        lambda text: text.replace("\n7\n", "\n-7\n"),
        lambda text: text.replace("\n7\n", "\n\u0667\n"),
        lambda text: text.replace("\n7\n", "\n" + "9" * 20 + "\n"),
        lambda text: text.replace("AAECAw", "AAEC"),
        lambda text: text.replace("Hh8=", "Hh9="),
        lambda text: text + "\n",
        lambda _: ORIGIN + "\n",
        lambda _: ORIGIN + "\n7\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        open_checkpoint(signed(change(STATE.text)), ORIGIN, [OTHER.key], verify)


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    with pytest.raises(PermissionError, match="of the ledger 'elsewhere'"):
        open_checkpoint(signed("elsewhere\n7\nAAAA\n"), ORIGIN, [OTHER.key], verify)
