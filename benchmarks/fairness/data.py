"""The rows that both are measured on: people of two sexes and five races, decisions and outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

SEXES = ("female", "male")
RACES = ("asian", "black", "hispanic", "other", "white")
SHARES = (0.06, 0.13, 0.17, 0.04, 0.60)


@dataclass(frozen=True, slots=True)
class People:
    """Codes of sex and race, outcomes and scores; arrays of shape (rows,)."""

    sex: Any
    race: Any
    labels: Any
    scores: Any

    @property
    def predicted(self) -> Any:
        return self.scores >= 0.5

    def table(self) -> pa.Table:
        """Return the rows as files hold them: text for people, numbers for the rest."""
        return pa.table(
            {
                "sex": pa.array(SEXES).take(pa.array(self.sex)),
                "race": pa.array(RACES).take(pa.array(self.race)),
                "label": self.labels,
                "score": self.scores,
            }
        )

    def save(self, folder: Path) -> None:
        """Write what the peer reads."""
        for name, values in (("sex", self.sex), ("race", self.race), ("label", self.labels)):
            np.save(folder / f"{name}.npy", values)
        np.save(folder / "predicted.npy", self.predicted.astype(np.int64))
        (folder / "names.txt").write_text("\n".join((",".join(SEXES), ",".join(RACES))), encoding="utf-8")


def people(rows: int, seed: int = 7) -> People:
    """Draw people; chances differ a little between groups."""
    generator = np.random.default_rng(seed)
    sex = generator.integers(0, 2, rows)
    race = generator.choice(len(RACES), rows, p=SHARES)
    chance = 1 / (1 + np.exp(-generator.normal(0.2 * sex + 0.1 * race - 0.4, 1.0, rows)))
    return People(sex, race, (generator.random(rows) < chance).astype(np.int64), chance)
