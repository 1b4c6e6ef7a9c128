"""Questionnaires: YAML in which somebody says what people are asked about a version, read into a record."""

from __future__ import annotations

from muster.adapters.yamlfiles.document import read_document
from muster.records.governance.reviews import Questionnaire
from muster.rules.reviews.questionnaires import faults


def read_questionnaire(text: str, name: str) -> Questionnaire:
    """Read a questionnaire.

    Parameters
    ----------
    text
        The YAML text.
    name
        File name, for errors.

    Raises
    ------
    ValueError
        With file, line, field, what is wrong and how to mend it.
    """
    document = read_document(text, name, "questionnaire")
    questionnaire = document.decode(Questionnaire)
    for path, what in faults(questionnaire):
        place = f"questionnaire.{path}"
        raise document.fault(place, what)
    return questionnaire
