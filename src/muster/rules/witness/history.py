"""History: checkpoints that were kept elsewhere, held against the ledger of today, by whoever trusts nobody here.

The keeper of a ledger who also holds its key can rewrite all of it, with hashes and checkpoints. What they cannot do is
make the rewritten tree grow out of a checkpoint that somebody else has kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from muster.records.trust import Duty, PublicKey, TrustRoot
from muster.rules.envelope import Verify
from muster.rules.merkle import verify_consistency
from muster.rules.note import Checkpoint, open_checkpoint
from muster.rules.trust import step_root

MOST = 10_000
"""Checkpoints of one file that are held against a ledger."""


@dataclass(frozen=True, slots=True)
class Roots:
    """A chain of trust roots that was followed from its pinned fingerprint."""

    current: TrustRoot
    ledger_keys: tuple[PublicKey, ...]
    """Of all versions: keys come and go, and what they signed in their time stays."""


def followed(pinned: str, documents: Sequence[str], verify: Verify) -> Roots:
    """Follow a chain of trust-root documents; an expired root tells still who signed what in its time.

    Raises
    ------
    PermissionError
        If a link does not hold, or there is none.
    """
    root: TrustRoot | None = None
    keys: dict[str, PublicKey] = {}
    for text in documents:
        try:
            root = step_root(root, text, pinned, verify)
        except ValueError as error:
            msg = f"a trust-root document cannot be read: {error}"
            raise PermissionError(msg) from error
        keys |= {key.id: key for key in root.keys(Duty.LEDGER)}
    if root is None:
        msg = "there is no trust-root document: nothing can be trusted. Get one with `muster trust show`"
        raise PermissionError(msg)
    return Roots(root, tuple(keys.values()))


def notes_in(text: str) -> tuple[str, ...]:
    """Return the checkpoints in a file that holds one, or many with empty lines between them; raise ValueError."""
    notes: list[str] = []
    lines: list[str] = []
    signed = False
    for line in [*text.strip("\n").split("\n"), ""]:
        if signed and not line.startswith("\u2014 "):
            notes.append("\n".join(lines) + "\n")
            lines, signed = [], False
        signed = signed or line.startswith("\u2014 ")
        if line or lines:
            lines.append(line)
    if any(lines) or not notes or len(notes) > MOST:
        msg = f"the file holds no checkpoints, or something else beside them, or more than {MOST}"
        raise ValueError(msg)
    return tuple(notes)


def hold_against(
    kept: Iterable[str],
    newest: str,
    roots: Roots,
    verify: Verify,
    consistency: Callable[[int], Sequence[bytes]],
) -> tuple[str, ...]:
    """Hold kept checkpoints against the newest one of a ledger; return a line for each that it continues.

    Parameters
    ----------
    kept
        Signed notes, such as from an anchor.
    newest
        The checkpoint of the ledger as it is now.
    consistency
        Gives the RFC 6962 proof from a tree of that size to the newest; nothing in it is believed.

    Raises
    ------
    PermissionError
        If the ledger does not continue one of them, saying what was done to it.
    ValueError
        If something cannot be read.
    """
    origin = roots.current.origin
    now = open_checkpoint(newest, origin, roots.ledger_keys, verify)
    points = [open_checkpoint(note, origin, roots.ledger_keys, verify) for note in kept]
    _require_one_history(points)
    lines = []
    for point in sorted(set(points), key=lambda point: point.size):
        _require_continued(point, now, consistency)
        lines.append(f"{point.size} entries, root {point.root.hex()[:16]}: today's {now.size} entries continue them")
    return tuple(lines)


def _require_one_history(points: Iterable[Checkpoint]) -> None:
    seen: dict[int, bytes] = {}
    for point in points:
        if seen.setdefault(point.size, point.root) != point.root:
            msg = (
                f"forked: two checkpoints of {point.size} entries were kept, signed by the ledger's key, with other "
                "roots. Somebody was shown another ledger than others; whoever holds that key has lied to one of them"
            )
            raise PermissionError(msg)


def _require_continued(point: Checkpoint, now: Checkpoint, consistency: Callable[[int], Sequence[bytes]]) -> None:
    if point.size > now.size:
        msg = (
            f"cut off: the ledger has {now.size} entries, but it had {point.size} when this checkpoint was kept: the "
            f"last {point.size - now.size} are gone, or an old copy was restored. Put the newer database back"
        )
        raise PermissionError(msg)
    proof = consistency(point.size) if point.size < now.size else ()
    if not verify_consistency(point.size, point.root, now.size, now.root, proof):
        msg = (
            f"rewritten: the ledger of today ({now.size} entries) does not begin with the {point.size} entries of "
            "which this checkpoint was kept: some of them were changed, with all hashes and signatures, or it is a "
            "fork. Whoever holds the ledger's key has done this; compare with a copy of the database from before"
        )
        raise PermissionError(msg)
