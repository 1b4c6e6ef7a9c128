"""A house that hosts a language model, whose provider says what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.columns.packages.lists import small
from tests.lifecycle.dossier.scene import Scene

from muster.lifecycle.desk.asking import ask
from muster.lifecycle.language.host import host
from muster.ports.upstream import ProviderDown
from muster.records.access.alert import Alert
from muster.records.codec import decode
from muster.records.decision import Finding, Question
from muster.records.language.hosted import HostedModel
from muster.records.language.prompts import Prompt, PromptSet
from muster.records.policy import Library, Policy
from muster.records.purpose import UseCase
from muster.wiring import shipped

HOSTED = HostedModel(
    "local", "http://127.0.0.1:8000/v1", "tiny", {"temperature": 1, "top_p": 0.9}, most_output_tokens=90
)
REAL = "```python\nimport requests\n```\n"
INVENTED = "```python\nimport requests\nimport surely_absent\n```\n"
PROMPTS = PromptSet(
    "ours",
    tuple(
        Prompt(f"p{place}", f"question {place}", "python", "niche" if place % 2 else "routine") for place in range(12)
    ),
)


@dataclass
class Scripted:
    """Fills the port Upstream: answers each question by a function, and remembers what it was asked."""

    answer: Callable[[str], str] = lambda _: REAL
    raw: bytes = b""
    down: str = ""
    asked: list[Mapping[str, Any]] = field(default_factory=list)

    async def stream(self, provider: str, url: str, body: Mapping[str, Any]) -> AsyncIterator[bytes]:
        self.asked.append({"provider": provider, "url": url, **body})
        question = body["messages"][-1]["content"]
        if self.down and self.down in question:
            msg = "provider 'local' cannot be reached"
            raise ProviderDown(msg)
        whole = {"choices": [{"message": {"content": self.answer(question)}}], "usage": {"completion_tokens": 7}}
        content = self.raw or json.dumps(whole).encode()
        yield content[:9]
        yield content[9:]


@dataclass
class Noted:
    """Fills the port Notifier: writes alerts into the ledger, as control planes do."""

    scene: Scene

    def notify(self, alert: Alert) -> None:
        self.scene.as_("system").record(alert)


class Coding(Scene):
    """A scene with the shipped policy for code, and one hosted version."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.provider = Scripted()
        self.house = replace(self.house, upstream=self.provider, names=small, notify=Noted(self))
        self.as_("owner").record(self.read(UseCase, "stories/code-generation.yaml"))
        self.as_("ann").record(self.read(Library, "controls/controls.yaml"), self.policy())
        self.version = host(self.as_("mia"), "code-assistant", "coder", HOSTED).digest

    def policy(self) -> Policy:
        found: Policy = self.read(Policy, "policies/code-generation.yaml")
        return found

    def finding(self, demand: str) -> Finding:
        """Return what the gate finds of a demand on the version."""
        decision = ask(self.as_("mia"), Question(self.version, "code-assistant", "production")).decision
        return next(reason.finding for reason in decision.reasons if reason.demand == demand)

    def read(self, kind: Any, path: str) -> Any:
        return decode(kind, shipped.value(kind, path))
