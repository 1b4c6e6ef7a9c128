"""The Merkle tree of RFC 6962 over SHA-256: roots, and proofs that nobody can make for what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

WIDTH = 32
"""Bytes in a hash."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf (RFC 6962, section 2.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into their parent; the prefix tells it from a leaf."""
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root of a tree of these leaf hashes."""
    tree = Tree()
    tree.extend(leaves)
    return tree.root()


class Tree:
    """A growing tree that keeps the hash of every complete subtree, 64 bytes a leaf, so that proofs are look-ups.

    ``_levels[k]`` holds, one after the other, the hashes of the complete subtrees of 2**k leaves.
    """

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels = [bytearray()]

    @property
    def size(self) -> int:
        """Number of leaves."""
        return len(self._levels[0]) // WIDTH

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes: one more hash a leaf on average."""
        self._levels[0] += b"".join(leaves)
        for level, below in enumerate(self._levels, 1):
            if level == len(self._levels):
                if len(below) < 2 * WIDTH:
                    break
                self._levels.append(bytearray())
            parents = _parents(below, len(self._levels[level]) * 2)
            if not parents:
                break
            self._levels[level] += parents

    def truncate(self, size: int) -> None:
        """Go back to the first ``size`` leaves."""
        for height, level in enumerate(self._levels):
            del level[(size >> height) * WIDTH :]

    def leaf(self, seq: int) -> bytes:
        """Return the leaf hash at a place; raise IndexError if there is none."""
        if not 0 <= seq < self.size:
            msg = f"the tree has {self.size} leaves, none at {seq}"
            raise IndexError(msg)
        return self._node(0, seq)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves (default: all)."""
        size = self.size if size is None else size
        self._require(0 <= size <= self.size, f"no tree of {size} entries")
        return self._span(0, size) if size else sha256().digest()

    def inclusion(self, seq: int, size: int) -> tuple[bytes, ...]:
        """Return the audit path of a leaf in the tree of ``size`` (RFC 6962, section 2.1.1), lowest sibling first."""
        self._require(0 <= seq < size <= self.size, f"no entry {seq} in a tree of {size} entries")
        path, low, high = [], 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if seq < middle:
                path.append(self._span(middle, high))
                high = middle
            else:
                path.append(self._span(low, middle))
                low = middle
        return tuple(reversed(path))

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the proof that the tree of ``new`` leaves extends that of ``old`` (RFC 6962, section 2.1.2)."""
        self._require(0 <= old <= new <= self.size, f"no proof from {old} to {new} entries")
        if old in (0, new):
            return ()
        proof, low, high = [], 0, new
        while high != old:
            middle = low + _split(high - low)
            if old <= middle:
                proof.append(self._span(middle, high))
                high = middle
            else:
                proof.append(self._span(low, middle))
                low = middle
        if low:
            proof.append(self._span(low, high))
        return tuple(reversed(proof))

    def dump(self) -> bytes:
        """Return all hashes, from which :meth:`load` makes the same tree without hashing."""
        return b"".join(self._levels)

    @classmethod
    def load(cls, size: int, hashes: bytes) -> Tree:
        """Make the tree of ``size`` leaves that :meth:`dump` gave; raise ValueError where the length is another."""
        tree, place = cls(), 0
        tree._levels = []
        while size >> len(tree._levels) or not tree._levels:
            length = (size >> len(tree._levels)) * WIDTH
            tree._levels.append(bytearray(hashes[place : place + length]))
            place += length
        if place != len(hashes):
            msg = f"a tree of {size} entries has {place} bytes of hashes, not {len(hashes)}"
            raise ValueError(msg)
        return tree

    def _require(self, holds: bool, asked: str) -> None:  # noqa: FBT001 - a claim, as of assert
        if not holds:
            msg = f"{asked}: this ledger has {self.size}"
            raise ValueError(msg)

    def _node(self, level: int, place: int) -> bytes:
        return bytes(self._levels[level][place * WIDTH : (place + 1) * WIDTH])

    def _span(self, low: int, high: int) -> bytes:
        """Return the subtree hash of leaves low to high, where low starts a subtree at least as large as the span."""
        top = None
        while high > low:  # from the right: each lowest set bit of the length is one complete subtree
            level = ((high - low) & (low - high)).bit_length() - 1
            high -= 1 << level
            node = self._node(level, high >> level)
            top = node if top is None else node_hash(node, top)
        return top or b""


def verify_inclusion(leaf: bytes, seq: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Tell whether the path proves a leaf hash at a place of the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= seq < size or not _hashes((leaf, root, *path)):
        return False
    inner, border = _turns(seq, size)
    if len(path) != inner + border:
        return False
    node = leaf
    for level, sibling in enumerate(path):
        left = level >= inner or seq >> level & 1
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
    return node == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the proof shows that the new tree extends the old one (RFC 9162, section 2.1.4.2).

    Every tree extends the empty one, whose root is the hash of nothing.
    """
    if not 0 <= old <= new or not _hashes((old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == sha256().digest()
    return _rebuilt(old, new, [old_root, *proof] if old & (old - 1) == 0 else proof) == (old_root, new_root)


def _rebuilt(old: int, new: int, steps: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Return the two roots that a consistency proof comes to, or None where it is too long or too short.

    The steps begin with the largest complete subtree at the right end of the old tree, of 2**height leaves.
    """
    height = (old & -old).bit_length() - 1
    inner, border = _turns(old - 1, new)
    if len(steps) != 1 + inner - height + border:
        return None
    one = two = steps[0]
    for level, step in enumerate(steps[1:], height):
        if level >= inner or (old - 1) >> level & 1:
            one, two = node_hash(step, one), node_hash(step, two)
        else:
            two = node_hash(two, step)
    return one, two


def _turns(seq: int, size: int) -> tuple[int, int]:
    """Return the length of the two parts of the way from a leaf to the root.

    In the first part siblings stand on either side, as the bits of ``seq`` say; from where the way meets that of the
    tree's last leaf, they all stand on the left.
    """
    inner = (seq ^ (size - 1)).bit_length()
    return inner, (seq >> inner).bit_count()


def _hashes(values: Iterable[object]) -> bool:
    return all(isinstance(value, bytes) and len(value) == WIDTH for value in values)


def _split(size: int) -> int:
    """Return the largest power of two smaller than ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _parents(nodes: bytearray, start: int) -> bytes:
    """Hash whole pairs of nodes from byte ``start`` on into their parents."""
    stop = len(nodes) - len(nodes) % (2 * WIDTH)
    return b"".join([sha256(b"\x01" + nodes[at : at + 2 * WIDTH]).digest() for at in range(start, stop, 2 * WIDTH)])
