"""Guarding: pieces of an answer pass the guards, choice by choice; calls whole; a refusal ends a choice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from muster.gateway.chat.pieces import Call, CallPart, Finish, Incoming, Outgoing, Refusal, Text, Usage
from muster.guards.stream import Finding, Released, StreamGuard
from muster.records.language.packages import Action

LARGEST_CALL = 2**20
"""Characters of the arguments of one tool call; a call is judged whole, and must not fill the memory."""

MOST_CALLS = 128
"""Tool calls of one choice."""

MOST_CHOICES = 16

_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
"""Names and ids of calls: a model chooses them, and no guard reads them."""

FAILED = "a guard could not judge this answer, so it ends here"
"""What the reader learns of a guard that failed; the operator's log has the rest."""


@dataclass(slots=True)
class _Choice:
    """One choice: its guards in order, the calls that are not complete, and whether it has ended."""

    guards: tuple[StreamGuard, ...]
    calls: dict[int, CallPart] = field(default_factory=dict)
    ended: bool = False


@dataclass(slots=True)
class Guarded:
    """The guards of one answer.

    Parameters
    ----------
    open_guards
        Opens the guards, first to last, for one choice; whatever one releases is fed to the next.
    """

    open_guards: Callable[[], tuple[StreamGuard, ...]]
    findings: list[Finding] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """Guards that threw, for the operator."""
    received: int = 0
    """Characters that came from the provider."""
    _choices: dict[int, _Choice] = field(default_factory=dict)

    def feed(self, piece: Incoming) -> Iterator[Outgoing]:
        """Yield what may go out now."""
        if isinstance(piece, Usage):
            yield piece
            return
        choice = self._choice(piece.choice)
        if choice is None or choice.ended:
            return
        if isinstance(piece, Text):
            self.received += len(piece.text)
            yield from self._text(choice, piece.choice, piece.text, 0)
        elif isinstance(piece, CallPart):
            yield from self._collect(choice, piece)
        else:
            yield from self._end(choice, piece)

    def close(self) -> Iterator[Outgoing]:
        """Yield what is held where the provider ended without saying so."""
        for number, choice in sorted(self._choices.items()):
            if not choice.ended:
                yield from self._end(choice, Finish(number, "stop"))

    def abandon(self) -> Iterator[Outgoing]:
        """End every choice without what is held: the provider broke off, so that nobody can judge it."""
        for number, choice in sorted(self._choices.items()):
            if not choice.ended:
                yield from self._refused(choice, number, "the model broke off, and what was not yet judged is left out")

    def _choice(self, number: int) -> _Choice | None:
        if number not in self._choices:
            if len(self._choices) >= MOST_CHOICES:
                return None
            self._choices[number] = _Choice(self.open_guards())
        return self._choices[number]

    def _text(self, choice: _Choice, number: int, text: str, first: int) -> Iterator[Outgoing]:
        """Feed text through the guards from the given one on."""
        for guard in choice.guards[first:]:
            released = self._asked(guard.feed, text)
            text = released.text
            if released.refusal:
                yield from self._passed_on(choice, number, guard, text)
                yield from self._refused(choice, number, released.refusal)
                return
        if text:
            yield Text(number, text)

    def _passed_on(self, choice: _Choice, number: int, guard: StreamGuard, text: str) -> Iterator[Outgoing]:
        """Let what a guard released before it refused pass those behind it, to their end."""
        behind = choice.guards[choice.guards.index(guard) + 1 :]
        for other in behind:
            fed = self._asked(other.feed, text)
            closed = Released("") if fed.refusal else self._asked(other.close)
            text = fed.text + closed.text
        if text:
            yield Text(number, text)

    def _collect(self, choice: _Choice, part: CallPart) -> Iterator[Outgoing]:
        known = choice.calls.get(part.place, CallPart(part.choice, part.place))
        whole = CallPart(
            part.choice, part.place, known.id or part.id, known.name or part.name, known.arguments + part.arguments
        )
        self.received += len(part.arguments)
        if len(whole.arguments) > LARGEST_CALL or len(choice.calls) > MOST_CALLS:
            yield from self._refused(choice, part.choice, "a tool call is larger than can be judged")
            return
        choice.calls[part.place] = whole

    def _end(self, choice: _Choice, finish: Finish) -> Iterator[Outgoing]:
        for place, guard in enumerate(choice.guards):
            released = self._asked(guard.close)
            if released.refusal:
                yield from self._passed_on(choice, finish.choice, guard, released.text)
                yield from self._refused(choice, finish.choice, released.refusal)
                return
            if released.text:
                yield from self._text(choice, finish.choice, released.text, place + 1)
            if choice.ended:
                return
        yield from self._calls(choice, finish.choice)
        if not choice.ended:
            choice.ended = True
            yield finish

    def _calls(self, choice: _Choice, number: int) -> Iterator[Outgoing]:
        for place, part in sorted(choice.calls.items()):
            if not _WORD.fullmatch(part.name):
                yield from self._refused(choice, number, "a tool call has a name that no tool has")
                return
            arguments = part.arguments
            for guard in choice.guards:
                released = self._asked(guard.call, part.name, arguments)
                if released.refusal:
                    yield from self._refused(choice, number, released.refusal)
                    return
                arguments = released.text
            identifier = part.id if _WORD.fullmatch(part.id) else f"call_{number}_{place}"
            yield Call(number, place, identifier, part.name, arguments)

    def _refused(self, choice: _Choice, number: int, words: str) -> Iterator[Outgoing]:
        choice.ended = True
        yield Refusal(number, words)
        yield Finish(number, "content_filter")

    def _asked(self, judge: Callable[..., Released], *given: str) -> Released:
        """Ask a guard; one that throws has refused, and nothing that it held passes."""
        try:
            released = judge(*given)
        except Exception as error:  # noqa: BLE001 - whatever happened in it, a guard that cannot judge refuses
            self.failures.append(type(error).__name__)
            return Released("", (Finding("guards", "failed", Action.BLOCK, FAILED, 0),), FAILED)
        self.findings.extend(released.findings)
        return released
