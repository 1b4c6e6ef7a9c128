"""Secrets: keys and passwords by the forms that their issuers gave them, so that scanners can tell them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from muster.guards.output.found import Found, matches

_FORMS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
    "access key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{35}"),
    "token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,}|glpat-[\w-]{20,})"),
    "token of a package index": re.compile(r"\b(?:pypi-AgEI[\w-]{40,}|npm_[A-Za-z0-9]{36})"),
    "token of a messenger": re.compile(r"\bxox[abeoprs]-[\w-]{10,}"),
    "key of a payment provider": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "key of a model provider": re.compile(r"\b(?:sk-(?:ant-|proj-|svcacct-)?[\w-]{20,}|hf_[A-Za-z0-9]{30,})"),
    "signed token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    "password in an address": re.compile(
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,80}:(?P<it>[^\s/:@<>{}$*]{3,})@[\w.-]+", re.IGNORECASE
    ),
}
_ASSIGNED = re.compile(
    r"""(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|auth[_-]?token|token)["']?\s*[:=]\s*(["'])(?P<it>[^"'\s]{12,})\1""",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(r"your|example|placeholder|change|dummy|sample|test|xxx|\.\.\.|[<>{}$*]", re.IGNORECASE)
ENTROPY = 3.5
"""Bits a letter above which an assigned text is taken for a secret: words have about 3, random letters over 4."""


def find(text: str) -> Iterator[Found]:
    """Yield secrets of known form, and assigned texts that look drawn at random."""
    yield from matches(_FORMS, text)
    for found in _ASSIGNED.finditer(text):
        value = found["it"]
        if not _STANDS_FOR.search(value) and entropy(value) > ENTROPY:
            yield Found("assigned secret", found.start("it"), found.end("it"))


def entropy(text: str) -> float:
    """Return Shannon's entropy of the letters of a text, in bits a letter."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())
