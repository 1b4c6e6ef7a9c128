"""Orders: accept only what the orders key signed, for this group, newer than anything seen, and not yet over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from muster.records.access.alert import Suspicious
from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.release import Orders
from muster.records.trust import Duty, PublicKey, TrustRoot
from muster.rules.envelope import Sign, Verify, envelope_text, open_envelope, read_envelope, seal
from muster.rules.merkle import verify_consistency
from muster.rules.note import Checkpoint, open_checkpoint
from muster.rules.witness.cosignature import require_witnessed

ORDERS_TYPE = "application/vnd.muster.orders+json"

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

SKEW = timedelta(minutes=5)
"""How far the control plane's clock may be ahead."""


@dataclass(frozen=True, slots=True)
class SeenOrders:
    """What a gateway has seen and never goes behind; kept on its own disk."""

    number: int = 0
    at: datetime = BEGINNING
    """The latest moment it knows of, by its own clock or by orders."""
    ledger_size: int = 0
    ledger_root: str = ""
    """Root of that checkpoint, hex."""
    payload: str = ""
    """The orders of that number, as text: the same number with another content is refused."""
    root_version: int = 0
    """Version of the trust root that verified them: an older root may name keys that were withdrawn since."""


def furthest(one: SeenOrders, other: SeenOrders) -> SeenOrders:
    """Return what two processes that follow the same orders have seen together, so that neither goes behind it."""
    ahead = one if (one.number, one.ledger_size) >= (other.number, other.ledger_size) else other
    return replace(ahead, at=max(one.at, other.at), root_version=max(one.root_version, other.root_version))


GROWTH = "growth/{}.json"
"""Name in the outbox of the document that shows how the ledger grew under a group's orders."""


@dataclass(frozen=True, slots=True)
class Growth:
    """That the ledger which orders rest on continues those of earlier orders; it proves itself, so nobody signs it."""

    size: int
    """Entries of the ledger that the newest orders rest on."""
    paths: Mapping[str, tuple[str, ...]]
    """RFC 6962 consistency paths, in hex, from the ledger of earlier orders; by its size, in digits."""


def read_growth(content: bytes) -> Growth:
    """Read the document; raise ValueError if it is none."""
    return decode(Growth, parse(content), "growth")


def sign_orders(orders: Orders, signers: Sequence[tuple[PublicKey, Sign]]) -> str:
    """Return orders as JSON text of their envelope."""
    return envelope_text(seal(ORDERS_TYPE, canonical(encode(orders)), signers))


def accept_orders(
    text: str,
    group: str,
    root: TrustRoot,
    seen: SeenOrders,
    verify: Verify,
    now: datetime,
    growth: Growth | None = None,
) -> tuple[Orders, SeenOrders]:
    """Verify orders against the trust root and against what was seen before.

    What is refused because somebody may be at work is :class:`~muster.records.access.alert.Suspicious`, and names the
    alert.

    Parameters
    ----------
    growth
        How the ledger came from the one seen before to the one that the orders rest on; without it, only orders that
        rest on the very same ledger are accepted, or the first ones.

    Returns
    -------
    tuple[Orders, SeenOrders]
        The orders, and what has been seen now; keep it before acting on the orders.

    Raises
    ------
    PermissionError
        If they are forged, of another group, older than those seen, expired, or of a ledger that was rolled back.
    """
    if root.version < seen.root_version:
        msg = f"trust root version {root.version} is older than version {seen.root_version}, which was seen: refused"
        raise Suspicious(msg, "root-rolled-back")
    payload, orders = open_orders(text, root, verify)
    checkpoint = _open_checkpoint(orders, root, verify)
    _require_current(orders, group, root, seen, payload)
    _require_time(orders, seen, now)
    if seen.ledger_size and not _continues(checkpoint, seen, growth):
        msg = (
            f"orders {orders.number} rest on a ledger of {checkpoint.size} entries that is not shown to continue the "
            f"one of {seen.ledger_size} that was seen: it was rolled back or forked. Compare it with a copy that "
            "`muster ledger verify` accepts; `muster orders issue` shows the growth of a true one again"
        )
        raise Suspicious(msg, "ledger-rolled-back")
    newest = max(seen.at, orders.issued_at, now)
    return orders, SeenOrders(orders.number, newest, checkpoint.size, checkpoint.root.hex(), payload, root.version)


