"""The performance checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.performance.across.comparison import comparison
from muster.checks.performance.across.generalisation import generalisation
from muster.checks.performance.across.lift import lift
from muster.checks.performance.across.slices import slices
from muster.checks.performance.across.stability import stability
from muster.checks.performance.across.thresholds import thresholds
from muster.checks.performance.calibration import calibration
from muster.checks.performance.decisions import decisions
from muster.checks.performance.discrimination import discrimination
from muster.checks.performance.multiclass import multiclass
from muster.checks.performance.precision_recall import precision_recall
from muster.checks.performance.regression import regression
from muster.checks.performance.reliability import reliability
from muster.checks.performance.value import value

PERFORMANCE = (
    discrimination,
    precision_recall,
    decisions,
    calibration,
    reliability,
    value,
    thresholds,
    lift,
    stability,
    generalisation,
    comparison,
    slices,
    multiclass,
    regression,
)
