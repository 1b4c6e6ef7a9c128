"""A version about which much is known: evidence on every subject, some of it replaced, and a search that holds it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lifecycle.dossier.scene import AUTHOR, VERSION, Scene
from tests.rules.scene import MANIFEST, auc

from muster.lifecycle.desk.asking import find_version
from muster.lifecycle.report.story import Story, tell
from muster.records.canonical import digest
from muster.records.evidence import Evidence, Figure, Outcome
from muster.records.governance.search import Candidate, Search

BAD = 'AGE=<script>alert("x")</script>'
"""A value of a column, as an enemy of readers would have it."""

BINS = tuple(
    figure
    for place in range(1, 4)
    for figure in (
        Figure("bin_mean_score", place / 10, 100, group=f"bin {place}"),
        Figure("bin_observed_rate", place / 10 + 0.01, 100, place / 10 - 0.05, place / 10 + 0.06, f"bin {place}"),
    )
)


def evidence(check: str, *figures: Figure, **changes: Any) -> Evidence:
    found = Evidence(
        VERSION, check, 1, {}, digest(b"rows"), "held-out", "held-out", figures, Outcome.MEASURED, method="Counted."
    )
    return replace(found, **changes)


EVERYTHING = (
    evidence("performance.calibration", Figure("ece", 1 / 3, 900, 0.3, 0.35), *BINS),
    evidence("performance.decisions", Figure("accuracy", 0.811111111111, 900, 0.8, 0.82, note="a <note>")),
    evidence(
        "fairness.impact_ratio",
        *(Figure("impact_ratio", 0.7 + n / 50, 50, 0.6 + n / 50, 0.8 + n / 50, f"AGE={n}") for n in range(20)),
        Figure("impact_ratio", 0.5, 9, 0.2, 0.9, BAD),
        parameters={"attribute": "AGE", "bands": [25, 35]},
    ),
    evidence("fairness.proxy", Figure("joint_proxy_auc", 0.6, 900, 0.55, 0.65), parameters={"attribute": "AGE"}),
    evidence("fairness.consistency", Figure("consistency", 0.9, 900)),
    evidence("drift.psi", outcome=Outcome.NOT_MEASURED, reason="no reference & no hope", sample_role="window"),
    evidence("robustness.noise", *(Figure("changed", n / 9, 9, group=f"c{n}") for n in range(3))),
    evidence("theirs.own", Figure("own", 12345678.9, 3)),
)


def candidate(threshold: float, value: float | None, ratio: float | None, **changes: Any) -> Candidate:
    rule = replace(MANIFEST.decision, threshold=threshold)
    low = None if ratio is None else ratio - 0.05
    made = Candidate("income <b>", "linear", threshold, 0.75, value, ratio, low, "AGE=25", (), MANIFEST.recipe, rule)
    return replace(made, **changes)


CANDIDATES = (
    candidate(0.5, 10.0, 0.85),
    candidate(0.4, 8.0, 0.90),
    candidate(0.6, 9.0, 0.80),
    candidate(0.7, 12.0, None),
)


def known(folder: Path) -> Scene:
    """Return a scene in which everything is measured, and the first evidence was replaced."""
    scene = Scene(folder)
    scene.train()
    author = scene.as_(AUTHOR)
    author.record(*EVERYTHING)
    author.record(Search("loans", digest(b"training"), digest(b"rows"), digest(b"policy"), CANDIDATES))
    author.record(auc(0.9, spread=0.01))
    return scene


def story_of(scene: Scene, environment: str = "production") -> Story:
    context = scene.as_("auditor")
    return tell(context, find_version(context, VERSION), environment, "serve")
