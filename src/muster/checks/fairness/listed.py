"""The fairness checks, in the order in which they are listed; to add one, write its file and name it here."""

from __future__ import annotations

from muster.checks.fairness.accuracy import accuracy
from muster.checks.fairness.counterfactual.drop_one import drop_one
from muster.checks.fairness.counterfactual.elderly import elderly
from muster.checks.fairness.counterfactual.flip import flip
from muster.checks.fairness.decisions.adjusted_odds import adjusted_odds
from muster.checks.fairness.decisions.disparity import disparities
from muster.checks.fairness.decisions.inferred_membership import inferred_membership
from muster.checks.fairness.decisions.local_law_144 import local_law_144
from muster.checks.fairness.decisions.odds_ratio import odds_ratio
from muster.checks.fairness.decisions.significance import significance
from muster.checks.fairness.decisions.unknown_bounds import unknown_bounds
from muster.checks.fairness.error_rates import error_rates
from muster.checks.fairness.impact_ratio import impact_ratio
from muster.checks.fairness.individual.consistency import consistency
from muster.checks.fairness.individual.inequality import inequality
from muster.checks.fairness.outcomes.label_disparity import label_disparity
from muster.checks.fairness.predictive_parity import predictive_parity
from muster.checks.fairness.prohibited_inputs import prohibited_inputs
from muster.checks.fairness.proxy import proxy
from muster.checks.fairness.scores.amount_gap import amount_gap
from muster.checks.fairness.scores.group_auc import group_auc
from muster.checks.fairness.scores.group_calibration import group_calibration
from muster.checks.fairness.scores.score_gap import score_gap
from muster.checks.fairness.scores.thresholds import thresholds

FAIRNESS = (
    impact_ratio,
    disparities,
    odds_ratio,
    adjusted_odds,
    significance,
    local_law_144,
    inferred_membership,
    unknown_bounds,
    error_rates,
    predictive_parity,
    accuracy,
    score_gap,
    thresholds,
    group_calibration,
    group_auc,
    amount_gap,
    label_disparity,
    consistency,
    inequality,
    elderly,
    flip,
    drop_one,
    proxy,
    prohibited_inputs,
)
