from __future__ import annotations

from dataclasses import replace

from tests.lifecycle.report.scene import evidence

from muster.lifecycle.report.story import Story
from muster.lifecycle.report.subjects import LEADS, subjects, unmeasured


def test_every_record_stands_under_exactly_one_subject(story: Story) -> None:
    placed = sorted(piece.recorded.seq for subject in subjects(story) for piece in subject.pieces)

    assert placed == sorted(recorded.seq for recorded, _ in story.evidence)


def test_subjects_come_in_the_order_of_a_reader_s_questions(story: Story) -> None:
    assert [subject.title for subject in subjects(story)] == [
        "Performance",
        "Calibration",
        "Fairness by AGE",
        "Fairness, over all attributes",
        "Prohibited inputs and proxies",
        "Robustness",
        "Drift",
        "Other checks",
    ]
    assert len({subject.id for subject in subjects(story)}) == 8


def test_newer_evidence_takes_the_place_of_older_of_the_same_sample_and_parameters(story: Story) -> None:
    pieces = [piece for subject in subjects(story) for piece in subject.pieces if piece.evidence.check == "auc-check"]

    assert [(piece.current, piece.evidence.figures[0].value) for piece in pieces] == [(False, 0.8), (True, 0.9)]
    assert [limit.value for _, limit in pieces[1].limits] == [0.7]


def test_two_attributes_are_two_subjects_in_order(story: Story) -> None:
    entry = story.evidence[0][0]
    asked = [evidence("fairness.auc", parameters={"attribute": name}) for name in ("SEX", "AGE", "SEX")]
    told = subjects(replace(story, evidence=tuple((entry, one) for one in asked)))

    assert [(subject.title, len(subject.pieces)) for subject in told] == [
        ("Fairness by AGE", 1),
        ("Fairness by SEX", 2),
    ]


def test_what_is_not_measured_is_named(story: Story) -> None:
    assert unmeasured(story) == ["Explanation", "Data"]
    assert len(unmeasured(replace(story, evidence=()))) == len(LEADS) - 1


def test_what_was_measured_before_release_comes_before_windows(story: Story) -> None:
    entry = story.evidence[0][0]
    asked = [evidence("performance.decisions", sample_role=role) for role in ("window", "held-out")]
    (subject,) = subjects(replace(story, evidence=tuple((entry, one) for one in asked)))

    assert [piece.evidence.sample_role for piece in subject.pieces] == ["held-out", "window"]
