"""Hosted models: what the configuration of one must be, to be a version of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muster.records.language.hosted import HostedModel

_PROVIDER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_URL = re.compile(r"(https://[A-Za-z0-9.-]+|http://(localhost|127(\.\d{1,3}){3}|\[::1\]))(:\d{1,5})?(/[\w./-]*)?")

FIXED = frozenset({"model", "messages", "prompt", "stream", "stream_options", "tools", "tool_choice", "n", "logprobs"})
"""Parameters that are not the version's to fix: the client asks for them, or the gateway sets them."""


def hosted_faults(hosted: HostedModel) -> Iterator[tuple[str, str]]:
    """Yield each field of a configuration that cannot be, with what is wrong."""
    if not _PROVIDER.fullmatch(hosted.provider):
        yield "provider", f"{hosted.provider!r} cannot name a provider: use lower-case letters, digits and '-'"
    if not _URL.fullmatch(hosted.url):
        yield "url", f"{hosted.url!r}: write https://HOST/v1, or http://127.0.0.1:PORT/v1 for one on this machine"
    if not hosted.model.strip():
        yield "model", "say what the provider calls the model"
    if taken := sorted(FIXED & hosted.parameters.keys()):
        yield "parameters", f"{taken[0]!r} cannot be fixed by a version"
    if hosted.most_output_tokens < 0:
        yield "most_output_tokens", "cannot be negative; 0 is the provider's own limit"
    price = hosted.price
    if price is not None and (not price.currency.strip() or min(price.input_per_million, price.output_per_million) < 0):
        yield "price", "name a currency, and prices of 0 or more"
