from __future__ import annotations

import pytest
from tests.walk import INPUTS, Walked, recipe

from muster.lifecycle.serve.traffic.arms import arm_of, release_of, require_alike, standing_release
from muster.records.codec import encode
from muster.records.model import ModelVersion
from muster.records.release import Part


def test_a_release_to_serve_allows_the_shadow_too_and_not_the_other_way_round(walked: Walked) -> None:
    context = walked.context("omar")
    arm = arm_of(context, "credit", walked.version, "production", Part.SHADOW)
    assert (arm.scope, arm.part, arm.package) == ("serve", Part.SHADOW, walked.package)
    with pytest.raises(PermissionError, match="has no release to shadow"):
        standing_release(context, walked.version, "production", "shadow")


def test_a_release_is_found_by_its_package(walked: Walked) -> None:
    found = release_of(walked.context(), walked.package)
    assert found is not None
    assert found.version == walked.version
    assert release_of(walked.context(), "sha256:00") is None


def test_versions_that_callers_cannot_ask_alike_share_nothing(walked: Walked) -> None:
    fewer = {**recipe(), "inputs": INPUTS[:-1]}
    asked = {"use_case": "consumer-credit", "model": "credit", "training": walked.parts["training"]}
    other = walked.do("mia", "model train", **asked, recipe=fewer, decision=encode(_rule(walked)))
    require_alike(walked.context(), walked.version, walked.version)
    with pytest.raises(ValueError, match="reads other inputs than the champion"):
        require_alike(walked.context(), walked.version, other.digest)


def _rule(walked: Walked) -> object:
    return walked.context().history(ModelVersion)[0][1].manifest.decision
