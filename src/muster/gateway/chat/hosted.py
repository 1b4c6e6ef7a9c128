"""Hosted: one deployment of a hosted model that was admitted, as it stands in memory; and what an answer came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from muster.gateway.chat.asking import Asked, Protocol
from muster.gateway.chat.budget import Account
from muster.guards.stream import Finding, StreamGuard
from muster.records.language.hosted import HostedModel


@dataclass(frozen=True, slots=True)
class Hosted:
    """Nothing in it changes but its account: new orders make a new one."""

    deployment: str
    use_case: str
    version: str
    model: HostedModel
    system_prompt: str
    open_guards: Callable[[], tuple[StreamGuard, ...]]
    """Opens the guards that the policy asks for, for one choice of one answer."""
    account: Account

    @property
    def path(self) -> str:
        """Where the provider answers, without its last slash."""
        return self.model.url.rstrip("/")

    def body(self, asked: Asked) -> Mapping[str, Any]:
        """Return what the provider is asked: the client's request, under what the version fixes."""
        model = self.model
        body = {**asked.body, **model.parameters}
        if self.system_prompt:
            body |= self._prompted(asked)
        if model.most_output_tokens:
            body |= self._bounded(asked)
        return {**body, "model": model.model, "stream": True, "stream_options": {"include_usage": True}}

    def _prompted(self, asked: Asked) -> Mapping[str, Any]:
        if asked.protocol is Protocol.COMPLETIONS:
            msg = "this deployment has a system prompt, which /v1/completions cannot carry: use /v1/chat/completions"
            raise ValueError(msg)
        return {"messages": [{"role": "system", "content": self.system_prompt}, *asked.body["messages"]]}

    def _bounded(self, asked: Asked) -> Mapping[str, Any]:
        """Hold the length of an answer to the version's limit, under whichever name the client asked for one."""
        most = self.model.most_output_tokens
        names = [name for name in ("max_tokens", "max_completion_tokens") if asked.body.get(name) is not None]
        wished = [asked.body[name] for name in names if isinstance(asked.body[name], int) and asked.body[name] > 0]
        return {name: min([*wished, most]) for name in names or ["max_tokens"]}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of one request; never a word of what was asked or answered."""

    request_id: str
    hosted: Hosted
    protocol: Protocol
    outcome: str
    """``answered``, ``stopped`` by a guard, ``failed`` at the provider, ``left`` by the client, or ``cut`` because
    people stopped the deployment, or it lapsed."""
    input_tokens: int
    output_tokens: int
    cost: float
    findings: tuple[Finding, ...]
    first_us: int
    """Microseconds until the first piece went out; 0 if none did."""
    latency_us: int
    received_characters: int
