"""Questionnaires: YAML in which somebody says what people are asked about a version, read into a record."""

from __future__ import annotations

from muster.adapters.yamlfiles.document import read_sound
from muster.records.governance.reviews import Questionnaire
from muster.rules.reviews.questionnaires import faults


def read_questionnaire(text: str, name: str) -> Questionnaire:
    """Read a questionnaire; raise ValueError with file, line, field, what is wrong and how to mend it."""
    return read_sound(text, name, "questionnaire", Questionnaire, faults)
