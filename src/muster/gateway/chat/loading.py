"""Loading a hosted model: the configuration that was admitted, its system prompt, and the guards of its policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from muster.gateway.chat.budget import Account, shared
from muster.gateway.chat.hosted import Hosted
from muster.guards.stream import StreamGuard
from muster.ports.blobs import Blobs
from muster.records.canonical import canonical, digest, parse
from muster.records.codec import decode, encode
from muster.records.language.answers import AnswerRules
from muster.records.language.hosted import Budget
from muster.records.model import Manifest
from muster.rules.admission import Admission
from muster.rules.language.hosted import hosted_faults


@dataclass(slots=True)
class HostedLoader:
    """Makes admitted configurations ready to answer.

    Parameters
    ----------
    outbox
        Where system prompts lie.
    guards
        Opens the guards that rules ask for, for one choice of one answer; raises PermissionError where it cannot.
    share
        Of this process in what the gateway may ask for.
    """

    outbox: Blobs
    guards: Callable[[AnswerRules], tuple[StreamGuard, ...]]
    share: float = 1.0
    _accounts: dict[str, Account] = field(default_factory=dict)

    def load(self, content: bytes, admission: Admission) -> Hosted:
        """Return the deployment ready to answer.

        Raises
        ------
        PermissionError
            If the bytes are another version than the one released, or its guards cannot stand.
        ValueError, KeyError
            If its configuration or system prompt cannot be read.
        """
        manifest, deployment = decode(Manifest, parse(content), "hosted model"), admission.deployment
        if manifest.hosted is None or digest(canonical(encode(manifest))) != deployment.version:
            msg = f"the configuration is not that of version {deployment.version}: it was exchanged"
            raise PermissionError(msg)
        if fault := next(hosted_faults(manifest.hosted), None):
            msg = f"hosted model: {fault[0]}: {fault[1]}"
            raise ValueError(msg)
        prompt = manifest.hosted.system_prompt
        opened = self._guards(admission)
        opened()  # now, not at the first request: what cannot be guarded is not served
        return Hosted(
            deployment.name,
            deployment.use_case,
            deployment.version,
            manifest.hosted,
            self.outbox.get(prompt).decode("utf-8") if prompt else "",
            opened,
            self._account(admission),
        )

    def _guards(self, admission: Admission) -> Callable[[], tuple[StreamGuard, ...]]:
        rules = admission.policy.answers
        if rules is None:
            msg = f"policy {admission.policy.id!r} asks for no guard of answers: no hosted model is served unguarded"
            raise PermissionError(msg)

        def opened() -> tuple[StreamGuard, ...]:
            guards = self.guards(rules)
            if not guards:
                msg = f"policy {admission.policy.id!r} leaves every guard of answers off: nothing is served unguarded"
                raise PermissionError(msg)
            return guards

        return opened

    def _account(self, admission: Admission) -> Account:
        """Return the account of a use case: new orders must not give it a new day's budget."""
        budget = shared(admission.policy.budget or Budget(), self.share)
        account = self._accounts.setdefault(admission.deployment.use_case, Account(budget))
        account.budget = budget
        return account
