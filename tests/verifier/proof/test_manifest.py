from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lifecycle.dossier.scene import Scene, refused
from tests.verifier.packing import members_of, problem, zipped

from muster.records.canonical import canonical


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = refused(tmp_path)
    yield made
    made.close()


def with_manifest(content: bytes, change: dict[str, Any], **more: bytes) -> bytes:
    """Return a dossier with another manifest, its members in their order."""
    members = members_of(content) | more
    manifest = canonical(json.loads(members.pop("manifest.json")) | change)
    return zipped([("manifest.json", manifest), *sorted(members.items())])


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        ({}, {"papers/other.html": b"<p>All is well."}, "does not list exactly the members"),
        ({}, {"entries/99999999.json": b"{}"}, "does not list exactly the members"),
        ({"format": "muster-dossier-v2"}, {}, "does not list exactly the members"),
        ({"note": "verified by the bank"}, {}, "does not list exactly the members"),
        ({"questions": []}, {}, "questions are none"),
    ],
)
def test_a_manifest_that_is_not_of_just_these_members_is_refused(
    scene: Scene, change: dict[str, Any], more: dict[str, bytes], words: str
) -> None:
    assert words in problem(with_manifest(scene.dossier(), change, **more), scene.house.fingerprint)


def test_a_question_that_says_more_than_questions_do_is_refused(scene: Scene) -> None:
    content = scene.dossier()
    asked = json.loads(members_of(content)["manifest.json"])["questions"]
    more = with_manifest(content, {"questions": [{**asked[0], "answer": "allow"}]})
    assert "questions are none" in problem(more, scene.house.fingerprint)
