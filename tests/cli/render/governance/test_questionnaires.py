from __future__ import annotations

from collections.abc import Callable

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.questionnaires import read_questionnaire


def test_every_question_is_shown_with_what_it_takes(shown: Callable[..., str]) -> None:
    text = asset("questionnaires/go-live-checklist.yaml").decode()
    questionnaire = read_questionnaire(text, "go-live-checklist.yaml")
    said = " ".join(shown(questionnaire).split())
    assert "good for 30 days" in said
    assert all(item.asks in said for item in questionnaire.questions)
    assert "[person, earlier-version, none; none stands in the way]" in said
    assert "[text; may be left empty]" in said
    assert "independent" not in said
