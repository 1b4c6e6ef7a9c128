"""Admission: from the outbox to a table of what may be served; the rules prove each step from the pinned root on.

Nothing here is believed because of where it lies: the outbox may be anybody's. What cannot be proven is not served,
with the reason for the operator. What was admitted before stands until its own deadline, so that a control plane that
is down, or an outbox that was defaced, does not stop the traffic before the orders say so.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.gateway.admission.deadline import Deadline
from muster.gateway.admission.loading import Loader
from muster.gateway.admission.seen import SeenFile
from muster.gateway.admission.table import Place, Table
from muster.ports.blobs import Blobs
from muster.ports.clock import Clock
from muster.ports.keys import Verify
from muster.records.release import Deployment, Orders
from muster.records.trust import TrustRoot
from muster.rules.admission import admit
from muster.rules.orders import GROWTH, Growth, SeenOrders, accept_orders, read_growth
from muster.rules.trust import follow_root

KEEP_EVERY = timedelta(minutes=1)
"""How often the time seen is written down while orders stay the same."""

ROOTS_BYTES = 16 * 2**20
"""Of all trust-root documents together, an empty one counting a KiB; they are read again at every look."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclass(frozen=True, slots=True)
class Trust:
    """What this gateway goes by."""

    pinned: str
    """Fingerprint of the trust root, given by another way than the outbox."""
    group: str
    verify: Verify
    clock: Clock
    ticks: Callable[[], float] = time.monotonic
    environment: str = "production"
    """The one environment whose releases are served here: no orders can bring in what another one allowed."""


