"""What answers are held against: the policy's rules, the lists at hand, and the controls that ask for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.columns.packages.lists import small
from tests.lifecycle.language.scene import INVENTED, PROMPTS, Coding

from muster.lifecycle.language.asking import Reply
from muster.lifecycle.language.judging import PACKAGES, PROFILE, asked_of, judged, lists_in_words, opened
from muster.records.language.packages import PackageRules, Verdict


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Coding]:
    made = Coding(tmp_path)
    yield made
    made.close()


def test_only_what_a_policy_asks_of_a_check_and_role_is_measured(scene: Coding) -> None:
    context, policy = scene.as_("mia"), scene.policy()
    ((control, _),) = asked_of(context, policy, PACKAGES, "window")
    assert control.id == "live-answers-name-real-packages"
    ((control, _),) = asked_of(context, policy, PROFILE, "canary")
    assert control.id == "answers-unchanged"
    with pytest.raises(ValueError, match="add a requirement with sample_role: held-out"):
        asked_of(context, policy, PROFILE, "held-out")


def test_nothing_is_cut_off_however_strict_the_policy_is(scene: Coding) -> None:
    context, policy = scene.as_("mia"), scene.policy()
    assert policy.answers is not None
    rules = PackageRules(denied=("requests",), first_party=("surely_absent",))
    strict = replace(policy, answers=replace(policy.answers, packages=rules))
    (found,) = judged(context, small(), strict, [Reply(PROMPTS.prompts[0], INVENTED, 7)])
    assert [each.verdict for each in found] == [Verdict.DENIED, Verdict.FIRST_PARTY]
    (found,) = judged(context, small(), replace(policy, answers=None), [Reply(PROMPTS.prompts[0], INVENTED, 7)])
    assert [each.verdict for each in found] == [Verdict.FINE, Verdict.NONEXISTENT]


def test_lists_are_named_by_digest_date_and_whether_they_are_complete() -> None:
    words = lists_in_words(small(complete=False))
    assert "pypi sha256:" in words
    assert "of 2026-11-20, partial; npm sha256:" in words
    assert lists_in_words(replace(small(), names={})) == "Lists of names: none."


def test_a_control_plane_without_lists_says_so(scene: Coding) -> None:
    scene.house = replace(scene.house, names=None)
    with pytest.raises(ValueError, match="no lists of package names"):
        opened(scene.as_("mia"))
