from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from tests.rules.scene import ORIGIN, ROOT, key

from muster.adapters.keys import KeyFile
from muster.adapters.signatures import verify
from muster.records.trust import Duty, KeyGrant, TrustRoot
from muster.rules.note import Checkpoint, open_checkpoint, sign_checkpoint, signatures_of
from muster.rules.witness.cosignature import cosign, cosigned_by, joined, require_witnessed

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PENS = [KeyFile(ed25519.Ed25519PrivateKey.generate()) for _ in range(3)]
GRANTS = [KeyGrant(Duty.WITNESS, pen.key, name=f"witness.example/w{n}") for n, pen in enumerate(PENS)]
LEDGER = key(Duty.LEDGER.value)
POINT = Checkpoint(ORIGIN, 7, b"r" * 32)
NOTE = sign_checkpoint(POINT, LEDGER.key, LEDGER.sign)


def line(number: int, text: str = POINT.text, name: str = "") -> str:
    return cosign(text, name or GRANTS[number].name, PENS[number].key, PENS[number].sign, AT)


def root(needed: int, *grants: KeyGrant) -> TrustRoot:
    return replace(ROOT, grants=(*ROOT.grants, *grants), witnesses_needed=needed)


def test_a_cosignature_says_who_saw_it_and_when_and_leaves_the_note_a_note() -> None:
    note = NOTE + line(0)
    assert cosigned_by(note, GRANTS, verify) == {PENS[0].key.id: AT}
    assert open_checkpoint(note, ORIGIN, [LEDGER.key], verify) == POINT
    (_, blob) = signatures_of(note)[1][1]
    assert len(blob) == 4 + 8 + 64


def test_what_is_signed_is_what_the_specification_says() -> None:
    blob = signatures_of(NOTE + line(0))[1][1][1]
    message = f"cosignature/v1\ntime {int(AT.timestamp())}\n{POINT.text}".encode()
    assert int.from_bytes(blob[4:12], "big") == int(AT.timestamp())
    assert verify(PENS[0].key, message, blob[12:])


@pytest.mark.parametrize(
    "wrong",
    [
        line(0, Checkpoint(ORIGIN, 8, b"r" * 32).text),
        line(0, name="witness.example/other"),
        line(0)[:-9] + "AAAAAAA=\n",
    ],
)
def test_what_does_not_hold_is_not_counted(wrong: str) -> None:
    try:
        assert cosigned_by(NOTE + wrong, GRANTS, verify) == {}
    except ValueError:
        assert wrong.endswith("AAAAAAA=\n")  # no signature line at all


def test_of_what_witnesses_answer_only_what_holds_is_kept_once() -> None:
    strange = line(2)
    answer = "nonsense\n" + line(0, "other\n7\nx\n") + line(0) + line(0) + strange
    note = joined(NOTE, answer, GRANTS[:2], verify)
    assert note == NOTE + line(0)
    assert joined(note, line(0), GRANTS[:2], verify) == note
    assert joined(NOTE, "", GRANTS, verify) == NOTE


def test_the_trust_root_says_how_many_witnesses_must_have_seen_it() -> None:
    two = NOTE + line(0) + line(1)
    assert require_witnessed(two, root(2, *GRANTS), verify) == ("witness.example/w0", "witness.example/w1")
    assert require_witnessed(NOTE, root(0), verify) == ()
    for note, trusted in ((NOTE + line(0), root(2, *GRANTS)), (two, root(1)), (NOTE, root(1, *GRANTS))):
        with pytest.raises(PermissionError, match="must have seen it"):
            require_witnessed(note, trusted, verify)


def test_two_keys_of_one_witness_count_once() -> None:
    same = [GRANTS[0], replace(GRANTS[1], name=GRANTS[0].name)]
    note = NOTE + line(0) + line(1, name=GRANTS[0].name)
    with pytest.raises(PermissionError, match="cosigned by 1"):
        require_witnessed(note, root(2, *same), verify)
