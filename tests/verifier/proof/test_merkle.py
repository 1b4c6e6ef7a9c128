"""The verifier's proofs, against the ledger's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from muster.rules.merkle import Tree, leaf_hash
from muster.verifier.proof.merkle import continues, included


@given(st.integers(1, 40), st.integers(0), st.integers(0, 7))
def test_audit_paths_agree_with_the_ledger(size: int, seq: int, bit: int) -> None:
    seq %= size
    raws = [b"entry %d" % place for place in range(size)]
    tree = Tree()
    tree.extend(map(leaf_hash, raws))
    path = [step.hex() for step in tree.inclusion(seq, size)]

    assert included(raws[seq], seq, size, path, tree.root())
    assert not included(raws[seq] + b"x", seq, size, path, tree.root())
    assert not included(raws[seq], seq + size, size, path, tree.root())
    assert not included(raws[seq], seq, size, [*path, "00" * 32], tree.root())
    for place in range(len(path)):
        step = bytearray(bytes.fromhex(path[place]))
        step[0] ^= 1 << bit
        assert not included(raws[seq], seq, size, [*path[:place], step.hex(), *path[place + 1 :]], tree.root())


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 7))
def test_consistency_proofs_agree_with_the_ledger(old: int, new: int, bit: int) -> None:
    old, new = sorted((old, new))
    tree = Tree()
    tree.extend(leaf_hash(b"entry %d" % place) for place in range(new))
    path = [step.hex() for step in tree.consistency(old, new)]
    before, after = (old, tree.root(old)), (new, tree.root(new))

    assert continues(before, after, path)
    assert not continues(before, after, [*path, "00" * 32])
    assert not continues((old, leaf_hash(b"other")), after, path)
    assert not continues(before, (new, leaf_hash(b"other")), path)
    assert old == new or not continues(after, before, path)
    for place in range(len(path)):
        step = bytearray(bytes.fromhex(path[place]))
        step[0] ^= 1 << bit
        assert not continues(before, after, [*path[:place], step.hex(), *path[place + 1 :]])
