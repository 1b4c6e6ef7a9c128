"""A hosted model is loaded by what was admitted only, and never without the guards that its policy asks for."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.gateway.chat.scene import LineGuard
from tests.gateway.papers.written import POLICY

from muster.adapters.blobs import FolderBlobs
from muster.gateway.chat.loading import HostedLoader
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.language.answers import AnswerRules
from muster.records.language.hosted import Budget, HostedModel
from muster.records.language.packages import Action
from muster.records.model import DecisionRule, Favourable, Manifest, ModelFormat, Recipe
from muster.records.policy import Policy

RULES = AnswerRules(commands=Action.BLOCK)
MANIFEST = Manifest(
    Recipe("hosted", (), "", "", {}),
    DecisionRule(0.0, Favourable.AT_LEAST),
    (),
    {},
    ModelFormat.HOSTED,
    None,
    HostedModel("local", "http://127.0.0.1:9/v1", "tiny"),
)


GUARDED = replace(POLICY, answers=RULES, budget=Budget(requests_per_minute=1))


@dataclass
class Scene:
    outbox: FolderBlobs
    policy: Policy = GUARDED
    manifest: Manifest = MANIFEST
    version: str = ""

    def load(self, loader: HostedLoader | None = None) -> Any:
        content = canonical(encode(self.manifest))
        named = SimpleNamespace(name="coder", use_case="coding", version=self.version or digest(content))
        admission: Any = SimpleNamespace(deployment=named, policy=self.policy)
        return (loader or self.loader()).load(content, admission)

    def loader(self) -> HostedLoader:
        return HostedLoader(self.outbox, lambda rules: (LineGuard(),) if rules.commands else ())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(FolderBlobs(tmp_path))


def test_it_answers_as_its_configuration_says(scene: Scene) -> None:
    prompt = scene.outbox.put(b"Be brief.")
    scene.manifest = replace(MANIFEST, hosted=replace(MANIFEST.hosted, system_prompt=prompt))
    hosted = scene.load()
    assert (hosted.system_prompt, hosted.model.model, hosted.use_case) == ("Be brief.", "tiny", "coding")
    assert isinstance(hosted.open_guards()[0], LineGuard)


def test_new_orders_give_no_new_budget(scene: Scene) -> None:
    loader = scene.loader()
    scene.load(loader).account.admit(0.0)
    again = scene.load(loader)
    with pytest.raises(Exception, match="1 requests a minute"):
        again.account.admit(1.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": "sha256:" + "0" * 64}, "it was exchanged"),
        ({"manifest": replace(MANIFEST, hosted=None)}, "it was exchanged"),
        ({"policy": POLICY}, "asks for no guard of answers"),
        ({"policy": replace(POLICY, answers=AnswerRules())}, "leaves every guard of answers off"),
    ],
)
def test_what_is_not_proven_or_not_guarded_is_not_served(scene: Scene, change: dict[str, Any], words: str) -> None:
    with pytest.raises(PermissionError, match=words):
        replace(scene, **change).load()


def test_a_configuration_that_asks_elsewhere_is_refused(scene: Scene) -> None:
    scene.manifest = replace(MANIFEST, hosted=replace(MANIFEST.hosted, url="http://models.example/v1"))
    with pytest.raises(ValueError, match="hosted model: url"):
        scene.load()


def test_a_system_prompt_that_is_not_there_is_not_left_out(scene: Scene) -> None:
    scene.manifest = replace(MANIFEST, hosted=replace(MANIFEST.hosted, system_prompt="sha256:" + "0" * 64))
    with pytest.raises(KeyError):
        scene.load()
