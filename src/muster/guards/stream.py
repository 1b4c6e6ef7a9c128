"""Guards of an answer as it streams: text in, text that may pass out, and what was found; no I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from muster.columns.packages.verdict import Judgement
from muster.records.language.packages import Action


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a guard found. Explanations never repeat a secret or personal data."""

    guard: str
    what: str
    """The verdict on a package, or the sort of what was found, such as ``e-mail``."""
    action: Action
    explanation: str
    line: int
    """Line of the answer, from 1."""
    judgement: Judgement | None = None
    """What is held of the package, from the package guard."""


@dataclass(frozen=True, slots=True)
class Released:
    """What a guard gives back for one event."""

    text: str
    """What may reach the reader now, after the actions; may be empty while text is held."""
    findings: tuple[Finding, ...] = ()
    refusal: str = ""
    """Why the answer ends here; nothing is released after it."""


class StreamGuard(Protocol):
    """A guard that was opened for one answer. How the text is cut into chunks changes nothing of what comes out."""

    name: str

    def feed(self, text: str) -> Released:
        """Take the next piece of the answer."""
        ...

    def call(self, tool: str, arguments: str) -> Released:
        """Judge a whole tool call; the text released is the arguments to pass on. It may come at any time."""
        ...

    def close(self) -> Released:
        """Judge and release what is held; the answer is at its end."""
        ...
