"""Loading: what was admitted becomes ready to serve; the buffer that is loaded is the one that was hashed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from muster.columns.encoder import Encoder, Unknown
from muster.gateway.served import Model, Served
from muster.guards.chain import Chain
from muster.guards.guard import Context
from muster.ports.blobs import Blobs
from muster.ports.keys import Verify
from muster.ports.log import Log, Source, Stream
from muster.records.canonical import canonical, digest
from muster.records.codec import decode
from muster.records.decision import Finding
from muster.records.policy import Library
from muster.records.trust import TrustRoot
from muster.rules.admission import Admission, open_package
from muster.rules.gate.decide import parameters_of

PROHIBITION = "fairness.prohibited_inputs"
"""Check whose controls name the columns that a policy prohibits."""

_Key = tuple[str, str, str, str]


class Loader:
    """Loads artifacts, and keeps what is loaded while it is served.

    Parameters
    ----------
    outbox
        Where artifacts lie.
    read
        Makes a model of the bytes of an artifact.
    log
        Where decisions go.
    verify
        Verifies signatures, for what is read from a package once more.
    """

    def __init__(self, outbox: Blobs, read: Callable[[bytes], Model], log: Log, verify: Verify) -> None:
        self._outbox = outbox
        self._read = read
        self._log = log
        self._verify = verify
        self._loaded: dict[_Key, Served] = {}

    def load(self, admission: Admission, package: bytes, root: TrustRoot) -> Served:
        """Return the deployment ready to serve.

        Raises
        ------
        PermissionError
            If the artifact is not the one released, or a guard cannot stand before it.
        ValueError, KeyError, OSError
            If the artifact is absent or cannot be read.
        """
        deployment = admission.deployment
        key = deployment.name, deployment.version, deployment.served, deployment.package
        if key not in self._loaded:
            self._loaded[key] = self._fresh(admission, package, root)
        return self._loaded[key]

    def forget(self, kept: Iterable[Served | None]) -> None:
        """Let go of everything else; a request that is under way keeps what it works with."""
        alive = {id(served) for served in kept}
        self._loaded = {key: served for key, served in self._loaded.items() if id(served) in alive}

    def _fresh(self, admission: Admission, package: bytes, root: TrustRoot) -> Served:
        deployment, policy = admission.deployment, admission.policy
        buffer = self._outbox.get(deployment.served)
        if digest(buffer) != admission.release.served:
            msg = f"the artifact has digest {digest(buffer)}, released was {admission.release.served}: it was exchanged"
            raise PermissionError(msg)
        model = self._read(buffer)
        if model.plan.version != deployment.version:
            msg = f"the artifact was compiled from version {model.plan.version}, released was {deployment.version}"
            raise PermissionError(msg)
        unknown: Unknown = "unknown" if policy.unknown_category == "unknown" else "refuse"
        context = Context(
            model.plan.columns,
            self._prohibited(admission, package, root),
            policy.unknown_category,
            policy.outside_range,
        )
        named = deployment.name, deployment.version, deployment.served
        return Served(
            model,
            Encoder(model.plan.encodings, unknown),
            Chain.open(context),
            Source(Stream.DECISIONS, *named, model.plan.columns),
            Source(Stream.REFUSALS, *named),
            self._log,
        )

    def _prohibited(self, admission: Admission, package: bytes, root: TrustRoot) -> frozenset[str]:
        """Return the columns that the policy's controls prohibit, save those of a control that was waived."""
        _, entries = open_package(package, root, self._verify)
        bodies = (recorded.entry.body for recorded in entries if recorded.entry.kind == "library.adopted")
        library = next(decode(Library, body) for body in bodies if digest(canonical(body)) == admission.release.library)
        waived = {reason.demand for reason in admission.decision.reasons if reason.finding is Finding.WAIVED}
        columns: set[str] = set()
        for requirement in admission.policy.requirements:
            control = library.control(requirement.control)
            if control and control.check == PROHIBITION and control.id not in waived:
                columns.update(parameters_of(control, requirement).get("columns", ()))
        return frozenset(columns)
