"""A probe records how many packages a hosted version names that no list knows: figures, not verdicts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.columns.packages.lists import small
from tests.lifecycle.language.scene import INVENTED, PROMPTS, REAL, Coding

from muster.lifecycle.language.probe import Invention, probe
from muster.ports.upstream import ProviderDown
from muster.records.canonical import canonical, parse
from muster.records.codec import encode
from muster.records.decision import Finding
from muster.records.evidence import Evidence


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Coding]:
    made = Coding(tmp_path)
    yield made
    made.close()


def test_it_counts_what_no_list_knows_and_names_the_lists(scene: Coding) -> None:
    scene.provider.answer = lambda question: INVENTED if question in {"question 1", "question 5"} else REAL
    found = probe(scene.as_("mia"), scene.version, PROMPTS)
    assert (found.answers, found.references) == (12, 14)
    assert found.inventions == (Invention("pypi:surely-absent", 2),)
    assert "pypi sha256:" in found.lists
    assert "of 2026-11-20, complete" in found.lists
    ((_, recorded),) = scene.as_("mia").history(Evidence)
    assert recorded == found.evidence[0]
    assert found.lists in recorded.method
    assert (recorded.sample_name, recorded.sample_role) == ("ours", "held-out")
    assert parse(scene.house.blobs.get(recorded.sample)) == encode(PROMPTS)
    figures = {figure.name: figure for figure in recorded.figures if not figure.group}
    assert figures["invented_per_reference"].value == figures["unproven_per_reference"].value == 2 / 14
    assert figures["invented_per_answer"].value == 2 / 12
    assert figures["recurring_names"].value == 1
    assert not found.kept


def test_the_gate_demands_it_with_its_whole_interval(scene: Coding) -> None:
    assert scene.finding("names-real-packages") is Finding.MISSING
    many = replace(PROMPTS, prompts=tuple(replace(p, id=f"{p.id}-{n}") for p in PROMPTS.prompts for n in range(10)))
    probe(scene.as_("mia"), scene.version, PROMPTS)
    assert scene.finding("names-real-packages") is Finding.NOT_ENOUGH_EVIDENCE
    scene.now += timedelta(minutes=1)
    probe(scene.as_("mia"), scene.version, many)
    assert scene.finding("names-real-packages") is Finding.MET
    scene.now += timedelta(minutes=1)
    scene.provider.answer = lambda _: INVENTED
    probe(scene.as_("mia"), scene.version, many)
    assert scene.finding("names-real-packages") is Finding.NOT_MET


def test_a_partial_list_cannot_make_a_model_look_better(scene: Coding) -> None:
    scene.house = replace(scene.house, names=lambda: small(complete=False))
    scene.provider.answer = lambda _: INVENTED
    (evidence,) = probe(scene.as_("mia"), scene.version, PROMPTS).evidence
    figures = {figure.name: figure for figure in evidence.figures if not figure.group}
    assert figures["unproven_per_reference"].value == 0.5
    assert figures["invented_per_reference"].value == 0
    assert "at least" in figures["invented_per_reference"].note
    assert "partial" in evidence.method


def test_answers_are_kept_only_if_asked(scene: Coding) -> None:
    probe(scene.as_("mia"), scene.version, PROMPTS)
    assert not [file for file in scene.folder.rglob("*") if file.is_file() and REAL.encode()[:20] in file.read_bytes()]
    found = probe(scene.as_("mia"), scene.version, PROMPTS, keep_answers=True)
    kept = parse(scene.house.blobs.get(found.kept))
    assert kept[0] == {"prompt": "p0", "answer": REAL}


def test_where_one_answer_is_missing_nothing_is_recorded(scene: Coding) -> None:
    scene.provider.down = "question 11"
    with pytest.raises(ProviderDown):
        probe(scene.as_("mia"), scene.version, PROMPTS)
    assert not scene.as_("mia").history(Evidence)


def test_a_policy_that_asks_for_no_probe_is_said_so_before_anything_is_asked(scene: Coding) -> None:
    policy = scene.policy()
    scene.as_("ann").record(replace(policy, requirements=policy.requirements[1:]))
    with pytest.raises(ValueError, match="asks nothing of check code.package_hallucination on held-out samples"):
        probe(scene.as_("mia"), scene.version, PROMPTS)
    assert not scene.provider.asked


def test_prompts_of_another_digest_are_not_what_a_control_wants(scene: Coding) -> None:
    policy = scene.policy()
    wanted = scene.house.blobs.put(canonical(encode(PROMPTS)))
    pinned = replace(policy.requirements[0], parameters={"prompts": wanted})
    scene.as_("ann").record(replace(policy, requirements=(pinned, *policy.requirements[1:])))
    assert probe(scene.as_("mia"), scene.version, PROMPTS).evidence[0].figures
    (other,) = probe(scene.as_("mia"), scene.version, replace(PROMPTS, name="easier")).evidence
    assert "the control wants" in other.reason
    assert scene.finding("names-real-packages") is Finding.NOT_MEASURED
