"""All actions and views of all stages: import this to have the catalogue filled."""

from __future__ import annotations

from muster.lifecycle.desk import journal, people
from muster.lifecycle.desk.action import CATALOGUE

STAGES = (people, journal)
"""The modules whose declarations fill the catalogue, in the order of a model version's walk."""

__all__ = ["CATALOGUE", "STAGES"]
