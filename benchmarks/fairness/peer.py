"""Fairlearn on the same rows, in its own environment: one measurement for each line that comes in."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from fairlearn.metrics import (
    MetricFrame,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
    true_negative_rate,
    true_positive_rate,
)
from sklearn.metrics import accuracy_score

METRICS = {
    "accuracy": accuracy_score,
    "selection_rate": selection_rate,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "false_negative_rate": false_negative_rate,
    "true_negative_rate": true_negative_rate,
}


def values_of(frame: MetricFrame) -> dict[str, float]:
    by_group, overall = frame.by_group, frame.overall
    difference, ratio = frame.difference(), frame.ratio()
    found = {
        f"{metric}|{' x '.join(group)}": float(by_group.loc[group, metric])
        for metric in METRICS
        for group in by_group.index
    }
    for place, values in (("overall", overall), ("difference", difference), ("ratio", ratio)):
        found |= {f"{metric}|{place}": float(values[metric]) for metric in METRICS}
    return found


def main(folder: Path) -> None:
    sexes, races = (line.split(",") for line in (folder / "names.txt").read_text(encoding="utf-8").splitlines())
    labels, predicted = np.load(folder / "label.npy"), np.load(folder / "predicted.npy")
    people = pd.DataFrame(
        {
            "sex": np.asarray(sexes)[np.load(folder / "sex.npy")],
            "race": np.asarray(races)[np.load(folder / "race.npy")],
        }
    )
    for _ in sys.stdin:
        begun = time.process_time()
        frame = MetricFrame(metrics=METRICS, y_true=labels, y_pred=predicted, sensitive_features=people)
        values = values_of(frame)
        print(json.dumps({"cpu": time.process_time() - begun, "values": values}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
