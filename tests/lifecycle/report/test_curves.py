from __future__ import annotations

import re

from tests.lifecycle.page.reading import plain, read
from tests.lifecycle.report.scene import BINS, evidence

from muster.lifecycle.report.curves import curves
from muster.records.evidence import Figure


def test_a_calibration_curve_has_a_mark_for_every_bin_with_its_interval() -> None:
    (drawn,) = curves(evidence("performance.calibration", *BINS), 0.5)

    read(drawn)
    assert drawn.count("<circle") == drawn.count('class="whisker') == 3
    assert "bin 2: mean score 0.2, observed 0.21, n 100" in drawn
    assert 'class="guide"' in drawn


def test_decisions_over_thresholds_have_a_line_for_every_share_and_the_threshold_in_use() -> None:
    figures = [
        Figure(name, threshold, 9, group=f"threshold {threshold:g}")
        for threshold in (0.25, 0.5)
        for name in ("favourable_rate", "precision", "f1")
    ]
    (drawn,) = curves(evidence("performance.thresholds", *figures), 0.35)

    read(drawn)
    assert drawn.count("<polyline") == 2
    assert "decided favourably precision threshold in use, 0.35" in plain(drawn)
    assert re.search(r"precision at threshold 0.5: 0.5", drawn)


def test_other_evidence_has_no_curve() -> None:
    assert list(curves(evidence("fairness.auc", Figure("favourable_rate", 0.5, 9, group="threshold 1")), 0.5)) == []
    assert list(curves(evidence("performance.thresholds"), 0.5)) == []
