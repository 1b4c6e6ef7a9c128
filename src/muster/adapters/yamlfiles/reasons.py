"""Reason maps: YAML in which a risk analyst says what refused applicants are told, read into a record."""

from __future__ import annotations

from muster.adapters.yamlfiles.document import read_document
from muster.records.policy import ReasonMap
from muster.rules.reasons import reason_map_faults


def read_reason_map(text: str, name: str) -> ReasonMap:
    """Read a reason map.

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
    document = read_document(text, name, "reasons")
    reasons = document.decode(ReasonMap)
    for path, what in reason_map_faults(reasons):
        place = f"reasons.{path}"
        raise document.fault(place, what)
    return reasons
