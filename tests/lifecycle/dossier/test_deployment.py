from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.lifecycle.dossier.scene import Scene, released
from tests.rules.scene import VERSION

from muster.lifecycle.dossier.archive import pack
from muster.lifecycle.dossier.write import deployment
from muster.lifecycle.serve import deployments
from muster.records.access.alert import Alert, Severity
from muster.records.codec import decode
from muster.records.decision import Question
from muster.verifier.verify import verify


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = released(tmp_path_factory.mktemp("released"))
    made.as_("monitor").record(Alert("latency", Severity.INFO, "gateway:credit/g1", "slow <b>", made.now))
    made.now += timedelta(hours=1)
    deployments.remove(made.as_("olga"), "credit")
    yield made
    made.close()


@pytest.fixture(scope="module")
def content(scene: Scene) -> bytes:
    return deployment(scene.as_("auditor"), "credit").content


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(markup: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup.decode()))


def test_it_is_verified_and_says_what_it_is_about(scene: Scene, content: bytes) -> None:
    report = "\n".join(verify(content, scene.house.fingerprint))
    assert report.startswith("deployment     credit\nmodel version  sha256:")
    assert "Orders to gateways: 2, each signed; deployed as: credit" in report


def test_the_first_page_tells_versions_traffic_and_what_happened(content: bytes) -> None:
    shown = plain(members(content)["dossier.html"])
    for said in (
        "Which model versions answered as “credit”",
        "loans-model",
        "serve in production",
        "100%",
        "nothing answers",
        "Alert raised by monitor",
        "slow &lt;b&gt;",
    ):
        assert said in shown, said


def test_every_version_has_a_page_and_papers_and_links_lead_to_members(content: bytes) -> None:
    found = members(content)
    assert {"versions/1.html", "papers/1/model-card.html", "papers/1/fair-lending.html"} <= found.keys()
    for page, folder in (("dossier.html", ""), ("versions/1.html", "versions/")):
        for link in re.findall('href="([^#"]+)"', found[page].decode()):
            assert re.sub(r"^versions/\.\./", "", folder + link) in found, link


def test_the_same_ledger_gives_the_same_bytes(scene: Scene, content: bytes) -> None:
    scene.now += timedelta(days=1)
    assert deployment(scene.as_("auditor"), "credit").content == content


def test_it_cannot_be_made_out_to_be_about_another(scene: Scene, content: bytes) -> None:
    found = members(content)
    manifest = json.loads(found.pop("manifest.json"))
    questions = [decode(Question, each) for each in manifest["questions"]]
    with pytest.raises(ValueError, match="no orders deploy anything under that name"):
        verify(pack(questions, found, "cards"), scene.house.fingerprint)
    with pytest.raises(ValueError, match="not registered for the use case"):
        verify(pack([*questions, Question(VERSION, "cards", "production")], found, "credit"), scene.house.fingerprint)


def test_what_was_never_deployed_has_none(tmp_path: Path) -> None:
    scene = released(tmp_path)
    with pytest.raises(LookupError, match="nothing was ever deployed as 'cards'"):
        deployment(scene.as_("auditor"), "cards")
    scene.close()
