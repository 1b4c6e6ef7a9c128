"""Providers of language models, asked over HTTP (library: httpx2), with keys from the environment or from files."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from muster.ports.upstream import ProviderDown
from muster.rules.address import loopback

TRIES = 3
"""How often a request is sent where nothing of an answer has come yet."""

PAUSES = (0.5, 2.0)
"""Seconds between tries, where the provider does not name any."""

LONGEST_PAUSE = 20.0

CONNECT_SECONDS = 10.0

SILENT_SECONDS = 120.0
"""How long a provider may say nothing in the middle of an answer."""

LARGEST_ANSWER = 64 * 2**20
"""Bytes of one answer."""

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""What a provider may answer better the next time."""

_PROVIDER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class HttpUpstream:
    """Fills the port Upstream.

    Parameters
    ----------
    key_of
        Returns the key to a provider by its name; empty where none is needed.
    transport
        How requests travel, if not over sockets.
    """

    def __init__(self, key_of: Callable[[str], str], transport: Any = None) -> None:
        self._key_of = key_of
        self._transport = transport
        self._client: httpx2.AsyncClient | None = None

    async def stream(self, provider: str, url: str, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        """Ask, and yield the bytes of the answer; raise ProviderDown where it cannot be had or breaks off."""
        require_address(url)
        key = self._key_of(provider)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        response = await self._answered(provider, url, body, headers)
        taken = 0
        try:
            async for content in response.aiter_bytes():
                taken += len(content)
                if taken > LARGEST_ANSWER:
                    msg = f"provider {provider!r} sent more than {LARGEST_ANSWER} bytes"
                    raise ProviderDown(msg)
                yield content
        except httpx2.HTTPError as error:
            msg = f"provider {provider!r} broke off: {type(error).__name__}"
            raise ProviderDown(msg) from error
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close what connections are open."""
        if self._client is not None:
            await self._client.aclose()

    async def _answered(
        self, provider: str, url: str, body: Mapping[str, Any], headers: Mapping[str, str]
    ) -> httpx2.Response:
        client = self._opened()
        words, status, pause = "", 0, 0.0
        for place in range(TRIES):
            if place:
                await asyncio.sleep(pause)
            try:
                request = client.build_request("POST", url, json=dict(body), headers=dict(headers))
                response = await client.send(request, stream=True)
            except httpx2.HTTPError as error:
                words, status = f"cannot be reached ({type(error).__name__})", 0
                pause = PAUSES[min(place, len(PAUSES) - 1)]
                continue
            if response.status_code == 200:
                return response
            status, pause = response.status_code, _pause(response, place)
            await response.aclose()
            # Not its words: they may repeat what was asked.
            words = f"answered with status {status}"
            if status not in AGAIN or pause > LONGEST_PAUSE:
                break
        msg = f"provider {provider!r} {words}"
        raise ProviderDown(msg, status)

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                timeout=httpx2.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
                follow_redirects=False,  # the key must not follow somewhere else
                transport=self._transport,
            )
        return self._client


def require_address(url: str) -> None:
    """Refuse an address to which neither key nor prompt may go; raise PermissionError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and loopback(host):
        return
    msg = f"{url}: a provider is asked by https, or by plain http on this machine"
    raise PermissionError(msg)


def keys_of(folder: Path | None, environment: Mapping[str, str] = os.environ) -> Callable[[str], str]:
    """Return what finds the key to a provider.

    Parameters
    ----------
    folder
        One file a provider, named after it, that only its owner may read; None: no files.
    environment
        Where ``PROVIDER_KEY_NAME`` comes first (upper case, ``-`` as ``_``).

    The function raises PermissionError where others may read the file, ValueError where the name cannot be one.
    """

    def key_of(provider: str) -> str:
        if not _PROVIDER.fullmatch(provider):
            msg = f"{provider!r} cannot name a provider: use lower-case letters, digits and '-'"
            raise ValueError(msg)
        said = environment.get("PROVIDER_KEY_" + provider.upper().replace("-", "_"), "")
        if said or folder is None:
            return said.strip()
        path = folder / provider
        try:
            if path.stat().st_mode & 0o077:
                msg = f"{path}: others than the owner may read this key; run chmod 600 on it"
                raise PermissionError(msg)
            return path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    return key_of


def _pause(response: httpx2.Response, place: int) -> float:
    try:
        return float(response.headers.get("retry-after", ""))
    except ValueError:
        return PAUSES[min(place, len(PAUSES) - 1)]
