"""What trusting nobody costs: to verify a release, orders and a bearer token, beside one bare signature verification.

Us: all that a gateway does before it serves a release (signatures, ledger proofs, the gate asked again) and before it
follows orders, and all that the control plane does to know who asks. Limit: one ECDSA P-256 verification by the
cryptography library, its key loaded beforehand; a release needs two of them, an Ed25519 one and the hashes. Interleaved
in one process; medians of processor time, which other work on the machine does not change much.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.report import close, table
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.rules.scene import FACTS_OF_THE_VERSION, LIBRARY, NOW, POLICY, ROOT, Chain, approval, auc, entry, key, orders

from muster.adapters.signatures import verify
from muster.lifecycle.desk.people import identify
from muster.records.trust import Duty, KeyGrant
from muster.rules.admission import admit
from muster.rules.envelope import read_bundle, read_envelope
from muster.rules.orders import BEGINNING, SeenOrders, accept_orders
from muster.rules.trust import fingerprint, follow_root, sign_root
from muster.settings import read_settings
from muster.wiring.control import Local, close_house, now, open_house
from muster.wiring.founding import create_house

ROUNDS = 200
EVIDENCE = 40
"""Measurements that the release rests on: what a policy of a dozen controls makes, by groups and samples."""
ACTORS = 100
ROOTS = 5


@dataclass(frozen=True)
class Work:
    """One thing to be verified, and how many bytes it is."""

    does: Callable[[], object]
    size: int


def release() -> Work:
    """Admit a release as a gateway does, from bytes to the gate's decision."""
    measured = tuple(entry(auc(name=f"part-{number}")) for number in range(EVIDENCE))
    facts = (*FACTS_OF_THE_VERSION, *measured)
    chain = Chain(entries=[*facts, approval(facts), entry(POLICY, "ann"), entry(LIBRARY, "ann")])
    content, deployment = chain.build()
    return Work(lambda: admit(content, deployment, ROOT, verify, NOW), len(content))


def newest_orders() -> Work:
    """Accept orders as a gateway does that has seen none before."""
    text = orders(7, issued_at=NOW, expires_at=NOW + timedelta(hours=24))
    seen = SeenOrders(0, BEGINNING)
    return Work(lambda: accept_orders(text, "default", ROOT, seen, verify, NOW), len(text))


def roots() -> Work:
    """Follow a chain of trust roots from the pinned fingerprint."""
    from dataclasses import replace

    holder = [(KeyGrant(Duty.ROOT, key("root").key), key("root").sign)]
    chain = [sign_root(replace(ROOT, version=number), holder) for number in range(1, ROOTS + 1)]
    pinned = fingerprint(ROOT)
    return Work(lambda: follow_root(pinned, chain, verify, NOW), sum(map(len, chain)))


def bare() -> Work:
    """Verify one signature with nothing around it."""
    private = ec.generate_private_key(ec.SECP256R1())
    public, algorithm, message = private.public_key(), ec.ECDSA(hashes.SHA256()), bytes(4096)
    signature = private.sign(message, algorithm)
    return Work(lambda: public.verify(signature, message, algorithm), len(message))


def parsing() -> Work:
    """Read the envelope of a release and its orders, without verifying anything."""
    content, _ = Chain().build()
    import json

    bundle, text = json.loads(content)["bundle"], orders(7)
    return Work(lambda: (read_bundle(bundle), read_envelope(text)), len(bundle) + len(text))


def measured(works: dict[str, Work]) -> dict[str, float]:
    """Return the median seconds of processor time of each, taking turns: nothing here waits for anything."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work.does()
    for _ in range(ROUNDS):
        for name, work in works.items():
            begun = time.thread_time()
            work.does()
            taken[name].append(time.thread_time() - begun)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        home = Path(name) / "house"
        made = create_house(home, "bench.example/house", "admin")
        house = open_house(read_settings({"home": home}, {}))
        desk = Local(house, "admin")
        for number in range(ACTORS):
            desk.call("actor add", {"id": f"actor-{number}", "roles": ["operator"]}, lambda _: None)
        at = now()
        works = {
            "verify a release": release(),
            "verify orders": newest_orders(),
            f"follow {ROOTS} trust roots": roots(),
            "authenticate": Work(lambda: identify(house.ledger, made.token, at), len(made.token)),
            "read envelopes only": parsing(),
            "bare P-256 (the limit)": bare(),
        }
        took = measured(works)
        close_house(house)
    limit = took["bare P-256 (the limit)"]
    rows = [[what, took[what] * 1e6, took[what] / limit, works[what].size] for what in works]
    print(table(f"medians of {ROUNDS} rounds", ["what", "microseconds", "over bare", "bytes"], rows))
    close(
        "trust",
        {
            "verify_release_ms": took["verify a release"] * 1e3,
            "verify_orders_ms": took["verify orders"] * 1e3,
            "authenticate_us": took["authenticate"] * 1e6,
            "bare_p256_us": limit * 1e6,
            "release_over_bare": took["verify a release"] / limit,
            "orders_over_bare": took["verify orders"] / limit,
            "authenticate_over_bare": took["authenticate"] / limit,
        },
    )


if __name__ == "__main__":
    main()
