from __future__ import annotations

from typing import Any

from tests.gateway.chat.test_keeping import NOW, Log, answered

from muster.gateway.chat.keeping import Keeper
from muster.gateway.operations.answers import Answers
from muster.gateway.operations.families import FAMILIES


def test_answers_are_counted_and_logged() -> None:
    log: Any = Log()
    answers = Answers(Keeper(log, lambda: NOW, print))
    one = answered()
    answers(one)
    answers(one)
    assert len(log.rows) == 2
    found = {(sample.family, *sample.labels[2:]): sample.value for sample in answers.figures()}
    assert found["answers", one.protocol.value, "answered"] == 2
    assert found["answer_tokens", "read"] == 2 * one.input_tokens
    assert found["answer_tokens", "written"] == 2 * one.output_tokens > 0
    assert all(len(sample.labels) == len(FAMILIES[sample.family].labels) for sample in answers.figures())
