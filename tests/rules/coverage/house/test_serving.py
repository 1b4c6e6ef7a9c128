from dataclasses import replace

from tests.rules.coverage.scene import known
from tests.rules.scene import POLICY, SERVED, VERSION

from muster.records.language.answers import AnswerRules
from muster.records.language.packages import Action, PackageRules
from muster.records.release import Deployment
from muster.rules.coverage.house import serving

GUARDED = known(policy=replace(POLICY, answers=AnswerRules(PackageRules(), Action.REDACT)))
PART = Deployment("credit", "loans", "production", "serve", VERSION, SERVED, "package", 0.1)


def test_a_release_that_stands_shows_that_bytes_are_bound() -> None:
    assert not serving.released(known()).holds
    assert serving.released(known(packages=("sha256:0123456789abcdef",))).holds


def test_a_version_was_tried_in_shadow_or_on_a_part_of_the_traffic() -> None:
    assert not serving.tried_beside(known(deployments=(replace(PART, share=1.0),))).holds
    assert "credit (10%)" in serving.tried_beside(known(deployments=(PART,))).why
    assert "1 releases into shadow" in serving.tried_beside(known(shadows=1)).why


def test_guards_of_inputs_stand_before_models_of_numbers() -> None:
    assert "outside the range: flag" in serving.inputs_guarded(known()).why
    assert not serving.inputs_guarded(GUARDED).holds


def test_guards_of_answers_are_those_of_the_policy() -> None:
    for fact in (serving.answers_guarded, serving.packages_guarded, serving.secrets_guarded):
        assert not fact(known()).holds
        assert fact(GUARDED).holds
    assert "packages, secrets" in serving.answers_guarded(GUARDED).why
    assert "not asked for: personal, licences" in serving.secrets_guarded(GUARDED).why
    bare = known(policy=replace(POLICY, answers=AnswerRules()))
    assert not any(fact(bare).holds for fact in (serving.answers_guarded, serving.packages_guarded))


def test_a_ledger_is_proven_to_others_when_somebody_outside_has_its_head() -> None:
    assert "nobody beside this house" in serving.ledger_proven(known()).why
    assert serving.ledger_proven(known(outside=("git:anchors",))).holds
    assert not serving.ledger_proven(known(entries=0, outside=("git:anchors",))).holds
