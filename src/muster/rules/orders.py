"""Orders: accept only what the orders key signed, for this group, newer than anything seen, and not yet over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from muster.records.canonical import canonical, parse
from muster.records.codec import decode, encode
from muster.records.release import Orders
from muster.records.trust import Duty, PublicKey, TrustRoot
from muster.rules.envelope import Sign, Verify, envelope_text, open_envelope, read_envelope, seal
from muster.rules.note import open_checkpoint

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


def sign_orders(orders: Orders, signers: Sequence[tuple[PublicKey, Sign]]) -> str:
    """Return orders as JSON text of their envelope."""
    return envelope_text(seal(ORDERS_TYPE, canonical(encode(orders)), signers))


def accept_orders(
    text: str, group: str, root: TrustRoot, seen: SeenOrders, verify: Verify, now: datetime
) -> tuple[Orders, SeenOrders]:
    """Verify orders against the trust root and against what was seen before.

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
        raise PermissionError(msg)
    try:
        payload = open_envelope(read_envelope(text), ORDERS_TYPE, root.keys(Duty.ORDERS), verify)
        orders = decode(Orders, parse(payload), "orders")
        checkpoint = open_checkpoint(orders.checkpoint, root.origin, root.keys(Duty.LEDGER), verify)
    except ValueError as error:
        msg = f"the orders cannot be read, so none are followed: {error}"
        raise PermissionError(msg) from error
    _require_current(orders, group, root, seen, payload.decode())
    _require_time(orders, seen, now)
    if checkpoint.size < seen.ledger_size or (
        checkpoint.size == seen.ledger_size and checkpoint.root.hex() != seen.ledger_root
    ):
        msg = (
            f"orders {orders.number} rest on a ledger of {checkpoint.size} entries, but one of {seen.ledger_size} "
            "was seen: the ledger was rolled back or forked. Compare both with `muster ledger verify`"
        )
        raise PermissionError(msg)
    newest = max(seen.at, orders.issued_at, now)
    return orders, SeenOrders(
        orders.number, newest, checkpoint.size, checkpoint.root.hex(), payload.decode(), root.version
    )


def _require_current(orders: Orders, group: str, root: TrustRoot, seen: SeenOrders, payload: str) -> None:
    if orders.group != group:
        msg = f"these orders are for gateway group {orders.group!r}, this gateway is of {group!r}"
        raise PermissionError(msg)
    if orders.number < seen.number:
        msg = f"orders {orders.number} are older than orders {seen.number}, which were seen: replayed, refused"
        raise PermissionError(msg)
    if orders.number == seen.number and payload != seen.payload:
        msg = f"two different orders carry the number {orders.number}: one of them is not honest. Refused"
        raise PermissionError(msg)
    if restored := set(_seen_revoked(seen)) - set(orders.revoked):
        msg = f"orders {orders.number} no longer withdraw release {min(restored)}: a revocation is for good. Refused"
        raise PermissionError(msg)
    if orders.root_version > root.version:
        msg = f"orders {orders.number} need trust root version {orders.root_version}, this gateway has {root.version}"
        raise PermissionError(msg)


def _seen_revoked(seen: SeenOrders) -> tuple[str, ...]:
    return decode(Orders, parse(seen.payload.encode()), "orders seen").revoked if seen.payload else ()


def _require_time(orders: Orders, seen: SeenOrders, now: datetime) -> None:
    if now >= orders.expires_at or seen.at >= orders.expires_at:
        msg = (
            f"orders {orders.number} expired at {orders.expires_at:%Y-%m-%d %H:%M:%S} UTC and no newer ones came: "
            "is the control plane running? `muster orders issue` writes new ones"
        )
        raise PermissionError(msg)
    if orders.issued_at - max(now, seen.at) > SKEW:
        issued = f"{orders.issued_at:%Y-%m-%d %H:%M:%S}"
        msg = f"orders {orders.number} were issued at {issued} UTC, in the future: check both machines' clocks"
        raise PermissionError(msg)
