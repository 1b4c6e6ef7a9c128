"""Reason maps: YAML in which a risk analyst says what refused applicants are told, read into a record."""

from __future__ import annotations

from muster.adapters.yamlfiles.document import read_sound
from muster.records.policy import ReasonMap
from muster.rules.reasons import reason_map_faults


def read_reason_map(text: str, name: str) -> ReasonMap:
    """Read a reason map; raise ValueError with file, line, field, what is wrong and how to mend it."""
    return read_sound(text, name, "reasons", ReasonMap, reason_map_faults)
