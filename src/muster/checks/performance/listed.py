"""The performance checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.performance.calibration import calibration
from muster.checks.performance.discrimination import discrimination

PERFORMANCE = (discrimination, calibration)
