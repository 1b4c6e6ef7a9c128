"""The peer's side, in its own environment: fit the same model, then explain the same rows each time it is told to."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import shap
from sklearn.ensemble import HistGradientBoostingClassifier


def main(folder: Path) -> None:
    given = np.load(folder / "given.npz")
    parameters = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    model = HistGradientBoostingClassifier(**parameters).fit(given["fitted"], given["labels"])
    rows, background = given["rows"], given["background"]
    explainers = {
        "interventional": shap.TreeExplainer(model, background, feature_perturbation="interventional"),
        "path-dependent": shap.TreeExplainer(model),
    }
    print(json.dumps({"margins": model.decision_function(rows).tolist()}), flush=True)
    for _ in sys.stdin:
        said: dict[str, object] = {}
        for name, explainer in explainers.items():
            begun = time.process_time()
            found = explainer.shap_values(rows, check_additivity=False)
            said[name] = time.process_time() - begun
            begun = time.process_time()
            for at in range(20):
                explainer.shap_values(rows[at : at + 1], check_additivity=False)
            said[f"{name} alone"] = (time.process_time() - begun) / 20
            said[f"{name} values"] = np.asarray(found).tolist()
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
