"""What the verifier says of what it cannot tell, and of a manifest that tells another story than the members."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.assets.test_verify import members_of, packed, problem, zipped
from tests.assets.verifier import FILE, VERIFIER
from tests.lifecycle.dossier.scene import Scene, refused
from tests.rules.scene import ROOT, VERSION, key

from muster.records.canonical import canonical
from muster.records.codec import encode
from muster.records.decision import Decision, Verdict
from muster.records.model import ModelVersion
from muster.records.trust import Duty, TrustRoot
from muster.rules.envelope import envelope_text, seal
from muster.rules.trust import fingerprint


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = refused(tmp_path)
    yield made
    made.close()


def test_a_decision_by_rules_that_it_does_not_know_is_said_to_be_taken_on_its_word(scene: Scene) -> None:
    """Whoever writes to the ledger can name any rules: what was not decided again must not look as if it were."""
    _, made = scene.as_("olga").history(Decision)[-1]
    scene.as_("olga").record(replace(made, rules=VERIFIER.RULES + 1, verdict=Verdict.ALLOW))
    report = "\n".join(VERIFIER.verify(scene.dossier(), scene.house.fingerprint))

    assert "the gate said ALLOW" in report
    assert "which this verifier does not know: NOT decided again" in report
    assert "Decided again from the entries before: 1 recorded" in report


def test_no_decision_rests_on_what_is_not_there_by_whatever_rules(scene: Scene) -> None:
    _, made = scene.as_("olga").history(Decision)[-1]
    reason = replace(made.reasons[0], evidence=("sha256:" + "0" * 64,))
    scene.as_("olga").record(replace(made, rules=VERIFIER.RULES + 1, reasons=(reason, *made.reasons[1:])))
    assert "rests on entries that are not in the dossier" in problem(scene.dossier(), scene.house.fingerprint)


def test_no_other_manifest_is_registered_under_the_version_s_name(scene: Scene) -> None:
    _, made = scene.as_("olga").history(ModelVersion, f"version:{VERSION}")[-1]
    other = replace(made.manifest, files={"model": "sha256:" + "1" * 64})
    scene.as_("olga").record(replace(made, manifest=other))
    said = problem(scene.dossier(), scene.house.fingerprint)
    assert "names the version by another digest than its manifest's" in said


def test_on_a_python_that_is_too_old_nothing_is_said_about_the_dossier() -> None:
    script = "import sys; sys.version_info = (3, 8, 0); sys.argv = ['verify.py']; import runpy; "
    done = subprocess.run(
        [sys.executable, "-I", "-c", script + f"runpy.run_path({str(FILE)!r}, run_name='__main__')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "this verifier needs Python 3.9 or later\n")


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


def test_no_path_proves_what_is_not_there(scene: Scene) -> None:
    members = members_of(scene.dossier())
    paths = json.loads(members["proofs.json"])
    more = packed({**members, "proofs.json": canonical({**paths, "00000099": paths["00000000"]})})
    assert "proves other entries than there are" in problem(more, scene.house.fingerprint)


def followed(*roots: TrustRoot) -> list[Any]:
    """Let the verifier follow roots that the root key signed, whatever they say."""
    pen = key("root")
    sealed = [seal(VERIFIER.ROOT_TYPE, canonical(encode(root)), [(pen.key, pen.sign)]) for root in roots]
    members = {f"roots/{place}.json": envelope_text(each).encode() for place, each in enumerate(sealed, 1)}
    found: list[Any] = VERIFIER.follow(members, fingerprint(roots[0]))
    return found


def test_trust_roots_follow_one_another_without_a_gap() -> None:
    assert [root["version"] for root in followed(ROOT, replace(ROOT, version=2))] == [1, 2]
    for version in (1, 3):
        with pytest.raises(ValueError, match="does not follow the one before it"):
            followed(ROOT, replace(ROOT, version=version))


def test_no_key_has_two_duties() -> None:
    second = replace(ROOT.grants[0], duty=Duty.ORDERS if ROOT.grants[0].duty is not Duty.ORDERS else Duty.RELEASE)
    with pytest.raises(ValueError, match="gives one key two duties"):
        followed(replace(ROOT, grants=(*ROOT.grants, second)))


@pytest.mark.parametrize("kind", ["policy", "library"])
def test_no_decision_is_by_a_policy_or_a_library_that_is_not_there(scene: Scene, kind: str) -> None:
    dossier = VERIFIER.Dossier(VERIFIER.unpack(scene.dossier()), scene.house.fingerprint)
    seq, entry = dossier.of("decision.made")[-1]
    dossier.check_decision(seq, entry["body"])
    with pytest.raises(ValueError, match=f"names a {kind} that is not in the dossier"):
        dossier.check_decision(seq, {**entry["body"], "rules": VERIFIER.RULES + 1, kind: "sha256:" + "0" * 64})
