"""Upstream: a language model's provider, asked over the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol


class ProviderDown(ConnectionError):  # noqa: N818 - named for what happened
    """The provider did not answer, or turned the request away; ``status`` is what it said, 0 if nothing."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


class Upstream(Protocol):
    """Asks providers that speak OpenAI's protocol."""

    def stream(self, provider: str, url: str, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Ask, and yield the bytes of the answer as they come.

        Raises ProviderDown before the first byte where it cannot be had, after the tries that are allowed; later where
        it breaks off. ``provider`` names the key to use; its value never leaves the adapter.
        """
        ...
