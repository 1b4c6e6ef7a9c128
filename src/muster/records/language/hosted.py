"""Hosted model: a language model at a provider, as a model version: what is asked for, how, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Price:
    """What tokens cost, in ``currency``, by the million."""

    currency: str
    input_per_million: float
    output_per_million: float


@dataclass(frozen=True, slots=True)
class HostedModel:
    """A language model that somebody else runs. It has no bytes to hash: its identity is this configuration.

    What the provider changes behind the same name cannot be seen here; canary prompts watch for it.
    """

    provider: str
    """Name of the provider; the gateway finds the key to it under this name."""
    url: str
    """Where it answers, up to and with ``/v1``; plain http only on this machine. The gateway asks nowhere else."""
    model: str
    """The provider's own name of the model."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Parameters that are sent with every request, whatever the client asks, such as ``temperature``."""
    system_prompt: str = ""
    """Digest of the system prompt, which comes before what the client sends; empty where there is none."""
    most_output_tokens: int = 0
    """No answer may be longer, whatever the client asks; 0: the provider's own limit."""
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a use case may ask of hosted models; 0 means no limit."""

    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    tokens_per_day: int = 0
    money_per_day: float = 0.0
    """In the currency of the model's price."""
