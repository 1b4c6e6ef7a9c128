"""Contents: what orders name by digest, fetched once from an outbox that may be anybody's."""

from __future__ import annotations

from collections.abc import Collection

from muster.ports.blobs import Blobs
from muster.records.access.alert import Suspicious
from muster.records.canonical import parse
from muster.records.codec import decode
from muster.records.policy import ReasonMap
from muster.records.release import Deployment, Orders


class Contents:
    """Blobs by digest, kept in memory while orders name them.

    Parameters
    ----------
    outbox
        Where they lie; it refuses bytes of another digest than asked for.
    """

    def __init__(self, outbox: Blobs) -> None:
        self._outbox = outbox
        self._blobs: dict[str, bytes] = {}

    def blob(self, digest: str) -> bytes:
        """Return the bytes; raise KeyError if absent, ValueError if they are others."""
        if digest not in self._blobs:
            self._blobs[digest] = self._outbox.get(digest)
        return self._blobs[digest]

    def reasons(self, orders: Orders, deployment: Deployment) -> tuple[bytes, bytes] | None:
        """Return the reason map and the explanation of a deployment, as fetched; None where orders do not name both."""
        maps = [named.digest for named in orders.reasons if named.name == deployment.use_case]
        explanations = [named.digest for named in orders.explanations if named.name == deployment.arm]
        return (self.blob(maps[0]), self.blob(explanations[0])) if maps and explanations else None

    def keep(self, wanted: Collection[str]) -> None:
        """Let go of everything else."""
        self._blobs = {name: content for name, content in self._blobs.items() if name in wanted}

    def fetch(self, orders: Orders, steps: list[str]) -> set[str]:
        """Fetch the reason maps and lists that orders name, and return their digests.

        Whoever exchanges them changes what applicants are told, or what answers are held against.

        Raises
        ------
        Suspicious
            If one is absent, or not what the orders say.
        """
        for named in orders.reasons:
            found = decode(ReasonMap, parse(self._named("reason map", named.name, named.digest)), "reason map")
            if found.use_case != named.name:
                msg = f"the reason map of {named.name} in the orders is that of {found.use_case}"
                raise Suspicious(msg, "reasons-exchanged")
        for named in orders.lists:
            self._named("list", named.name, named.digest)
        for named in orders.explanations:
            self._named("explanation of", named.name, named.digest)
        if orders.reasons or orders.lists:
            words = [f"reasons for {named.name}" for named in orders.reasons] + [n.name for n in orders.lists]
            steps.append(f"by digest: {', '.join(words)}")
        return {named.digest for named in (*orders.reasons, *orders.lists, *orders.explanations)}

    def _named(self, what: str, name: str, digest: str) -> bytes:
        try:
            return self.blob(digest)
        except (KeyError, ValueError) as error:
            msg = f"{what} {name}, which the orders name: {said(error)}"
            raise Suspicious(msg, "list-exchanged" if what == "list" else "reasons-exchanged") from error


def said(error: Exception) -> str:
    """Return an error's own words; a KeyError would put quotes around them."""
    words = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return words or type(error).__name__
