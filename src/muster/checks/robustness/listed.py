"""The robustness checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.robustness.faults import extremes, missing, noise, outage, typos, units
from muster.checks.robustness.flips import flips
from muster.checks.robustness.scenarios import scenarios

ROBUSTNESS = (noise, missing, outage, extremes, typos, units, flips, scenarios)
