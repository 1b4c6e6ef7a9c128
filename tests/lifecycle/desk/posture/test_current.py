from __future__ import annotations

from tests.walk import USE_CASE, Walked

from muster.lifecycle.desk.posture.current import answering_in, current


def test_what_answers_and_what_is_newest_matters_and_nothing_else(walked: Walked) -> None:
    (first,) = current(walked.context())
    assert (first.deployments, first.model, first.owner, first.told) == (
        ("default/credit",),
        "credit",
        "olga",
        "in-force",
    )
    assert first.listed.question.use_case == USE_CASE
    again = walked.do("mia", "release sign", version=walked.version).package
    assert [each.listed.release.package for each in current(walked.context())] == [walked.package, again]
    walked.do("omar", "deployment set", name="credit", version=walked.version)
    walked.do("omar", "deployment set", name="second", version=walked.version, group="other")
    (only,) = current(walked.context())
    assert only.listed.release.package == again
    assert answering_in(walked.context()) == {again: ["default/credit", "other/second"]}
