from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.scene import ORIGIN, ROOT, key

from muster.adapters.signatures import verify
from muster.records.trust import Duty
from muster.rules.merkle import Tree, leaf_hash
from muster.rules.note import Checkpoint, sign_checkpoint
from muster.rules.trust import fingerprint, sign_root
from muster.rules.witness.history import Roots, followed, hold_against, notes_in

LEDGER = key(Duty.LEDGER.value)
ROOTS = Roots(ROOT, (LEDGER.key,))


def tree(*entries: str) -> Tree:
    made = Tree()
    made.extend(leaf_hash(entry.encode()) for entry in entries)
    return made


def note(of: Tree, size: int | None = None) -> str:
    size = of.size if size is None else size
    return sign_checkpoint(Checkpoint(ORIGIN, size, of.root(size)), LEDGER.key, LEDGER.sign)


def held(kept: Sequence[str], now: Tree) -> tuple[str, ...]:
    return hold_against(kept, note(now), ROOTS, verify, lambda old: now.consistency(old, now.size))


@given(st.integers(1, 20), st.data())
def test_a_ledger_that_only_grew_continues_everything_that_was_kept(size: int, data: st.DataObject) -> None:
    grown = tree(*map(str, range(size)))
    kept = data.draw(st.lists(st.integers(1, size), min_size=1, max_size=4))
    assert len(held([note(grown, each) for each in kept], grown)) == len(set(kept))


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_no_proof_makes_a_rewritten_ledger_continue(size: int, more: int, data: st.DataObject) -> None:
    before = tree(*map(str, range(size)))
    changed = list(map(str, range(size + more)))
    changed[data.draw(st.integers(0, size - 1))] = "changed"
    after = tree(*changed)
    proof = data.draw(st.sampled_from([after.consistency(size, size + more), (), (b"x" * 32,)]))
    with pytest.raises(PermissionError, match="rewritten"):
        hold_against([note(before)], note(after), ROOTS, verify, lambda _: proof)


def test_a_tail_that_was_cut_off_is_told_from_a_fork() -> None:
    whole = tree("a", "b", "c")
    with pytest.raises(
        PermissionError, match=r"cut off: the ledger has 2 entries, but it had 3 .* the last 1 are gone"
    ):
        held([note(whole)], tree("a", "b"))
    with pytest.raises(PermissionError, match="rewritten: .* or it is a fork"):
        held([note(whole)], tree("a", "b", "x"))


def test_two_kept_checkpoints_that_contradict_each_other_prove_a_fork() -> None:
    with pytest.raises(PermissionError, match="forked: two checkpoints of 2 entries"):
        held([note(tree("a", "b")), note(tree("a", "x"))], tree("a", "b"))


def test_what_the_ledger_never_signed_is_not_held_against_it() -> None:
    pen = key("ledger-other")
    strange = sign_checkpoint(Checkpoint(ORIGIN, 1, b"r" * 32), pen.key, pen.sign)
    with pytest.raises(PermissionError, match="no trusted key has signed"):
        held([strange], tree("a"))


def test_a_file_may_hold_one_checkpoint_or_many() -> None:
    one, two = note(tree("a")), note(tree("a", "b"))
    for text in (one + two, f"\n{one}\n{two}", f"{one}\n\n\n{two}\n"):
        assert notes_in(text) == (one, two)
    assert notes_in(one) == (one,)
    for odd in ("", "nonsense", one + "more", f"{one}\nmore\n"):
        with pytest.raises(ValueError, match="no checkpoints"):
            notes_in(odd)


def test_the_keys_are_those_of_the_chain_from_the_pinned_fingerprint() -> None:
    document = sign_root(ROOT, [(next(g for g in ROOT.grants if g.duty is Duty.ROOT), key("root").sign)])
    assert followed(fingerprint(ROOT), [document], verify) == ROOTS
    for pinned, documents in (("sha256:0", [document]), (fingerprint(ROOT), []), (fingerprint(ROOT), ["{}"])):
        with pytest.raises(PermissionError):
            followed(pinned, documents, verify)