class Admissions:
    """Follows the outbox; each :meth:`refresh` gives the table of the moment.

    Parameters
    ----------
    trust
        The pinned root, the group, and how to verify.
    outbox
        Where trust roots, orders, packages and artifacts lie.
    loader
        Makes what was admitted ready to serve.
    seen
        What was seen before.
    keep
        Whether to write down what is seen; False only to look.
    """

    def __init__(self, trust: Trust, outbox: Blobs, loader: Loader, seen: SeenFile, *, keep: bool = True) -> None:
        self._trust = trust
        self._outbox = outbox
        self._loader = loader
        self._file = seen
        self._keep = keep
        self._seen = self._kept = seen.read()
        self._anchor: tuple[datetime, float] | None = None
        self._packages: dict[str, bytes] = {}
        self._table = Table()

    def refresh(self) -> Table:
        """Read the outbox and return what may be served; never raises, says in ``steps`` what went wrong."""
        now = self._now()
        steps: list[str] = []
        try:
            root = self._root(now, steps)
            orders = self._orders(root, now, steps)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what came, what stood stands until its deadline
            problem = f"REFUSED: {said(error)}"
            kept = "what was admitted before stands until its deadline" if self._table.places else "nothing is served"
            self._table = replace(self._table, steps=(*steps, problem, kept))
            return self._table
        twice = {name for name, count in Counter(d.name for d in orders.deployments).items() if count > 1}
        places = {}
        for deployment in orders.deployments:
            places[deployment.name] = self._place(deployment, root, orders, now, twice=deployment.name in twice)
        self._loader.forget(place.served for place in places.values())
        self._packages = {
            d.package: self._packages[d.package] for d in orders.deployments if d.package in self._packages
        }
        self._table = Table(places, tuple(steps))
        return self._table

    def _now(self) -> datetime:
        """Return the moment: never before what was seen, nor running slower than the monotonic clock."""
        moments = [self._trust.clock(), self._seen.at]
        if self._anchor:
            at, ticks = self._anchor
            moments.append(at + timedelta(seconds=self._trust.ticks() - ticks))
        return max(moments)

    def _root(self, now: datetime, steps: list[str]) -> TrustRoot:
        documents: list[str] = []
        taken = 0
        while True:
            try:
                documents.append(self._outbox.published(f"trust-root/{len(documents) + 1}.json").decode())
            except KeyError:
                break
            taken += max(len(documents[-1]), 1024)
            if taken > ROOTS_BYTES:
                msg = f"the trust-root documents take more than {ROOTS_BYTES} bytes: somebody fills up the outbox"
                raise PermissionError(msg)
        root = follow_root(self._trust.pinned, documents, self._trust.verify, now)
        steps.append(
            f"trust root version {root.version} of ledger {root.origin}: follows from the pinned fingerprint "
            f"{self._trust.pinned}, good until {_day(root.expires_at)}"
        )
        return root

    def _orders(self, root: TrustRoot, now: datetime, steps: list[str]) -> Orders:
        try:
            text = self._outbox.published(f"orders/{self._trust.group}.json").decode()
        except KeyError:
            msg = f"no orders for gateway group {self._trust.group!r} are in the outbox: the control plane issues them"
            raise LookupError(msg) from None
        trust = self._trust
        orders, seen = accept_orders(text, trust.group, root, self._seen, trust.verify, now, self._growth())
        self._remember(seen)
        self._anchor = now, self._trust.ticks()
        steps.append(
            f"orders {orders.number} for group {orders.group}: signed by an orders key, not older than any seen, "
            f"good until {_day(orders.expires_at)}"
        )
        return orders

    def _growth(self) -> Growth | None:
        try:
            return read_growth(self._outbox.published(GROWTH.format(self._trust.group)))
        except (KeyError, ValueError):
            return None  # then only orders on the ledger that was seen before can be accepted

    def _remember(self, seen: SeenOrders) -> None:
        """Write down what was seen before anything is done with it; time alone not at every look."""
        same = replace(seen, at=self._kept.at) == self._kept
        if self._keep and not (same and seen.at - self._kept.at < KEEP_EVERY):
            self._file.keep(seen)
            self._kept = seen
        self._seen = seen

    def _place(self, deployment: Deployment, root: TrustRoot, orders: Orders, now: datetime, *, twice: bool) -> Place:
        name, steps = deployment.name, [f"orders name version {deployment.version}"]
        try:
            _require_servable(deployment, self._trust.environment, twice=twice)
            content = self._package(deployment.package)
            admission = admit(content, deployment, root, self._trust.verify, now, orders.revoked)
            reasons = admission.decision.reasons
            waived = sum(reason.finding.value == "waived" for reason in reasons)
            steps.append(f"release package {deployment.package}: signatures and ledger proofs hold")
            steps.append(f"gate, asked again here: allow; {len(reasons)} demands, {waived} of them waived")
            served = self._loader.load(admission, content, root)
            steps.append(f"artifact {deployment.served}: the bytes hashed are the bytes loaded; guards are open")
        except Exception as error:  # noqa: BLE001 - one deployment that cannot be proven must not take the others along
            return Place(name, tuple(steps), said(error))
        until = min(admission.until, orders.expires_at, root.expires_at)
        steps.append(f"serves until {_day(until)}")
        return Place(name, tuple(steps), "", served, Deadline.of(until, now, self._trust.ticks))

    def _package(self, digest: str) -> bytes:
        if digest not in self._packages:
            self._packages[digest] = self._outbox.get(digest)
        return self._packages[digest]


def said(error: Exception) -> str:
    """Return an error's own words; a KeyError would put quotes around them."""
    words = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return words or type(error).__name__


def _require_servable(deployment: Deployment, environment: str, *, twice: bool) -> None:
    """Refuse orders that this gateway would have to carry out otherwise than they say."""
    problem = ""
    if not _NAME.fullmatch(deployment.name):
        problem = "a deployment's name is 1 to 128 letters, digits, '.', '_' or '-', and begins with a letter or digit"
    elif deployment.environment != environment:
        problem = f"released for {deployment.environment}, but this gateway serves {environment} (--environment)"
    elif deployment.scope != "serve":
        problem = f"scope {deployment.scope!r}: this gateway answers callers, it cannot run a version in the shadow"
    elif twice or deployment.share != 1.0:
        problem = "the traffic is split: this gateway serves one version a deployment, all of its traffic"
    if problem:
        raise PermissionError(problem)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
