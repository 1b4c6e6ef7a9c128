import pytest

from muster.adapters.assets import asset
from muster.adapters.yamlfiles.questionnaires import read_questionnaire


def test_a_questionnaire_is_read_and_its_faults_have_a_line() -> None:
    text = asset("questionnaires/go-live-checklist.yaml").decode()
    assert read_questionnaire(text, "mine.yaml").id == "go-live-checklist"
    with pytest.raises(ValueError, match=r"mine.yaml, line \d+: missing life_days"):
        read_questionnaire(text.replace("life_days", "life_day"), "mine.yaml")
    with pytest.raises(ValueError, match=r"mine.yaml, line \d+: life_days: is 0"):
        read_questionnaire(text.replace("life_days: 30", "life_days: 0"), "mine.yaml")
