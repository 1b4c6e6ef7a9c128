from __future__ import annotations

from pathlib import Path

from tests.lifecycle.dossier.scene import released
from tests.rules.scene import NOW, VERSION

from muster.lifecycle.dossier.about import about, orders, texts
from muster.records.canonical import digest
from muster.records.decision import Question
from muster.records.entry import Entry

QUESTION = Question(VERSION, "loans", "production")
OTHER = digest(b"another version")


def test_what_names_the_version_its_use_case_or_its_deployment_is_about_it(tmp_path: Path) -> None:
    scene = released(tmp_path)
    made = scene.ledger.append(
        [
            Entry("x.said", "x:1", "vic", NOW, {"deep": [{"version": VERSION}]}),
            Entry("x.said", "x:2", "vic", NOW, {"use_case": "loans"}),
            Entry("x.said", "x:3", "vic", NOW, {"about": "deployment:credit"}),
            Entry("x.said", "x:4", "vic", NOW, {"about": "gateway:credit/g1"}),
            Entry("x.said", "use-case:loans", "vic", NOW, {}),
            Entry("x.said", f"version:{OTHER}", "vic", NOW, {"use_case": "loans"}),
            Entry("x.said", "x:5", "vic", NOW, {"use_case": "loans-2", "about": "gateway:credit-2/g1"}),
            Entry("x.said", "deployment:cards", "vic", NOW, {"version": OTHER}),
        ]
    )
    kept = about(scene.as_("auditor"), [QUESTION], ["credit"])
    scene.close()

    assert [recorded.seq in kept for recorded in made] == [True] * 5 + [False] * 3


def test_orders_of_a_deployment_are_those_that_changed_it(tmp_path: Path) -> None:
    scene = released(tmp_path)
    context = scene.as_("auditor")
    by_version = [said.number for _, said in orders(context, [VERSION])]
    by_name = [said.number for _, said in orders(context, (), "credit")]
    nothing = list(orders(context, (), "cards"))
    scene.close()

    assert by_version == by_name == [1]
    assert nothing == []


def test_sealed_texts_are_found_wherever_they_stand() -> None:
    sealed = digest(b"sealed")
    assert list(texts({"a": [{"words": sealed}], "words": "plain", "comment": "", "sample": sealed})) == [sealed]