def open_orders(text: str, root: TrustRoot, verify: Verify) -> tuple[str, Orders]:
    """Return the payload and the orders in it, signed by an orders key of this root; raise Suspicious otherwise."""
    try:
        payload = open_envelope(read_envelope(text), ORDERS_TYPE, root.keys(Duty.ORDERS), verify)
        return payload.decode(), decode(Orders, parse(payload), "orders")
    except ValueError as error:
        msg = f"the orders cannot be read, so none are followed: {error}"
        raise Suspicious(msg, "orders-unreadable") from error
    except PermissionError as error:
        msg = f"the orders are not signed by an orders key of trust root version {root.version}: {error}"
        raise Suspicious(msg, "orders-forged") from error


def _open_checkpoint(orders: Orders, root: TrustRoot, verify: Verify) -> Checkpoint:
    try:
        checkpoint = open_checkpoint(orders.checkpoint, root.origin, root.keys(Duty.LEDGER), verify)
    except ValueError as error:
        msg = f"the orders cannot be read, so none are followed: {error}"
        raise Suspicious(msg, "orders-unreadable") from error
    except PermissionError as error:
        msg = f"orders {orders.number} rest on a ledger that is not this house's: {error}"
        raise Suspicious(msg, "ledger-forged") from error
    try:
        require_witnessed(orders.checkpoint, root, verify)
    except PermissionError as error:
        msg = f"orders {orders.number}: {error}"
        raise Suspicious(msg, "checkpoint-not-witnessed") from error
    return checkpoint


def _require_current(orders: Orders, group: str, root: TrustRoot, seen: SeenOrders, payload: str) -> None:
    if orders.group != group:
        msg = f"these orders are for gateway group {orders.group!r}, this gateway is of {group!r}"
        raise Suspicious(msg, "orders-of-another-group")
    if orders.number < seen.number:
        msg = f"orders {orders.number} are older than orders {seen.number}, which were seen: replayed, refused"
        raise Suspicious(msg, "orders-replayed")
    if orders.number == seen.number and seen.payload and payload != seen.payload:
        msg = f"two different orders carry the number {orders.number}: one of them is not honest. Refused"
        raise Suspicious(msg, "orders-forked")
    if restored := set(_seen_revoked(seen)) - set(orders.revoked):
        msg = f"orders {orders.number} no longer withdraw release {min(restored)}: a revocation is for good. Refused"
        raise Suspicious(msg, "revocation-undone")
    if orders.root_version > root.version:
        msg = f"orders {orders.number} need trust root version {orders.root_version}, this gateway has {root.version}"
        raise Suspicious(msg, "root-withheld")


def _continues(checkpoint: Checkpoint, seen: SeenOrders, growth: Growth | None) -> bool:
    """Tell whether the ledger of the orders is the one seen before, or is proven to have grown from it."""
    steps: tuple[str, ...] | None = ()
    if checkpoint.size != seen.ledger_size:
        steps = growth.paths.get(str(seen.ledger_size)) if growth and growth.size == checkpoint.size else None
    if steps is None:
        return False
    try:
        path, before = [bytes.fromhex(step) for step in steps], bytes.fromhex(seen.ledger_root)
    except ValueError:
        return False
    return verify_consistency(seen.ledger_size, before, checkpoint.size, checkpoint.root, path)


def _seen_revoked(seen: SeenOrders) -> tuple[str, ...]:
    return decode(Orders, parse(seen.payload.encode()), "orders seen").revoked if seen.payload else ()


def _require_time(orders: Orders, seen: SeenOrders, now: datetime) -> None:
    if now >= orders.expires_at or seen.at >= orders.expires_at:
        msg = (
            f"orders {orders.number} expired at {orders.expires_at:%Y-%m-%d %H:%M:%S} UTC and no newer ones came: "
            "is the control plane running? `muster orders issue` writes new ones"
        )
        raise Suspicious(msg, "orders-expired")
    if orders.issued_at - max(now, seen.at) > SKEW:
        issued = f"{orders.issued_at:%Y-%m-%d %H:%M:%S}"
        msg = f"orders {orders.number} were issued at {issued} UTC, in the future: check both machines' clocks"
        raise Suspicious(msg, "orders-from-the-future")
