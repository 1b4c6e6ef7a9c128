"""Vectors: Certificate Transparency's reference tree of eight leaves."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.rules.merkle import Tree, leaf_hash, node_hash, root, verify_consistency, verify_inclusion

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]
ROOTS = [
    EMPTY,
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
G = "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
H = "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"


def reference() -> Tree:
    tree = Tree()
    tree.extend(LEAVES)
    return tree


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]
    assert reference().root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("seq", "size", "path"),
    [
        (0, 1, []),
        (0, 2, [A]),
        (1, 2, [ROOTS[1]]),
        (2, 3, [ROOTS[2]]),
        (1, 5, [ROOTS[1], B, D]),
        (0, 8, [A, B, C]),
        (5, 8, [D, E, ROOTS[4]]),
    ],
)
def test_audit_paths_are_those_of_the_reference_tree(seq: int, size: int, path: list[str]) -> None:
    steps = reference().inclusion(seq, size)
    assert [step.hex() for step in steps] == path
    assert verify_inclusion(LEAVES[seq], seq, size, steps, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (1, 8, [A, B, C]),
        (2, 5, [B, D]),
        (3, 8, [G, H, ROOTS[2], C]),
        (6, 8, [F, E, ROOTS[4]]),
        (4, 8, [C]),
    ],
)
def test_consistency_proofs_are_those_of_the_reference_tree(old: int, new: int, proof: list[str]) -> None:
    steps = reference().consistency(old, new)
    assert [step.hex() for step in steps] == proof
    assert verify_consistency(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), steps)


def test_every_tree_extends_the_empty_one_and_only_the_real_empty_one() -> None:
    empty, full = bytes.fromhex(EMPTY), bytes.fromhex(ROOTS[8])
    assert verify_consistency(0, empty, 8, full, ())
    assert not verify_consistency(0, full, 8, full, ())
    assert not verify_consistency(0, empty, 8, full, (full,))
    assert not verify_consistency(8, full, 8, empty, ())


def definition(leaves: list[bytes]) -> bytes:
    """MTH as RFC 6962 defines it, by recursion, to compare with."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(definition(leaves[:k]), definition(leaves[k:]))


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


NUMBERED = numbered(300)


@given(st.lists(st.integers(0, 60), max_size=6))
def test_growing_in_any_steps_gives_the_tree_of_the_definition(steps: list[int]) -> None:
    tree, start = Tree(), 0
    for step in steps:
        tree.extend(NUMBERED[start : start + step])
        start = min(start + step, 300)
    assert tree.size == start
    assert tree.root() == definition(NUMBERED[:start])
    again = Tree.load(tree.size, tree.dump())
    again.append(NUMBERED[0])
    tree.append(NUMBERED[0])
    assert again.root() == tree.root()


TALL = Tree()
TALL.extend(NUMBERED)
PROOFS = st.integers(1, 300).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


@given(PROOFS)
def test_random_proofs_verify(place: tuple[int, int]) -> None:
    seq, size = place
    assert TALL.root(size) == definition(NUMBERED[:size])
    assert verify_inclusion(NUMBERED[seq], seq, size, TALL.inclusion(seq, size), TALL.root(size))
    assert verify_consistency(seq, TALL.root(seq), size, TALL.root(size), TALL.consistency(seq, size))


def forge(proof: tuple[bytes, ...], data: st.DataObject) -> tuple[bytes, ...]:
    """Change a proof in one of the ways that a forger might try; never returns the proof itself."""
    forged = list(proof)
    match data.draw(st.sampled_from(["flip", "drop", "add", "swap", "short"] if proof else ["add"])):
        case "flip":
            at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
            forged[at] = (int.from_bytes(forged[at], "big") ^ (1 << bit)).to_bytes(32, "big")
        case "drop":
            del forged[data.draw(st.integers(0, len(proof) - 1))]
        case "add":
            forged.insert(data.draw(st.integers(0, len(proof))), data.draw(st.binary(min_size=32, max_size=32)))
        case "swap":
            forged = [*forged[1:], forged[0]] if len(proof) > 1 else []
        case "short":
            forged[0] = forged[0][:-1]
    return tuple(forged)


@settings(max_examples=200)
@given(PROOFS, st.data())
def test_forged_proofs_are_refused(place: tuple[int, int], data: st.DataObject) -> None:
    seq, size = place
    path, top = TALL.inclusion(seq, size), TALL.root(size)
    assert not verify_inclusion(NUMBERED[seq], seq, size, forge(path, data), top)
    assert not verify_inclusion(leaf_hash(b"another"), seq, size, path, top)
    assert not verify_inclusion(NUMBERED[seq], seq, size, path, leaf_hash(b"another"))
    proof, old_top = TALL.consistency(seq, size), TALL.root(seq)
    assert not verify_consistency(seq, old_top, size, top, forge(proof, data))
    assert not verify_consistency(seq, leaf_hash(b"another"), size, top, proof)
    if seq:
        assert not verify_consistency(seq, old_top, size, leaf_hash(b"another"), proof)


@given(PROOFS, st.integers(0, 299))
def test_a_path_proves_no_other_place(place: tuple[int, int], other: int) -> None:
    seq, size = place
    proven = verify_inclusion(NUMBERED[seq], other, size, TALL.inclusion(seq, size), TALL.root(size))
    assert proven == (other == seq)


def test_places_outside_the_tree_are_refused_and_never_proven() -> None:
    tree = reference()
    for ask in (lambda: tree.inclusion(8, 8), lambda: tree.inclusion(0, 9), lambda: tree.consistency(5, 4)):
        with pytest.raises(ValueError, match="this ledger has 8"):
            ask()
    with pytest.raises(ValueError, match="no tree of 9"):
        tree.root(9)
    with pytest.raises(IndexError, match="none at 8"):
        tree.leaf(8)
    assert not verify_inclusion(LEAVES[0], -1, 8, tree.inclusion(0, 8), tree.root())
    assert not verify_inclusion(LEAVES[0], 0, 0, (), tree.root())
    assert not verify_consistency(9, tree.root(), 8, tree.root(), ())
    with pytest.raises(ValueError, match="has 480 bytes of hashes, not 481"):
        Tree.load(8, tree.dump() + b"x")
