"""Pieces: what a language model's answer is made of, whichever protocol it came by or goes out by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Some characters of one choice."""

    choice: int
    text: str


@dataclass(frozen=True, slots=True)
class CallPart:
    """A part of a tool call, as models send them: a name once, arguments bit by bit."""

    choice: int
    place: int
    """Which of the choice's calls it belongs to."""
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A whole tool call."""

    choice: int
    place: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer was stopped here; these words say why to whoever reads it."""

    choice: int
    words: str


@dataclass(frozen=True, slots=True)
class Finish:
    """One choice is at its end: ``stop``, ``length``, ``tool_calls`` or ``content_filter``."""

    choice: int
    reason: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the provider counted."""

    input_tokens: int
    output_tokens: int


Incoming = Text | CallPart | Finish | Usage
"""What comes from a provider."""

Outgoing = Text | Call | Refusal | Finish | Usage
"""What goes to the reader: calls whole, and refusals."""
