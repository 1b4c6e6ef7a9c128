from collections.abc import Sequence
from dataclasses import replace

import pytest

from muster.checks.kit import assert_lawful
from muster.checks.language.package_hallucination import package_hallucination
from muster.columns.replies.counting import Counted, table_of
from muster.columns.sample import UNDECIDED, Sample
from muster.records.evidence import Figure, Outcome

DIGEST = "sha256:" + "0" * 64


def sample(rows: Sequence[Counted]) -> Sample:
    return Sample.of(table_of(rows), [0.0] * len(rows), UNDECIDED, name="code", digest=DIGEST, role="held-out")


def answers(count: int = 40) -> list[Counted]:
    """Every fourth answer invents a package, every eighth names one that no list knows; five packages each."""
    rows = []
    for place in range(count):
        names = ("pypi:made-up",) if place % 4 == 0 else ("npm:odd",) if place % 8 == 1 else ()
        language = "python" if place % 2 == 0 else "javascript"
        rows.append(Counted(f"p{place}", language, "niche", 5, int(place % 4 == 0), len(names), names))
    return rows


def figures(rows: Sequence[Counted], **parameters: object) -> dict[tuple[str, str], Figure]:
    found = package_hallucination.measure(sample(rows), parameters)
    assert found.outcome is Outcome.MEASURED, found.reason
    return {(figure.name, figure.group): figure for figure in found.figures}


def test_packages_and_answers_are_counted_with_intervals_by_language_and_kind() -> None:
    # The kit holds n against rows; where packages are known n counts them, and an answer names several.
    assert_lawful(package_hallucination, {}, sample([replace(row, references=None) for row in answers()]))
    found = figures(answers())
    assert found["invented_per_reference", ""].value == 10 / 200
    assert found["unproven_per_reference", ""].value == 15 / 200
    assert (found["invented_per_answer", ""].value, found["invented_per_answer", ""].n) == (0.25, 40)
    assert found["group_invented_per_answer", "language=python"].value == 0.5
    assert found["group_invented_per_answer", "language=javascript"].value == 0.0
    assert found["group_unproven_per_reference", "kind=niche"].value == 15 / 200
    whole = found["unproven_per_reference", ""]
    assert whole.low is not None
    assert whole.high is not None
    assert 0 < whole.low < whole.value < whole.high < 0.2


def test_names_that_several_questions_bring_up_are_told() -> None:
    found = figures(answers())
    assert found["recurring_names", ""].value == 2
    assert found["named_by_questions", "pypi:made-up"].value == 10
    assert figures(answers(), recurs=6)["recurring_names", ""].value == 1
    once = [Counted("same question", "", "", 1, 1, 1, ("pypi:a",))] * 3
    assert figures(once)["recurring_names", ""].value == 0


def test_a_log_gives_answers_only() -> None:
    rows = [Counted(f"r{place}", "", "", None, 0, 0, ()) for place in range(9)]
    assert {name for name, _ in figures(rows)} == {"invented_per_answer", "unproven_per_answer", "recurring_names"}


@pytest.mark.parametrize(
    ("rows", "parameters", "words"),
    [
        ([], {}, "has no answers"),
        (answers(), {"prompts": "sha256:" + "1" * 64}, "the control wants sha256:1111"),
        (answers(), {"recurs": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_measured_says_why(rows: list[Counted], parameters: dict[str, object], words: str) -> None:
    found = package_hallucination.measure(sample(rows), parameters)
    assert found.outcome is Outcome.NOT_MEASURED
    assert words in found.reason


def test_the_prompts_that_a_control_wants_are_measured() -> None:
    assert figures(answers(), prompts=DIGEST)


def test_answers_without_packages_give_no_rate_of_packages() -> None:
    rows = [Counted(f"p{place}", "", "", 0, 0, 0, ()) for place in range(9)]
    assert ("unproven_per_reference", "") not in figures(rows)
