"""A hosted model is a version like any other: known by its configuration, recorded once, with its author."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import USE_CASE, Scene

from muster.lifecycle.desk.action import Upload
from muster.lifecycle.language.host import host
from muster.records.canonical import canonical, digest
from muster.records.codec import encode
from muster.records.language.hosted import HostedModel
from muster.records.model import Compilation, ModelFormat, ModelVersion, Run

TINY = HostedModel("local", "http://127.0.0.1:8000/v1", "tiny", {"temperature": 0})


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    made.as_("owner").record(USE_CASE)
    yield made
    made.close()


def test_its_configuration_is_its_identity_and_what_gateways_load(scene: Scene) -> None:
    context = scene.as_("mia")
    version = host(context, "loans", "coder", TINY)
    assert version.digest == digest(canonical(encode(version.manifest)))
    assert version.manifest.format is ModelFormat.HOSTED
    ((_, served),) = context.history(Compilation)
    assert served.served == version.digest
    assert digest(scene.house.blobs.get(served.served)) == version.digest
    ((recorded, run),) = context.history(Run)
    assert (recorded.entry.person, run.id) == ("mia", version.run)


def test_another_configuration_is_another_version_and_the_same_is_the_same(scene: Scene) -> None:
    context = scene.as_("mia")
    first = host(context, "loans", "coder", TINY)
    prompted = host(context, "loans", "coder", TINY, Upload("prompt.txt", b"Be brief."))
    warmer = host(context, "loans", "coder", replace(TINY, parameters={"temperature": 1}))
    assert len({first.digest, prompted.digest, warmer.digest}) == 3
    assert host(context, "loans", "coder", TINY) == first
    assert len(context.history(ModelVersion)) == 3
    assert prompted.manifest.hosted is not None
    assert scene.house.blobs.get(prompted.manifest.hosted.system_prompt) == b"Be brief."


@pytest.mark.parametrize(
    ("hosted", "prompt", "words"),
    [
        (replace(TINY, url="http://models.example"), None, "hosted model: url"),
        (TINY, Upload("p", b"\xff\xfe"), "not UTF-8"),
        (TINY, Upload("p", b" \n"), "is empty"),
        (TINY, Upload("p", b"x" * 200_001), "at most 200000"),
        (replace(TINY, system_prompt="sha256:" + "0" * 64), Upload("p", b"x"), "the file that came has"),
        (replace(TINY, system_prompt="sha256:" + "0" * 64), None, "the file that came has none"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_recorded(
    scene: Scene, hosted: HostedModel, prompt: Upload | None, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        host(scene.as_("mia"), "loans", "coder", hosted, prompt)
    assert not scene.as_("mia").history(ModelVersion)


def test_it_belongs_to_a_use_case(scene: Scene) -> None:
    with pytest.raises(LookupError, match="no use-case 'other'"):
        host(scene.as_("mia"), "other", "coder", TINY)


def test_what_is_a_version_of_one_use_case_is_none_of_another(scene: Scene) -> None:
    context = scene.as_("mia")
    host(context, "loans", "coder", TINY)
    context.record(replace(USE_CASE, id="cards"))
    with pytest.raises(PermissionError, match="belongs to use case 'loans' already.* system prompt makes a version"):
        host(context, "cards", "coder", TINY)
    assert len(context.history(ModelVersion)) == 1
