"""Loading: what was admitted becomes ready to serve; the buffer that is loaded is the one that was hashed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from muster.columns.encoder import Unknown
from muster.columns.explanation.sampling.reasons import SampledReasons
from muster.gateway.admission.told import Told, answering_of
from muster.gateway.chat.hosted import Hosted
from muster.gateway.chat.loading import HostedLoader
from muster.gateway.recording import Recorder
from muster.gateway.served import Model, Served
from muster.ports.blobs import Blobs
from muster.ports.keys import Verify
from muster.ports.log import Log, Source, Stream
from muster.records.access.alert import Suspicious
from muster.records.canonical import digest
from muster.records.release import Deployment, GuardOrder, Part
from muster.records.trust import TrustRoot
from muster.rules.admission import Admission, library_in, open_package
from muster.rules.gate.guarding import agreed, demanded

_Key = tuple[str, str, str, str, str]

SHORTEST_CUT = 5.0
"""Seconds for which a segment of the log grows at least, whatever orders say: each costs a few writes and a seal."""


def reasoned(served: Served | Hosted) -> str:
    """Say whether those who are refused are given reasons, for the operator."""
    if not isinstance(served, Served):
        return "hosted"
    reasoner = served.answering.reasoner
    if reasoner is None:
        return "no reasons are given: the orders name no reason map, or no explanation of this model"
    if isinstance(reasoner, SampledReasons):
        return f"reasons: from {reasoner.budget} scores of mixed rows for each refused row"
    return "reasons: the explanation computes what the artifact does"


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
    hosted
        Loads language models that are hosted elsewhere; None: there are none here.
    share
        Of this process in what the gateway may answer.
    """

    def __init__(
        self,
        outbox: Blobs,
        read: Callable[[bytes], Model],
        log: Log,
        verify: Verify,
        hosted: HostedLoader | None = None,
        share: float = 1.0,
    ) -> None:
        self._outbox = outbox
        self._hosted = hosted
        self._share = share
        self._read = read
        self._log = log
        self._verify = verify
        self._loaded: dict[_Key, Served | Hosted] = {}

    def load(
        self,
        admission: Admission,
        package: bytes,
        root: TrustRoot,
        guards: Sequence[GuardOrder] = (),
        reasons: tuple[bytes, bytes] | None = None,
    ) -> Served | Hosted:
        """Return the deployment ready to serve.

        Parameters
        ----------
        guards
            Those that the orders put before it; none named: those that its policy demands.
        reasons
            Reason map and explanation, whose digests the orders name.

        Raises
        ------
        PermissionError
            If the artifact is not the one released, the orders weaken a guard, or one cannot stand before it.
        ValueError, KeyError, OSError
            If the artifact is absent or cannot be read.
        """
        deployment = admission.deployment
        told = repr((guards, *map(digest, reasons or ())))
        shadow = deployment.part is Part.SHADOW
        key = deployment.name, deployment.version, deployment.served, deployment.package, f"{told}{shadow}"
        if key not in self._loaded:
            self._loaded[key] = self._fresh(admission, package, root, guards, reasons)
        return self._loaded[key]

    def hasten(self, deployments: Iterable[Deployment]) -> None:
        """Let the log close what it holds of deployments as often as the orders ask for."""
        wanted: dict[str, float] = {}
        for each in deployments:
            if each.cut_seconds > 0:
                wanted[each.name] = max(SHORTEST_CUT, min(each.cut_seconds, wanted.get(each.name, each.cut_seconds)))
        self._log.hasten(wanted)

    def forget(self, kept: Iterable[Served | Hosted | None]) -> None:
        """Let go of everything else; a request that is under way keeps what it works with."""
        alive = {id(served) for served in kept}
        self._loaded = {key: served for key, served in self._loaded.items() if id(served) in alive}

    def _fresh(
        self,
        admission: Admission,
        package: bytes,
        root: TrustRoot,
        ordered: Sequence[GuardOrder],
        reasons: tuple[bytes, bytes] | None,
    ) -> Served | Hosted:
        deployment = admission.deployment
        release, entries = open_package(package, root, self._verify)
        guards = agreed(ordered, demanded(admission.policy, library_in(release, entries), admission.decision))
        told = Told.of(guards, self._share)
        buffer = self._outbox.get(deployment.served)
        if digest(buffer) != admission.release.served:
            msg = f"the artifact has digest {digest(buffer)}, released was {admission.release.served}: it was exchanged"
            raise Suspicious(msg, "artifact-exchanged")
        if deployment.served == deployment.version:  # no compiled artifact is its own manifest
            if self._hosted is None:
                msg = "it is a language model that is hosted elsewhere, which this gateway is not set up for"
                raise PermissionError(msg)
            return self._hosted.load(buffer, admission)
        model = self._read(buffer)
        if model.plan.version != deployment.version:
            msg = f"the artifact was compiled from version {model.plan.version}, released was {deployment.version}"
            raise Suspicious(msg, "artifact-exchanged")
        unknown: Unknown = "unknown" if told.unknown == "unknown" else "refuse"
        chain = told.chain(model.plan)
        stream = Stream.SHADOWS if deployment.part is Part.SHADOW else Stream.DECISIONS
        decisions = Source(stream, deployment.name, deployment.version, deployment.served, model.plan.columns)
        return Served(
            model,
            model.encoder(unknown),
            chain,
            decisions,
            Recorder(self._log, decisions, told.log),
            answering_of(told, model, reasons),
            deployment.use_case,
            told.rate.per_client if told.rate else None,
            bool(admission.policy.serving and admission.policy.serving.callers_choose),
        )
