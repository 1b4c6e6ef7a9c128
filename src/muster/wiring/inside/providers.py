"""Providers of language models, as the control plane asks them: now and then, each time over connections of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any


class Providers:
    """Fills the port Upstream; actions come from any thread, and no connection outlives the event loop of one.

    Parameters
    ----------
    folder
        Folder of keys to providers; None: keys come from the environment only.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def stream(self, provider: str, url: str, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Ask a provider, as the port says."""
        from muster.adapters.upstream import HttpUpstream, keys_of

        upstream = HttpUpstream(keys_of(self._folder))
        try:
            answer: Any = upstream.stream(provider, url, body)  # an async generator, which can be closed
            async with aclosing(answer):
                async for content in answer:
                    yield content
        finally:
            await upstream.close()
