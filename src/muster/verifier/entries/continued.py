"""What others saw of the ledger before: gateways by their orders, and witnesses. It may only have grown since."""

from __future__ import annotations

from typing import Any

from muster.verifier.entries.dossier import Dossier
from muster.verifier.proof.canonical import need, parse, read
from muster.verifier.proof.checkpoint import checkpoint, cosigners
from muster.verifier.proof.envelope import holders, opened

ORDERS_TYPE = "application/vnd.muster.orders+json"


def orders_of(dossier: Dossier, seq: int) -> Any:
    """Return orders, signed with an orders key of their time, on a ledger that today's continues."""
    root, what = dossier.root_at(seq), f"entries/{seq:08d}.json"
    body = dossier.entries[seq]["body"]
    envelope = parse(body["envelope"].encode())
    said = read(opened(envelope, ORDERS_TYPE, holders(root, "orders"), f"the orders in entry {seq}"))
    named = (said["group"], said["number"]) == (body["group"], body["number"])
    need(named, f"the orders in entry {seq} are for another group, or of another number, than the entry says")
    dossier.check_continued(checkpoint(said["checkpoint"], root, f"the checkpoint of {what}"), what)
    return said


def all_orders(dossier: Dossier) -> list[Any]:
    """Return the orders in their order: the numbers of each group rise, or gateways would have gone back."""
    found = [(seq, orders_of(dossier, seq)) for seq, _ in dossier.of("orders.issued")]
    last: dict[str, int] = {}
    for seq, said in found:
        before = last.get(said["group"], 0)
        need(said["number"] > before, f"the orders in entry {seq} are number {said['number']}, after number {before}")
        last[said["group"]] = said["number"]
    return [said for _, said in found]


def witnessed(dossier: Dossier) -> tuple[int, list[str]]:
    """Return how many entries witnesses have seen, and which witnesses: as many as the trust root asks for."""
    root, note = dossier.roots[-1], dossier.members.get("witnessed.txt", b"").decode()
    size, names = 0, set()
    if note:
        seen = checkpoint(note, root, "witnessed.txt")
        dossier.check_continued(seen, "witnessed.txt")
        size, names = seen[0], cosigners(note, root)
        need(names, "witnessed.txt is cosigned by no witness of the trust root")
    wanted = root.get("witnesses_needed", 0)
    need(len(names) >= wanted, f"{len(names)} of the trust root's witnesses have seen the ledger, {wanted} must")
    return size, sorted(names)
