"""Rows scored again: that the model beside a sample is the one that scored it, and what it then decides."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from muster.columns.arrow import Bools, Floats
from muster.columns.rescoring import Rescorer, rescored
from muster.columns.sample import Sample
from muster.records.model import DecisionRule, Favourable

APART = 1e-5
"""Scores of unchanged rows may differ by this much: a compiled model may have rounded to 32 bits on its way."""

SEED = 20240229
"""Of every choice among rows: the same sample gives the same figures."""


def model_of(sample: Sample) -> Rescorer:
    """Return what scores changed rows of a sample; raise ValueError where nothing does."""
    if sample.rescorer is None:
        msg = f"sample {sample.name!r} comes without its model: changed rows cannot be scored"
        raise ValueError(msg)
    return sample.rescorer


def inputs_of(sample: Sample) -> tuple[str, ...]:
    """Return the model's inputs; raise ValueError if the sample does not say which they are."""
    if not sample.inputs:
        msg = f"sample {sample.name!r} does not say which inputs the model reads"
        raise ValueError(msg)
    return sample.inputs


def furthest(model: Rescorer, table: pa.Table, own: Floats) -> tuple[int, float] | None:
    """Return where the model gives unchanged rows another score than their own, and by how much; None if nowhere.

    Parameters
    ----------
    table
        Rows as they are.
    own
        Their scores in the sample, shape (rows,).
    """
    apart = np.abs(rescored(model, table) - own)
    if not apart.size or apart.max() <= APART:
        return None
    return int(apart.argmax()), float(apart.max())


def decide(rule: DecisionRule, scores: Floats) -> Bools:
    """Return whether each score gets the favourable decision."""
    return scores < rule.threshold if rule.favourable is Favourable.BELOW else scores >= rule.threshold
