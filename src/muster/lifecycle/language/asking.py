"""Asking: a hosted version is sent prompts as its clients would send them, several at once; all are answered, or none.

What it answers is read here and given back; nobody keeps it unless an action is told to.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from muster.lifecycle.desk.context import Context
from muster.lifecycle.language.host import PROMPT
from muster.ports.upstream import ProviderDown, Upstream
from muster.records.language.hosted import HostedModel
from muster.records.language.prompts import Prompt, PromptSet
from muster.records.model import ModelVersion

PATIENCE_S = 300.0
"""Seconds that one answer may take."""

MOST_PROMPTS = 2_000
MOST_SAMPLES = 20
MOST_AT_ONCE = 32
LONGEST_PROMPT = 20_000
"""Characters of one prompt."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    prompt: Prompt
    text: str
    tokens: int
    """Tokens of the answer, as the provider counts them; 0 where it does not."""


def require_askable(prompts: PromptSet, samples: int, at_once: int) -> None:
    """Refuse prompts that cannot be asked; raise ValueError naming what is wrong."""
    if not 0 < len(prompts.prompts) <= MOST_PROMPTS:
        msg = f"prompt set {prompts.name!r} has {len(prompts.prompts)} prompts: 1 to {MOST_PROMPTS:,} can be asked"
        raise ValueError(msg)
    if not 0 < samples <= MOST_SAMPLES or not 0 < at_once <= MOST_AT_ONCE:
        msg = f"each prompt is asked 1 to {MOST_SAMPLES} times, 1 to {MOST_AT_ONCE} at once"
        raise ValueError(msg)
    seen: set[str] = set()
    for prompt in prompts.prompts:
        if not prompt.id.strip() or prompt.id in seen:
            msg = f"prompt set {prompts.name!r}: id {prompt.id!r} is empty or stands twice: give each prompt its own"
            raise ValueError(msg)
        seen.add(prompt.id)
        if not prompt.text.strip() or len(prompt.text) > LONGEST_PROMPT:
            msg = f"prompt {prompt.id!r} has {len(prompt.text)} characters: 1 to {LONGEST_PROMPT:,} can be asked"
            raise ValueError(msg)


def hosted_of(version: ModelVersion) -> HostedModel:
    """Return the configuration of a hosted version; raise ValueError for any other."""
    hosted = version.manifest.hosted
    if hosted is None:
        msg = f"version {version.digest} is no hosted language model: only those are asked prompts"
        raise ValueError(msg)
    return hosted


def ask_all(
    context: Context,
    version: ModelVersion,
    prompts: PromptSet,
    samples: int,
    at_once: int,
    fixed: Mapping[str, Any] | None = None,
) -> tuple[Reply, ...]:
    """Ask every prompt ``samples`` times.

    Parameters
    ----------
    fixed
        Parameters over those of the version, such as ``temperature``.

    Raises
    ------
    ProviderDown
        If an answer could not be had: then there are none.
    """
    hosted, upstream = hosted_of(version), context.house.upstream
    if upstream is None:
        msg = "this control plane asks no providers of language models"
        raise ValueError(msg)
    require_askable(prompts, samples, at_once)
    files = version.manifest.files
    system = context.house.blobs.get(files[PROMPT]).decode("utf-8") if PROMPT in files else ""
    asked = [prompt for prompt in prompts.prompts for _ in range(samples)]
    bodies = [_body(hosted, system, prompt.text, fixed or {}) for prompt in asked]
    return asyncio.run(_gathered(_Asker(context, upstream, hosted, at_once), asked, bodies))


def _body(hosted: HostedModel, system: str, text: str, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the provider is asked: the same that a gateway would make of a client's question."""
    messages = [{"role": "system", "content": system}] if system else []
    body = {**hosted.parameters, **fixed, "messages": [*messages, {"role": "user", "content": text}]}
    if hosted.most_output_tokens:
        body["max_tokens"] = min(body.get("max_tokens") or hosted.most_output_tokens, hosted.most_output_tokens)
    return {**body, "model": hosted.model, "stream": False}


@dataclass(slots=True)
class _Asker:
    """Asks one provider, a few at once, and tells of each answer."""

    context: Context
    upstream: Upstream
    hosted: HostedModel
    at_once: int
    done: int = 0

    async def ask(self, turn: asyncio.Semaphore, prompt: Prompt, body: Mapping[str, Any], total: int) -> Reply:
        """Ask once, when it is one's turn."""
        url = self.hosted.url.rstrip("/") + "/chat/completions"
        async with turn:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    content = await self._whole(url, body)
            except TimeoutError:
                msg = f"provider {self.hosted.provider!r} took more than {PATIENCE_S:g} s for one answer"
                raise ProviderDown(msg) from None
        text, tokens = _read(content, self.hosted.provider)
        self.done += 1
        self.context.progress(f"{self.done} of {total} answers: {prompt.id}")
        return Reply(prompt, text, tokens)

    async def _whole(self, url: str, body: Mapping[str, Any]) -> bytes:
        answer: Any = self.upstream.stream(self.hosted.provider, url, body)  # an async generator, which can be closed
        async with aclosing(answer):
            return b"".join([content async for content in answer])


async def _gathered(asker: _Asker, asked: Sequence[Prompt], bodies: Sequence[Mapping[str, Any]]) -> tuple[Reply, ...]:
    turn = asyncio.Semaphore(asker.at_once)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(asker.ask(turn, prompt, body, len(asked)))
                for prompt, body in zip(asked, bodies, strict=True)
            ]
    except* (OSError, ValueError) as failed:
        # The first says what happened; the others were told to stop because of it.
        first = failed.exceptions[0]
        raise first if not isinstance(first, ExceptionGroup) else ProviderDown(str(first)) from None
    return tuple(task.result() for task in tasks)


def _read(content: bytes, provider: str) -> tuple[str, int]:
    """Return text and tokens of a whole answer; raise ProviderDown where it is none."""
    try:
        answer = json.loads(content)
        text = answer["choices"][0]["message"].get("content") or ""
        tokens = (answer.get("usage") or {}).get("completion_tokens") or 0
    except (ValueError, LookupError, TypeError, AttributeError):
        msg = f"provider {provider!r} answered what cannot be read as a chat completion"
        raise ProviderDown(msg) from None
    if not isinstance(text, str) or not isinstance(tokens, int):
        msg = f"provider {provider!r} answered a chat completion without text"
        raise ProviderDown(msg)
    return text, tokens
