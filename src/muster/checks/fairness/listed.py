"""The fairness checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.fairness.error_rates import error_rates
from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.fairness.prohibited_inputs import prohibited_inputs
from muster.checks.fairness.proxy import proxy

FAIRNESS = (impact_ratio, error_rates, proxy, prohibited_inputs)
