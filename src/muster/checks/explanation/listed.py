"""The explanation checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.explanation.counterfactual import counterfactual
from muster.checks.explanation.coverage import coverage
from muster.checks.explanation.fidelity import fidelity
from muster.checks.explanation.reason_codes import reason_codes
from muster.checks.explanation.stability import stability

EXPLANATION = (reason_codes, coverage, fidelity, stability, counterfactual)
