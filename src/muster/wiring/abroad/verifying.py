"""Verifying: orders and ledgers of others, judged on this machine by the rules alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from muster.adapters.blobs import FolderBlobs
from muster.adapters.signatures import verify
from muster.lifecycle.desk.journal import ConsistencyProof
from muster.ports.blobs import Blobs
from muster.records.release import Deployment, GuardOrder, Orders
from muster.records.trust import Duty, TrustRoot
from muster.rules.admission import admit, library_in, open_package
from muster.rules.gate.guarding import agreed, demanded
from muster.rules.note import size_of
from muster.rules.orders import SeenOrders, accept_orders
from muster.rules.trust import follow_root
from muster.rules.witness.cosignature import cosigned_by, require_witnessed
from muster.rules.witness.history import followed, hold_against

LARGEST = 2**30
"""Bytes of a file of the outbox that are read."""

MOST_ROOTS = 10_000
"""Trust-root documents that are followed."""

ATTEMPTS = 5
"""How often a ledger that grows meanwhile is asked for its proofs again."""


def verify_orders(outbox: Path, file: Path | None, pinned: str, group: str, at: datetime) -> Iterator[str]:
    """Yield a line for each step that a gateway proves of orders, it being ``at``; REFUSED where it would stop.

    Raises
    ------
    FileNotFoundError, LookupError
        If there is no outbox, or no orders in it.
    PermissionError
        If trust root or orders do not hold, with the reason.
    """
    blobs = FolderBlobs(outbox, create=False, largest=LARGEST)
    root = follow_root(pinned, _documents(blobs), verify, at)
    yield f"trust root version {root.version} of ledger {root.origin}: follows from {pinned}"
    text = file.read_text(encoding="utf-8") if file else _orders(blobs, group)
    orders, _ = accept_orders(text, group, root, SeenOrders(), verify, at)
    yield f"orders {orders.number} for group {orders.group}: signed by an orders key of this root"
    yield f"  issued {orders.issued_at:%Y-%m-%d %H:%M:%S} UTC, good until {orders.expires_at:%Y-%m-%d %H:%M:%S} UTC"
    names = require_witnessed(orders.checkpoint, root, verify)
    yield f"  their checkpoint of the ledger: signed by its key, cosigned by {', '.join(names) or 'nobody'}"
    guards = {each.name: each.guards for each in orders.guards}
    for deployment in orders.deployments:
        yield from _deployment(blobs, deployment, (root, orders, at), guards.get(deployment.guards, ()))
    yield f"nothing was asked about earlier orders: compare the number {orders.number} with `muster orders show`"


def held_against(
    kept: Sequence[str], pinned: str, documents: Sequence[str], verified: str, proof: Callable[[int], ConsistencyProof]
) -> tuple[str, ...]:
    """Hold kept checkpoints against a ledger; return a line for each that it continues.

    Parameters
    ----------
    verified
        The checkpoint of the ledger that was verified just now.
    proof
        Asks for the proof that the ledger continues one of that size.

    Raises
    ------
    PermissionError
        If the ledger was rewritten, forked or cut off, or something is not signed by whom it should be.
    OSError
        If the ledger grows so fast that no two proofs are about the same.
    """
    roots = followed(pinned, documents, verify)
    newest, proofs = _one_answer({size_of(note) for note in (*kept, verified)}, verified, proof)
    hold_against((verified,), newest, roots, verify, lambda size: proofs[size])
    lines = hold_against(kept, newest, roots, verify, lambda size: proofs[size])
    witnesses = [grant for grant in roots.current.grants if grant.duty is Duty.WITNESS]
    seen = {grant.name for grant in witnesses for note in kept if cosigned_by(note, [grant], verify)}
    return (*lines, f"cosigned by {', '.join(sorted(seen)) or 'no witness of the trust root'}")


def _one_answer(
    sizes: Collection[int], verified: str, proof: Callable[[int], ConsistencyProof]
) -> tuple[str, dict[int, tuple[bytes, ...]]]:
    """Ask until all proofs end in one and the same checkpoint: else each could be about another ledger."""
    asked = [size for size in sizes if size <= size_of(verified)]
    for _ in range(ATTEMPTS):
        found = {size: proof(size) for size in asked}
        (newest, *others) = {each.checkpoint for each in found.values()}
        if not others:
            return newest, {size: tuple(bytes.fromhex(s) for s in each.path) for size, each in found.items()}
    msg = "the ledger kept growing while it was asked: ask again when it is quieter"
    raise OSError(msg)


def _deployment(
    blobs: Blobs,
    deployment: Deployment,
    goes_by: tuple[TrustRoot, Orders, datetime],
    ordered: tuple[GuardOrder, ...],
) -> Iterator[str]:
    root, orders, at = goes_by
    try:
        content = blobs.get(deployment.package)
        admission = admit(content, deployment, root, verify, at, orders.revoked)
        release, entries = open_package(content, root, verify)
        guards = agreed(ordered, demanded(admission.policy, library_in(release, entries), admission.decision))
        blobs.get(deployment.served)
    except (PermissionError, ValueError, KeyError) as error:
        yield f"REFUSED {deployment.name}: {error.args[0] if isinstance(error, KeyError) else error}"
        return
    yield f"{deployment.name}: {len(admission.decision.reasons)} demands met or waived, until {admission.until}"
    yield f"  guards {', '.join(guard.name for guard in guards)}; artifact {deployment.served} is there, unchanged"


def _documents(blobs: Blobs) -> list[str]:
    documents: list[str] = []
    with suppress(KeyError):
        while len(documents) < MOST_ROOTS:
            documents.append(blobs.published(f"trust-root/{len(documents) + 1}.json").decode())
    return documents


def _orders(blobs: Blobs, group: str) -> str:
    try:
        return blobs.published(f"orders/{group}.json").decode()
    except KeyError:
        msg = f"no orders for gateway group {group!r} are in the outbox: `muster deployment set` issues the first"
        raise LookupError(msg) from None
