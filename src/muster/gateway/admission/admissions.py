"""Admission: from the outbox to a table of what may be served; the rules prove each step from the pinned root on.

Nothing here is believed because of where it lies: the outbox may be anybody's. What cannot be proven is not served,
with the reason for the operator. What was admitted before stands until its own deadline, so that a control plane that
is down, or an outbox that was defaced, does not stop the traffic before the orders say so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from muster.gateway.admission.alarms import Alarms
from muster.gateway.admission.arms.sharing import STOPPED, shared
from muster.gateway.admission.channel import Channel, Trust, day
from muster.gateway.admission.contents import Contents, said
from muster.gateway.admission.deadline import Deadline, answered, ending
from muster.gateway.admission.loading import Loader, reasoned
from muster.gateway.admission.resting import Resting
from muster.gateway.admission.seen import SeenFile
from muster.gateway.admission.table import Followed, Place, Table
from muster.ports.blobs import Blobs
from muster.records.access.alert import Severity, Suspicious
from muster.records.release import Deployment, GuardOrder, Orders
from muster.records.trust import TrustRoot
from muster.rules.admission import admit
from muster.rules.gate.measured import TRIAL
from muster.rules.traffic.sharing import MAY_BE

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


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
        self._loader = loader
        self._alarms = Alarms(f"gateway:{trust.group}/{trust.name}", trust.notify, trust.clock)
        self._channel = Channel(trust, outbox, seen, self._alarms, keep=keep)
        self._contents = Contents(outbox)
        self._resting = Resting(outbox, trust.ticks)
        self._table = Table()

    def refresh(self) -> Table:
        """Read the outbox and return what may be served; never raises, says in ``steps`` what went wrong."""
        now = self._channel.now()
        steps: list[str] = []
        try:
            root, orders = self._channel.follow(now, steps)
            guards, fetched = {each.name: each.guards for each in orders.guards}, self._contents.fetch(orders, steps)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what came, what stood stands until its deadline
            problem = f"REFUSED: {said(error)}"
            kept = "what was admitted before stands until its deadline" if self._table.places else "nothing is served"
            self._table = replace(self._table, steps=(*steps, problem, kept), refused=self._table.refused + 1)
            self._alarms.refusal(error, "orders-not-followed", f"{said(error)}. For now, {kept}")
            return self._table
        found = [
            (each, self._place(each, root, orders, now, guards.get(each.guards, ()))) for each in orders.deployments
        ]
        places, arms, traffic = shared(found, orders.stopped)
        self._loader.hasten(orders.deployments)
        self._loader.forget(place.served for place in (*places.values(), *arms))
        self._contents.keep({*fetched, *(deployment.package for deployment in orders.deployments)})
        self._watch([each for each, place in found if place.served is not None], steps)
        followed = Followed(orders.number, orders.issued_at, orders.expires_at, root.expires_at)
        self._table = Table(places, tuple(steps), followed, traffic=traffic, arms=arms)
        return self._table

    def _watch(self, serving: list[Deployment], steps: list[str]) -> None:
        """Tell of what was loaded and does not lie in the outbox as it was: whoever starts now would not serve it."""
        for arm, stage, error in self._resting.changed(serving):
            words = f"{arm} serves what was proven, and the outbox does not hold that any more: {said(error)}"
            steps.append(f"WARNING: {words}")
            self._alarms.refusal(_at(stage, error), stage, words, arm)

    def newer(self, text: str) -> bool:
        """Tell whether pushed orders (their envelope) are a reason to look at the outbox now."""
        return self._channel.newer(text)

    def _place(
        self,
        deployment: Deployment,
        root: TrustRoot,
        orders: Orders,
        now: datetime,
        guards: tuple[GuardOrder, ...],
    ) -> Place:
        name, steps = deployment.arm, [f"orders name version {deployment.version}"]
        stage = "deployment-refused"
        try:
            _require_servable(deployment, orders, self._trust.environment, guards)
            stage = "package-exchanged"
            content = self._contents.blob(deployment.package)
            stage = "release-refused"
            admission = admit(content, deployment, root, self._trust.verify, now, orders.revoked)
            steps.append(f"release package {deployment.package}: signatures and ledger proofs hold")
            steps.append(f"gate, asked again here: {answered(admission)}")
            stage = "artifact-exchanged"
            reasons = self._contents.reasons(orders, deployment)
            served = self._loader.load(admission, content, root, guards, reasons)
            steps.append(f"artifact {deployment.served}: the bytes hashed are the bytes loaded; guards are open")
            if getattr(served, "platform", "") == "muster_graph":
                steps.append("it is an ONNX graph as given: its operators are listed, and this gateway runs it itself")
            elif getattr(served, "aside", False):
                steps.append("it is no compiled form: its own library runs it, in a worker without keys or network")
            steps.append(reasoned(served))
        except Exception as error:  # noqa: BLE001 - one deployment that cannot be proven must not take the others along
            self._alarms.refusal(_at(stage, error), stage, f"{name}: {said(error)}", name)
            return Place(name, tuple(steps), said(error))
        until, why = ending(admission, orders)
        steps.append(f"serves until {day(until)}: then {why}")
        if admission.lapsed:
            words = f"{name} lapsed ({admission.lapsed}) and is served in grace until {day(until)} only: mend it"
            self._alarms.sound("deployment-in-grace", Severity.WARNING, words, name)
        return Place(name, tuple(steps), "", served, Deadline.of(until, now, self._trust.ticks), admission.lapsed)


def _at(stage: str, error: Exception) -> Exception:
    """Return what became of a stage: bytes that are there and are not those named were exchanged by somebody."""
    if isinstance(error, ValueError) and stage.endswith("-exchanged"):
        return Suspicious(said(error), stage)
    return error


def _require_servable(deployment: Deployment, orders: Orders, environment: str, guards: tuple[GuardOrder, ...]) -> None:
    """Refuse orders that this gateway would have to carry out otherwise than they say."""
    problem = ""
    if not _NAME.fullmatch(deployment.name):
        problem = "a deployment's name is 1 to 128 letters, digits, '.', '_' or '-', and begins with a letter or digit"
    elif deployment.environment != environment:
        problem = f"released for {deployment.environment}, but this gateway serves {environment} (--environment)"
    elif deployment.name in orders.stopped:
        problem = STOPPED
    elif deployment.part not in MAY_BE.get(deployment.scope, ()):
        everybody = " as the champion" if deployment.scope == TRIAL else ""
        problem = f"scope {deployment.scope!r}: a release for that never answers callers{everybody}"
    elif sum((each.name, each.version) == (deployment.name, deployment.version) for each in orders.deployments) > 1:
        problem = "the orders name this version twice under one name"
    elif deployment.guards and not guards:
        problem = f"the orders put guards {deployment.guards!r} before it and do not say which those are"
    if problem:
        raise PermissionError(problem)
